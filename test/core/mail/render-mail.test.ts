import { expect, test } from 'vitest';

import { STUDIOS } from '../../../studios/all';
import { Mail, SecurityEvent, type RightsNews } from '../../../workers/core/mail/mail';
import { CLASS_BY_KIND, isOptional } from '../../../workers/core/mail/mail-class';
import { renderMail } from '../../../workers/core/mail/render-mail';

const APP = { studio: STUDIOS.dental, appOrigin: 'https://app.test' };
const TO = 'ada@practice.test';
const AT_MS = Date.UTC(2026, 10, 21, 12, 5);
const NASTY = `<img src="https://evil.test/x" onerror='x'> & Søns "Ltd"`;

const CODES: Mail[] = [
	...(['sign_up_code', 'sign_in_code', 'reset_code', 'proof_code', 'change_to_code', 'address_code'] as const).map(
		(kind): Mail => ({ kind, to: TO, code: '482913', minutes: 10 }),
	),
	{ kind: 'change_from_code', to: TO, code: '482913', minutes: 10, newAddress: 'new&<b>@practice.test' },
];
const OWN = { atMs: AT_MS, device: `Firefox on ${NASTY}` };
const THEIRS = { atMs: AT_MS, accountName: NASTY, byName: NASTY };
const EVENTS: SecurityEvent[] = [
	{ what: 'password_changed', ...OWN },
	{ what: 'email_changed', ...OWN, newAddress: NASTY },
	{ what: 'way_linked', ...OWN, way: NASTY },
	{ what: 'way_unlinked', ...OWN, way: NASTY },
	{ what: 'passkey_added', ...OWN, name: NASTY },
	{ what: 'passkey_removed', ...OWN, name: NASTY },
	{ what: 'second_factor_on', ...OWN },
	{ what: 'second_factor_off', ...OWN, device: null },
	{ what: 'recovery_codes_made', ...OWN },
	{ what: 'recovery_code_used', ...OWN, left: 1 },
	{ what: 'role_changed', ...THEIRS, role: 'billing' },
	{ what: 'removed', ...THEIRS },
	{ what: 'ownership_transferred', ...THEIRS, ownerName: NASTY },
	{ what: 'key_made', ...THEIRS, keyName: NASTY },
];
const NEWS: RightsNews[] = [
	{ what: 'opened', dueAtMs: AT_MS },
	{ what: 'extended', dueAtMs: AT_MS, reason: NASTY },
	{ what: 'answered', words: `Yes.\n${NASTY}` },
	{ what: 'refused', words: NASTY },
];
const INVITATION: Mail = {
	kind: 'invitation',
	to: TO,
	accountName: NASTY,
	inviterName: NASTY,
	role: 'staff',
	url: 'https://app.test/invitation?a=1&b=2#token',
	days: 7,
};
const ALL: Mail[] = [
	...CODES,
	{ kind: 'already_signed_up', to: TO },
	INVITATION,
	...EVENTS.map((event): Mail => ({ kind: 'security', to: TO, event })),
	{ kind: 'credits_ending', to: TO, accountName: NASTY, credits: 40, boughtAtMs: AT_MS, endsAtMs: AT_MS },
	{ kind: 'ticket_received', to: TO, url: 'https://app.test/contact/tkt_1#token' },
	{ kind: 'ticket_answered', to: TO, url: 'https://app.test/contact/tkt_1#token', words: `Yes.\n\n${NASTY}` },
	{
		kind: 'incident',
		to: TO,
		incidentId: 'inc_1',
		happened: NASTY,
		what: ['Your account', 'Orders'],
		fromMs: AT_MS,
		untilMs: AT_MS,
		consequences: NASTY,
		measures: `One.\nTwo ${NASTY}`,
		advice: NASTY,
		contact: 'privacy@studio.test',
	},
	{ kind: 'staff_access', to: TO, accountName: NASTY, renderId: 'rnd_1', reason: NASTY, untilMs: AT_MS },
	{ kind: 'erasure', to: TO, stage: 'asked', url: 'https://app.test/erasures/ers_1', hours: 24 },
	{ kind: 'erasure', to: TO, stage: 'done', url: 'https://app.test/erasures/ers_1', hours: 24 },
	{ kind: 'account_erased', to: TO, hours: 24 },
	{ kind: 'policy_change', to: TO, version: '2027-01-01', holdsFromMs: AT_MS, changes: ['One.', 'Two.'] },
	{ kind: 'export_ready', to: TO, deleteAtMs: AT_MS },
	...[true, false].map((isOnOurPage): Mail => ({
		kind: 'consent_copy',
		to: TO,
		practice: NASTY,
		sections: [{ heading: 'What this is about', paragraphs: [NASTY, 'Two.'] }],
		signerName: NASTY,
		signedAtMs: AT_MS,
		isOnOurPage,
	})),
	{ kind: 'rights_link', to: TO, right: 'access', url: 'https://app.test/rights/rrq_1#token', days: 7 },
	...NEWS.map((news): Mail => ({
		kind: 'rights_news',
		to: TO,
		right: 'access',
		url: 'https://app.test/rights/rrq_1',
		news,
	})),
	{ kind: 'rights_due', to: TO, right: 'access', requestId: 'rrq_1', dueAtMs: AT_MS },
	{ kind: 'product_update', to: TO, subject: NASTY, text: `One ${NASTY}\nline.\n\nTwo.` },
	{ kind: 'announcement', to: TO, subject: 'New prices', text: 'From January on.' },
	{ kind: 'update_preview', to: TO, subject: 'New prices', text: 'From January on.' },
	{ kind: 'disclosure', to: TO, accountName: NASTY, authority: NASTY, what: ['Orders'], reason: NASTY, atMs: AT_MS },
];
const NAMED = ALL.map((mail) => [mail.kind === 'security' ? mail.event.what : mail.kind, mail] as const);

const UNSUBSCRIBE = 'https://app.test/u/opaque-token';

function render(mail: Mail) {
	return renderMail(APP, mail, isOptional(CLASS_BY_KIND[mail.kind]) ? UNSUBSCRIBE : null);
}

/** What somebody reads, or copies, of a page: its text, blocks apart. */
function readHtml(html: string): string {
	const body = html.slice(html.indexOf('<body'));
	return body
		.replace(/<!--.*?-->/gs, '')
		.replace(/<\/(?:p|h1|h2|div|td)>/g, ' ')
		.replace(/<[^>]*>/g, '')
		.replaceAll('&lt;', '<')
		.replaceAll('&gt;', '>')
		.replaceAll('&quot;', '"')
		.replaceAll('&#x27;', "'")
		.replaceAll('&amp;', '&');
}

function wordsOf(text: string): string[] {
	return text.split(/\s+/).filter((word) => word !== '');
}

test('every kind of mail and every security event is looked at here', () => {
	const kinds = new Set(ALL.map(({ kind }) => kind));
	expect([...kinds].toSorted()).toEqual(Mail.options.map((option) => option.shape.kind.value).toSorted());
	const events = EVENTS.map(({ what }) => what);
	expect(events.toSorted()).toEqual(SecurityEvent.options.map((option) => option.shape.what.value).toSorted());
	for (const mail of ALL) expect(Mail.parse(mail)).toEqual(mail);
});

test.each(NAMED)('%s says the same in text and in HTML', (_name, mail) => {
	const { text, html } = render(mail);
	const [letter = '', footer = ''] = text.split('\n\n-- \n');
	// The text names a button's address after a colon, as the page does below it, and those of the footer, which are links there.
	const said = wordsOf(`${letter.replace(/:\n(?=https?:)/g, '\n')} ${footer.replace(/:\nhttps:\S+/g, '')}`);
	expect(wordsOf(readHtml(html))).toEqual(said);
});

test.each(NAMED)('%s loads nothing, runs nothing, and escapes what somebody typed', (_name, mail) => {
	const { html } = render(mail);
	const tags = new Set([...html.matchAll(/<([a-z12]+)/g)].map(([, tag]) => tag));
	const known = 'html head meta title style body div table tbody tr td h1 h2 p span a i hr'.split(' ');
	expect([...tags].filter((tag) => !known.includes(tag ?? ''))).toEqual([]);
	expect(html).not.toMatch(/url\(|@import|src="/);
	expect(html).toContain('<meta name="color-scheme" content="light dark"/>');
	const [, style = ''] = /<style>(.*)<\/style>/s.exec(html) ?? [];
	expect(style).toContain('@media (prefers-color-scheme:dark)');
	// Between these tags nothing is unescaped again.
	expect(style).not.toContain('&');
	const hrefs = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href ?? '');
	for (const href of hrefs) expect(href).toMatch(/^https:\/\/app\.test\//);
});

test.each(NAMED)('%s names the studio, in the words that the product speaks', (_name, mail) => {
	const { subject, text } = render(mail);
	expect(text).toContain('\n\n-- \nDental Diffusion\n');
	expect(subject).not.toMatch(/[\r\n]/);
	const said = `${subject} ${text}`.replaceAll(NASTY, '');
	expect(said).not.toMatch(/please|sorry|oops|!|—|undefined|null|\bNaN\b/i);
	// Nothing that a template was to replace.
	expect(said).not.toMatch(/\$\{|\{\{|\[object|lorem|TODO|example\.com/i);
});

test.each(CODES.map((mail) => [mail.kind, mail] as const))(
	'%s has its code to read and copy, and no link',
	(_kind, mail) => {
		const { text, html } = renderMail(APP, mail);
		expect(text).toContain('\n\n482913\n\n');
		expect(text).toContain('for 10 minutes');
		// A gap to the eye alone: what is copied is six digits.
		expect(html).toContain('48<span style="letter-spacing:16px">2</span>913');
		expect(`${text}${html}`).not.toMatch(/https?:|href/);
	},
);

test('a code that works for a minute says so', () => {
	expect(renderMail(APP, { kind: 'sign_in_code', to: TO, code: '482913', minutes: 1 }).text).toContain('for 1 minute.');
});

test('a second sign-up is answered with what happened and the way in', () => {
	const { subject, text } = renderMail(APP, { kind: 'already_signed_up', to: TO });
	expect(subject).toBe('You already have an account: Dental Diffusion');
	expect(text).toContain('Somebody, maybe you, tried to sign up');
	expect(text).toContain('https://app.test/sign-in');
});

test('an invitation leads to its own address, exactly', () => {
	const { html, text } = renderMail(APP, INVITATION);
	expect(text).toContain('https://app.test/invitation?a=1&b=2#token');
	expect(html).toContain('href="https://app.test/invitation?a=1&amp;b=2#token"');
});

test('an address that is no address of a page is no mail', () => {
	expect(Mail.safeParse({ ...INVITATION, url: 'javascript:alert(1)' }).success).toBe(false);
});

test('a security mail says when, in UTC, and on what', () => {
	const event = { what: 'password_changed', atMs: AT_MS, device: 'Firefox on Linux' } as const;
	const { text } = renderMail(APP, { kind: 'security', to: TO, event });
	expect(text).toContain('21 November 2026, 12:05 UTC, on Firefox on Linux.');
});

test('a typed name stays on its line, goes its own direction, and is not endless', () => {
	const name = `Smiles\r\nBcc: all@practice.test\u202E${'x'.repeat(200)}`;
	const { subject } = renderMail(APP, { ...INVITATION, accountName: name, inviterName: 'Ada' });
	expect(subject).toMatch(/^Ada invites you to Smiles Bcc: all@practice\.test x+…$/);
	expect(subject.length).toBeLessThan(120);
});

test('the same mail has the same words in every try', () => {
	for (const mail of ALL) expect(render(mail)).toEqual(render(structuredClone(mail)));
});

test.each(['product_update', 'announcement'] as const)(
	'%s can be stopped by one click, a link and the settings',
	(kind) => {
		const title = kind === 'product_update' ? 'product updates' : 'announcements';
		const { headers, text, html } = render({ kind, to: TO, subject: 'New prices', text: 'From January on.' });
		expect(headers).toEqual({
			'Auto-Submitted': 'auto-generated',
			'List-Unsubscribe': `<${UNSUBSCRIBE}>`,
			'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
		});
		expect(text).toContain(`You get this because you switched on ${title}.\nStop ${title}:\n${UNSUBSCRIBE}\n`);
		expect(text).toContain('All mail settings:\nhttps://app.test/settings/mail\n');
		expect(html).toContain(`href="${UNSUBSCRIBE}"`);
		expect(html).toContain('href="https://app.test/settings/mail"');
		expect(text).toContain(STUDIOS.dental.policy.controller.address);
	},
);

test('only mail that can be refused carries the headers for it', () => {
	for (const mail of ALL) {
		expect('List-Unsubscribe' in render(mail).headers).toBe(
			mail.kind === 'product_update' || mail.kind === 'announcement',
		);
	}
});

test('an update keeps its paragraphs, whatever width its lines were written in', () => {
	const { text } = render({
		kind: 'announcement',
		to: TO,
		subject: 'New prices',
		text: 'From January\non.\n\nNot before.',
	});
	expect(text).toContain('New prices\n\nFrom January on.\n\nNot before.\n\n-- \n');
});
