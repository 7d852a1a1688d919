/** Prefixed ids: what a string names is visible in logs, URLs and support mail; the body is 128 random bits. */
export const ID_PREFIXES = {
	user: 'usr',
	/** One of a person's ways in: a password, an identity at a provider. */
	way: 'way',
	account: 'acc',
	subject: 'sub',
	consent: 'cns',
	/** A patient's own link to a consent. */
	consentLink: 'clk',
	/** What was said about an exported file. */
	fileStatement: 'fst',
	upload: 'upl',
	render: 'rnd',
	asset: 'ast',
	share: 'shr',
	posting: 'pst',
	receipt: 'rct',
	sweep: 'swp',
	invitation: 'inv',
	key: 'key',
	audit: 'aud',
	mail: 'mai',
	passkey: 'pky',
	checkout: 'chk',
	erasure: 'ers',
	legalHold: 'lgh',
	export: 'exp',
	rightsRequest: 'rrq',
	ticket: 'tkt',
	ticketMessage: 'tms',
	incident: 'inc',
	staffAccess: 'sta',
	choice: 'chc',
	conversion: 'cnv',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const BODY_LENGTH = 26;

/** A fresh id such as `rnd_0h3k…` (26 characters of Crockford base 32). */
export function newId(kind: IdKind): string {
	const bytes = crypto.getRandomValues(new Uint8Array(BODY_LENGTH));
	let body = '';
	for (const byte of bytes) body += ALPHABET.charAt(byte & 31);
	return `${ID_PREFIXES[kind]}_${body}`;
}

export function isId(kind: IdKind, value: string): boolean {
	return new RegExp(`^${ID_PREFIXES[kind]}_[${ALPHABET}]{${BODY_LENGTH}}$`).test(value);
}
