/**
 * Every form in which a word, or some bytes of a picture, may stand somewhere: plain, as in an address, hexadecimal, and base64 in both
 * alphabets at each of its three places. All of them as text whose letters are bytes.
 */
export function formsOf(word: string | Uint8Array): string[] {
	const bytes = Buffer.from(typeof word === 'string' ? new TextEncoder().encode(word) : word);
	const hex = bytes.toString('hex');
	const base64 = [0, 1, 2].flatMap((shift) => {
		const shifted = Buffer.concat([new Uint8Array(shift), bytes]);
		// The first and last digits hold bits of what stands around it.
		const text = shifted
			.toString('base64')
			.replace(/=+$/, '')
			.slice(Math.ceil((shift * 4) / 3) + 1, -2);
		return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
	});
	const inAddress = hex.replaceAll(/../g, '%$&');
	const plain = typeof word === 'string' ? [word, encodeURIComponent(word)] : [];
	return [
		...new Set([
			...plain,
			bytes.toString('latin1'),
			hex,
			hex.toUpperCase(),
			inAddress,
			inAddress.toUpperCase(),
			...base64,
		]),
	];
}

export function holds(text: string, forms: readonly string[]): boolean {
	return forms.some((form) => text.includes(form));
}
