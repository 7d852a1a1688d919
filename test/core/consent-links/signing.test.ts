import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { consents } from '../../../schema/consents';
import { LIFE_RULES } from '../../../studios/consent-rules';
import type { ConsentElements } from '../../../workers/core/consents/consent-elements';
import { narrowConsent } from '../../../workers/core/consents/narrow-consent';
import { openElements, openSignature } from '../../../workers/core/consents/sealed-elements';
import { endLink } from '../../../workers/core/consent-links/end-link';
import { openLink } from '../../../workers/core/consent-links/open-link';
import { signByLink } from '../../../workers/core/consent-links/sign-by-link';
import { setJurisdiction } from '../../../workers/core/accounts/set-jurisdiction';
import { createUpload } from '../../../workers/core/uploads/create-upload';
import { restrictAccount, restrictSubject } from '../../../workers/core/restriction/restrict-account';
import { requestErasure } from '../../../workers/core/erasure/request-erasure';
import { WHENCE } from '../../support/given-invitation';
import { anotherLink, givenLink, holding, sign, signed, signingOf, stored, toSign } from './link-world';

const DAY_MS = 86_400_000;
const STROKES = JSON.stringify([
	[
		[0.1, 0.5],
		[0.4, 0.2],
	],
	[[0.9, 0.9]],
]);

test('a link shows all that the words need, and names neither the patient nor who made it', async () => {
	const { deps, actor, consent, token } = await givenLink();
	const opened = await toSign(deps, token);
	expect(opened).toMatchObject({
		practice: 'Practice',
		words: {
			jurisdiction: 'US-CA',
			discloser: 'Practice Ada',
			purposes: ['show_in_room', 'patient_copy'],
			channels: ['room', 'download', 'share'],
			signerRole: 'patient',
		},
		purposes: [
			{ purpose: 'show_in_room', channels: ['room'] },
			{ purpose: 'patient_copy', channels: ['download', 'share'] },
		],
		expiresAtMost: '2027-11-22T23:59:59.999Z',
	});
	const answer = JSON.stringify(opened);
	for (const secret of [consent.subjectReference, consent.id, consent.subjectId, actor.userId, token]) {
		expect(answer).not.toContain(secret);
	}
	expect((await stored(deps, { actor, consent })).links[0]?.openedAtMs).toBe(deps.now().getTime());
});

test('of a draft without an end the most that the place allows is offered', async () => {
	const { deps, actor, token } = await givenLink({ changed: { expiresAtMs: null } });
	expect((await toSign(deps, token)).words.expiresAt).toBe('2027-11-22T23:59:59.999Z');
	await setJurisdiction(deps, { actor, whence: WHENCE, jurisdiction: 'EU' });
	const years = LIFE_RULES.find(({ where }) => where.includes('EU'))?.years ?? 0;
	expect((await toSign(deps, token)).words.expiresAt.slice(0, 4)).toBe(String(2026 + years));
});

test('signing makes the consent active with what was chosen, under the hash of the words that were shown', async () => {
	const given = await givenLink();
	const { deps, token, consent, linkId } = given;
	const endMs = deps.now().getTime() + 30 * DAY_MS;
	const { signing, answer } = await sign(deps, token, {
		channels: ['room', 'download'],
		expiresAtMs: endMs,
		signature: STROKES,
	});
	const nowMs = deps.now().getTime();
	expect(answer).toEqual({
		signedAt: new Date(nowMs).toISOString(),
		channels: ['room', 'download'],
		expiresAt: new Date(endMs).toISOString(),
		linkExpiresAt: new Date(endMs + 90 * DAY_MS).toISOString(),
	});
	const { consent: row, links, audit } = await stored(deps, given);
	expect(row).toMatchObject({
		state: 'active',
		signedVia: 'link',
		signedAtMs: nowMs,
		signedTextHash: signing.textHash,
		channels: ['room', 'download'],
		expiresAtMs: endMs,
		toldOfRevocation: true,
		checkedBy: null,
	});
	expect(JSON.stringify(row)).not.toContain('Mara');
	const { subjectId } = consent;
	expect(await openSignature(deps, { subjectId, signature: row.signature })).toBe(STROKES);
	expect((await signed(deps, token)).signature).toBe(STROKES);
	expect(await openElements(deps, { subjectId, elements: row })).toMatchObject({ signerName: 'Mara Sample' });
	expect(links).toMatchObject([{ id: linkId, expiresAtMs: endMs + 90 * DAY_MS }]);
	expect(audit.map(({ action, userId }) => [action, userId])).toContainEqual(['consent.signed', 'patient by link']);
});

test('a photo is taken under what was signed by link, and not before', async () => {
	const { deps, actor, consent, token } = await givenLink();
	const photo = {
		actor,
		network: null,
		subjectId: undefined,
		consentId: consent.id,
		contentType: 'image/jpeg' as const,
		byteLength: 3,
	};
	await expect(createUpload(deps, photo)).rejects.toMatchObject({ code: 'consent_required' });
	await sign(deps, token);
	expect(await createUpload(deps, photo)).toMatchObject({ id: expect.stringMatching(/^upl_/) });
});

test('the same signature again answers the same and leaves one entry', async () => {
	const given = await givenLink();
	const { deps, token } = given;
	const { signing, answer } = await sign(deps, token, { signature: STROKES });
	const before = await stored(deps, given);
	deps.clock.advance({ minutes: 5 });
	expect(await signByLink(deps, { holder: holding(token), signing })).toEqual(answer);
	expect(await stored(deps, given)).toEqual(before);
});

test.each([
	['another name', { signerName: 'Nobody Else' }],
	['another drawing', { signature: STROKES }],
	['other words', { textHash: '0'.repeat(64) }],
])('a second signature with %s is refused and changes nothing', async (_what, changed) => {
	const given = await givenLink();
	const { deps, token } = given;
	const { signing } = await sign(deps, token);
	const before = await stored(deps, given);
	await expect(signByLink(deps, { holder: holding(token), signing: { ...signing, ...changed } })).rejects.toMatchObject(
		{ code: 'conflict' },
	);
	expect(await stored(deps, given)).toEqual(before);
});

test('of two who sign at once by two links, one signature counts', async () => {
	const given = await givenLink();
	const { deps, token } = given;
	const { token: other } = await anotherLink(given);
	const opened = await toSign(deps, token);
	const names = ['Mara Sample', 'Nobody Else'];
	const tries = await Promise.allSettled(
		[token, other].map((each, at) =>
			signByLink(deps, {
				holder: holding(each),
				signing: signingOf(deps, opened, { signerName: names[at] ?? '' }),
			}),
		),
	);
	expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
	const winner = names[tries.findIndex(({ status }) => status === 'fulfilled')];
	expect((await signed(deps, token)).consent.signerName).toBe(winner);
	const { audit } = await stored(deps, given);
	expect(audit.filter(({ action }) => action === 'consent.signed')).toHaveLength(1);
});

const REFUSED: [string, (deps: Awaited<ReturnType<typeof givenLink>>['deps']) => object, string, object?][] = [
	['without a name', () => ({ signerName: ' ' }), 'invalid_input', { fields: ['signerName'] }],
	[
		'without having read it out',
		() => ({ toldOfRevocation: false }),
		'invalid_input',
		{ fields: ['toldOfRevocation'] },
	],
	['for no use', () => ({ channels: [] }), 'invalid_input', { fields: ['channels'] }],
	['for a use that was not offered', () => ({ channels: ['publish'] }), 'invalid_input', { fields: ['channels'] }],
	[
		'for longer than offered',
		(deps) => ({ expiresAtMs: deps.now().getTime() + 366 * DAY_MS }),
		'invalid_input',
		{ fields: ['expiresAt'] },
	],
	['with an end that is past', (deps) => ({ expiresAtMs: deps.now().getTime() - 1 }), 'invalid_input'],
	['under other words', () => ({ textHash: 'a'.repeat(64) }), 'conflict', { reason: 'words_changed' }],
];

test.each(REFUSED)('signing %s is refused and leaves no trace', async (_what, change, code, details) => {
	const given = await givenLink();
	const { deps, token } = given;
	const signing = signingOf(deps, await toSign(deps, token), change(deps));
	const before = await stored(deps, given);
	const refusal = details === undefined ? { code } : { code, details };
	await expect(signByLink(deps, { holder: holding(token), signing })).rejects.toMatchObject(refusal);
	expect(await stored(deps, given)).toEqual(before);
});

test('what the practice changes between reading and signing is read again', async () => {
	const given = await givenLink();
	const { deps, actor, token } = given;
	const signing = signingOf(deps, await toSign(deps, token));
	await setJurisdiction(deps, { actor, whence: WHENCE, jurisdiction: 'US-TX' });
	await expect(signByLink(deps, { holder: holding(token), signing })).rejects.toMatchObject({
		code: 'conflict',
		message: 'The words have changed. Read them again, then sign.',
	});
	await sign(deps, token);
});

test('for a minor somebody else signs, and says why they may', async () => {
	const changed: Partial<ConsentElements> = { signerRole: 'representative' };
	const given = await givenLink({ changed });
	const { deps, token } = given;
	const opened = await toSign(deps, token);
	expect(opened.words.signerRole).toBe('representative');
	await expect(signByLink(deps, { holder: holding(token), signing: signingOf(deps, opened) })).rejects.toMatchObject({
		code: 'invalid_input',
		details: { fields: ['representativeAuthority'] },
	});
	await sign(deps, token, { representativeAuthority: 'mother' });
	const view = await signed(deps, token);
	expect(view.consent).toMatchObject({ signerRole: 'representative', signerName: 'Mara Sample' });
	expect(JSON.stringify(view.text)).toContain('You sign for the patient, as: mother.');
});

test.each([
	[
		'that is over',
		'over',
		async ({ deps }: Awaited<ReturnType<typeof givenLink>>) => deps.clock.advance({ hours: 72 }),
	],
	[
		'that the practice ended',
		'ended',
		({ deps, actor, linkId }: Awaited<ReturnType<typeof givenLink>>) =>
			endLink(deps, { actor, whence: WHENCE, linkId }),
	],
])('by a link %s nothing is signed', async (_what, reason, end) => {
	const given = await givenLink();
	const { deps, token } = given;
	const signing = signingOf(deps, await toSign(deps, token));
	await end(given);
	await expect(signByLink(deps, { holder: holding(token), signing })).rejects.toMatchObject({
		code: 'gone',
		details: { reason },
	});
	expect((await stored(deps, given)).consent.state).toBe('draft');
});

test('a token of one consent signs no other, and what is no token is not found', async () => {
	const given = await givenLink();
	const other = await givenLink({ deps: given.deps, actor: given.actor });
	await sign(given.deps, other.token);
	expect((await stored(given.deps, given)).consent.state).toBe('draft');
	for (const wrong of ['', 'none', given.token.slice(1), `${given.token}A`, 'A'.repeat(43)]) {
		await expect(openLink(given.deps, holding(wrong))).rejects.toMatchObject({ code: 'not_found' });
	}
});

test.each([
	[
		'the patient is restricted',
		({ deps, actor, consent }: Awaited<ReturnType<typeof givenLink>>) =>
			restrictSubject(deps, { actor, whence: WHENCE, subjectId: consent.subjectId, isRestricted: true }),
		'processing_restricted',
	],
	[
		'the account is restricted',
		({ deps, actor }: Awaited<ReturnType<typeof givenLink>>) =>
			restrictAccount(deps, { actor, whence: WHENCE, isRestricted: true }),
		'processing_restricted',
	],
	[
		'the account is being erased',
		({ deps, actor: { accountId } }: Awaited<ReturnType<typeof givenLink>>) =>
			requestErasure(deps, { kind: 'account', targetId: accountId, accountId }),
		'gone',
	],
])('while %s nothing new is signed, and it can be read', async (_what, pause, code) => {
	const given = await givenLink();
	const { deps, token } = given;
	const signing = signingOf(deps, await toSign(deps, token));
	await pause(given);
	await expect(signByLink(deps, { holder: holding(token), signing })).rejects.toMatchObject({ code });
	expect((await stored(deps, given)).consent.state).toBe('draft');
	expect(await openLink(deps, holding(token))).toMatchObject({ state: 'to_sign' });
});

test('what was signed is made again word for word after it was narrowed and the practice moved', async () => {
	const { deps, actor, consent, token } = await givenLink();
	const { signing } = await sign(deps, token);
	await narrowConsent(deps, { actor, consentId: consent.id, channels: ['room'] });
	await setJurisdiction(deps, { actor, whence: WHENCE, jurisdiction: 'US-TX' });
	const view = await signed(deps, token);
	expect(view.textHash).toBe(signing.textHash);
	expect(view.words).toMatchObject({ jurisdiction: 'US-CA', channels: ['room', 'download', 'share'] });
	expect(view.consent).toMatchObject({ channels: ['room'], channelsSigned: ['room', 'download', 'share'] });
	expect(JSON.stringify(view.text)).toContain('Practice Ada may make a link to it for you.');

	await deps.db
		.update(consents)
		.set({ signedTextHash: '0'.repeat(64) })
		.where(eq(consents.id, consent.id));
	expect(await signed(deps, token)).toMatchObject({ words: null, text: null });
});
