const ANYWHERE: Readonly<Record<string, string>> = {
	not_allowed: 'Your role does not include this. Ask the owner.',
	too_many_requests: 'That was asked too often in a short time. Wait some minutes, then try again.',
	upstream_unavailable: 'Stripe does not answer just now. Try again in a minute.',
};

const AT_THE_TILL: Readonly<Record<string, string>> = {
	...ANYWHERE,
	conflict: 'A plan runs already, or was paid for a moment ago. Another one is chosen under Card and invoices.',
	invalid_input: 'Choose one of these first.',
	not_found: 'This is not sold any more. Choose one of these.',
};

const AT_THE_PORTAL: Readonly<Record<string, string>> = {
	...ANYWHERE,
	conflict:
		'There is nothing at Stripe to change. It begins with the first payment, and a plan can be ended while it runs.',
};

/** Why Stripe's page was not opened, by the code that the address carries: a sentence of ours, never one of a stranger's link. */
export function stripeRefusalWords(code: string | null, door: 'till' | 'portal'): string | null {
	if (code === null) return null;
	const words = door === 'till' ? AT_THE_TILL : AT_THE_PORTAL;
	return words[code] ?? 'Stripe’s page could not be opened. Try again in a minute.';
}
