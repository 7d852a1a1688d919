import type { Mail, RightsNews, SecurityEvent } from '../../workers/core/mail/mail';

const TO = 'ada@example.org';
const AT_MS = Date.UTC(2026, 10, 21, 12, 5);
const DAY_MS = 86_400_000;
const CODE = { code: '482913', minutes: 10 };
const OWN = { atMs: AT_MS, device: 'Firefox on Linux' };
const THEIRS = { atMs: AT_MS, accountName: 'Praxis Nord', byName: 'Grace Hopper' };
const URL = 'https://studio.example.org/opened/by-this-link';

const EVENTS: { readonly [What in SecurityEvent['what']]: Omit<Extract<SecurityEvent, { what: What }>, 'what'> } = {
	password_changed: OWN,
	email_changed: { ...OWN, newAddress: 'ada.lovelace@example.org' },
	way_linked: { ...OWN, way: 'Google' },
	way_unlinked: { ...OWN, way: 'GitHub' },
	passkey_added: { ...OWN, name: 'Laptop' },
	passkey_removed: { ...OWN, name: 'Old phone' },
	second_factor_on: OWN,
	second_factor_off: { ...OWN, device: null },
	recovery_codes_made: OWN,
	recovery_code_used: { ...OWN, left: 3 },
	role_changed: { ...THEIRS, role: 'clinician' },
	removed: THEIRS,
	ownership_transferred: { ...THEIRS, ownerName: 'Mary Somerville' },
	key_made: { ...THEIRS, keyName: 'Practice software' },
};

const NEWS: readonly RightsNews[] = [
	{ what: 'opened', dueAtMs: AT_MS + 30 * DAY_MS },
	{ what: 'extended', dueAtMs: AT_MS + 90 * DAY_MS, reason: 'The pictures lie with three practices.' },
	{ what: 'answered', words: 'Here is what we hold.\nIt is two pictures, both of 14 November.' },
	{ what: 'refused', words: 'The address that you gave is not the one that the practice has.' },
];

const UPDATE = {
	subject: 'Shades can be compared now',
	text: 'Until now a smile had one shade.\n\nFrom today you can draw three of them and lay them beside each other. Open a smile\nand choose "Compare shades".',
};

type Values<Kind extends Mail['kind']> = Omit<Extract<Mail, { kind: Kind }>, 'kind' | 'to'>;

/** Every kind of mail with values that a real one could have. A new kind does not compile before it is here. */
const SAMPLES: { readonly [Kind in Mail['kind']]: readonly Values<Kind>[] } = {
	sign_up_code: [CODE],
	already_signed_up: [{}],
	sign_in_code: [CODE],
	reset_code: [CODE],
	proof_code: [CODE],
	change_from_code: [{ ...CODE, newAddress: 'ada.lovelace@example.org' }],
	change_to_code: [CODE],
	address_code: [CODE],
	invitation: [{ accountName: 'Praxis Nord', inviterName: 'Grace Hopper', role: 'clinician', url: URL, days: 7 }],
	// Its event says which of them it is, and `SecurityEvent` has every one.
	security: Object.entries(EVENTS).map(([what, facts]) => ({ event: { what, ...facts } as SecurityEvent })),
	credits_ending: [
		{ accountName: 'Praxis Nord', credits: 40, boughtAtMs: AT_MS - 350 * DAY_MS, endsAtMs: AT_MS + 14 * DAY_MS },
	],
	ticket_received: [{ url: URL }],
	ticket_answered: [{ url: URL, words: 'The receipt lies under Receipts.\n\nIs there anything else?' }],
	incident: [
		{
			incidentId: 'inc_0h3k5m7p9rstvwxyz01234567',
			happened: 'On 20 November somebody outside could read orders for two hours.',
			what: ['Orders', 'Your account'],
			fromMs: AT_MS - DAY_MS,
			untilMs: AT_MS - DAY_MS + 7_200_000,
			consequences: 'Somebody may know which words you ordered pictures with.',
			measures: 'The door is closed, and every key was changed.',
			advice: 'Take care with mail that quotes your orders.',
			contact: 'privacy@example.org',
		},
	],
	staff_access: [
		{
			accountName: 'Praxis Nord',
			renderId: 'rnd_0h3k5m7p9rstvwxyz01234567',
			reason: 'You asked why the video came out green.',
			untilMs: AT_MS + 3_600_000,
		},
	],
	disclosure: [
		{
			accountName: 'Praxis Nord',
			authority: 'the District Court of Kiel',
			what: ['Orders'],
			reason: 'An order of 3 November',
			atMs: AT_MS,
		},
	],
	erasure: [
		{ stage: 'asked', url: URL, hours: 24 },
		{ stage: 'done', url: URL, hours: 24 },
	],
	account_erased: [{ hours: 24 }],
	export_ready: [{ deleteAtMs: AT_MS + DAY_MS }],
	consent_copy: [
		{
			practice: 'Praxis Nord',
			sections: [
				{ heading: 'What this is about', paragraphs: ['Praxis Nord asks to use this: One photo of the face.'] },
				{ heading: 'When this ends', paragraphs: ['This ends on 21 November 2027.'] },
			],
			signerName: 'Mara Sample',
			signedAtMs: AT_MS,
			isOnOurPage: true,
		},
	],
	rights_link: [{ right: 'access', url: URL, days: 7 }],
	rights_news: NEWS.map((news) => ({ right: 'access' as const, url: URL, news })),
	rights_due: [{ right: 'erase', requestId: 'rrq_0h3k5m7p9rstvwxyz01234567', dueAtMs: AT_MS + 7 * DAY_MS }],
	policy_change: [
		{ version: '2027-01-01', holdsFromMs: AT_MS + 41 * DAY_MS, changes: ['OpenAI no longer draws. fal.ai does.'] },
	],
	product_update: [UPDATE],
	announcement: [
		{ subject: 'A day in Kiel', text: 'On 5 March we show what is new. You are invited, and so is your team.' },
	],
	update_preview: [UPDATE],
};

/** All of them, each under a name that tells it from the others. */
export function sampleMails(): readonly { name: string; mail: Mail }[] {
	return Object.entries(SAMPLES).flatMap(([kind, samples]) =>
		samples.map((values) => {
			// A kind with its own values is a mail of that kind; pairs of an object have lost which belong together.
			const mail = { kind, to: TO, ...values } as Mail;
			return { name: nameOf(mail), mail };
		}),
	);
}

function nameOf(mail: Mail): string {
	if (mail.kind === 'security') return `${mail.kind}.${mail.event.what}`;
	if (mail.kind === 'rights_news') return `${mail.kind}.${mail.news.what}`;
	return mail.kind === 'erasure' ? `${mail.kind}.${mail.stage}` : mail.kind;
}
