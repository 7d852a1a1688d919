/** As the api masks the address of an invitation: `a…@practice.example`. Alike does not mean the same. */
export function maskedAddress(email: string): string {
	const address = email.toLowerCase();
	return `${address.slice(0, 1)}…${address.slice(address.lastIndexOf('@'))}`;
}
