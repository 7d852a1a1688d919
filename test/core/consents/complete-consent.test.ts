import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { consents } from '../../../schema/consents';
import { completeWhile, type Signing } from '../../../workers/core/consents/complete-consent';
import { narrowConsent } from '../../../workers/core/consents/narrow-consent';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import { openSignature } from '../../../workers/core/consents/sealed-elements';
import { isSealed } from '../../../workers/core/vault/seal-text';
import { freshDeps } from '../../support/deps';
import { givenAccount } from '../../support/given';
import { completeElements, givenConsent } from '../../support/given-consent';

const STROKES = '[[[0.1,0.2],[0.3,0.4]]]';
const HASH = 'ab'.repeat(32);
const HOLDS = sql`true`;

async function given() {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const draft = await givenConsent(deps, actor, { signerName: null, signedAtMs: null });
	const signing: Signing = {
		elements: completeElements(deps.now().getTime()),
		via: 'link',
		signature: STROKES,
		signedTextHash: HASH,
		checkedBy: null,
	};
	const readRow = async () => (await deps.db.select().from(consents).where(eq(consents.id, draft.id)))[0];
	return { deps, actor, draft, signing, readRow, consentId: draft.id };
}

test('a draft that is signed is active, with its words, its signature and how it was signed', async () => {
	const { deps, draft, signing, readRow, consentId } = await given();
	expect(draft).toMatchObject({ state: 'draft', signedVia: null });
	const signed = await completeWhile(deps, { consentId, signing: { ...signing, channels: ['room'] }, holds: HOLDS });
	expect(signed).toMatchObject({
		id: consentId,
		state: 'active',
		signedVia: 'link',
		signerRole: 'patient',
		channels: ['room'],
		missing: [],
		textVersion: deps.studio.consentTextVersion,
		endsSoon: false,
	});
	const row = await readRow();
	expect(row).toMatchObject({
		state: 'active',
		signedVia: 'link',
		signedTextHash: HASH,
		checkedBy: null,
		checkedAtMs: null,
	});
	expect([row?.signature, row?.signerName, row?.description].every((value) => isSealed(value ?? ''))).toBe(true);
	expect(await openSignature(deps, { subjectId: draft.subjectId, signature: row?.signature ?? null })).toBe(STROKES);
});

test('who compared a paper with its elements is kept with the moment', async () => {
	const { deps, signing, readRow, consentId } = await given();
	const paper = { ...signing, via: 'paper', signature: null, signedTextHash: null, checkedBy: 'usr_staff' } as const;
	await completeWhile(deps, { consentId, signing: paper, holds: HOLDS });
	const checkedAtMs = deps.now().getTime();
	expect(await readRow()).toMatchObject({ signedVia: 'paper', signature: null, checkedBy: 'usr_staff', checkedAtMs });
});

test('the same signing again answers the same, and its row is not written again', async () => {
	const { deps, signing, readRow, consentId } = await given();
	const first = await completeWhile(deps, { consentId, signing, holds: HOLDS });
	const row = await readRow();
	deps.clock.advance({ minutes: 1 });
	const later = { ...signing.elements, signedAtMs: deps.now().getTime() };
	expect(await completeWhile(deps, { consentId, signing: { ...signing, elements: later }, holds: HOLDS })).toEqual(
		first,
	);
	expect(await readRow()).toEqual(row);

	const { deps: other, consentId: onPaper, ...rest } = await given();
	const paper = { ...rest.signing, via: 'paper', signature: null, signedTextHash: null, checkedBy: 'usr_a' } as const;
	const checked = await completeWhile(other, { consentId: onPaper, signing: paper, holds: HOLDS });
	expect(await completeWhile(other, { consentId: onPaper, signing: paper, holds: HOLDS })).toEqual(checked);
});

const ANOTHER: [what: string, change: (signing: Signing) => Partial<Signing>][] = [
	['other words', () => ({ signedTextHash: 'cd'.repeat(32) })],
	['another drawing', () => ({ signature: '[]' })],
	['a typed name', () => ({ signature: null })],
	['another name', ({ elements }) => ({ elements: { ...elements, signerName: 'Nobody Else' } })],
	['a paper', () => ({ via: 'paper', checkedBy: 'usr_staff' })],
	[
		'another reach, without words that were shown',
		({ elements }) => ({ signedTextHash: null, elements: { ...elements, recipient: 'Everybody' } }),
	],
];

test.each(ANOTHER)('%s never replaces what was signed', async (_, change) => {
	const { deps, signing, readRow, consentId } = await given();
	await completeWhile(deps, { consentId, signing, holds: HOLDS });
	const row = await readRow();
	const again = completeWhile(deps, { consentId, signing: { ...signing, ...change(signing) }, holds: HOLDS });
	await expect(again).rejects.toMatchObject({ code: 'conflict' });
	expect(await readRow()).toEqual(row);
});

test('a consent that was revoked is not signed any more, before or after it was signed', async () => {
	for (const isSigned of [false, true]) {
		const { deps, actor, signing, readRow, consentId } = await given();
		if (isSigned) await completeWhile(deps, { consentId, signing, holds: HOLDS });
		await revokeConsent(deps, { actor, consentId });
		const row = await readRow();
		await expect(completeWhile(deps, { consentId, signing, holds: HOLDS })).rejects.toThrow(/was revoked/);
		expect(await readRow()).toEqual(row);
	}
});

test('of two who sign at once one is kept whole, and the other is refused', async () => {
	const { deps, signing, readRow, consentId } = await given();
	const other = { ...signing, elements: { ...signing.elements, signerName: 'Otto Sample' }, signature: '[[[1,1]]]' };
	const results = await Promise.allSettled(
		[signing, other].map((each) => completeWhile(deps, { consentId, signing: each, holds: HOLDS })),
	);
	expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
	const kept = results[0]?.status === 'fulfilled' ? signing : other;
	const row = await readRow();
	expect(await completeWhile(deps, { consentId, signing: kept, holds: HOLDS })).toMatchObject({ state: 'active' });
	expect(await readRow()).toEqual(row);
});

test('a signing with gaps is refused by the names of all of them, and nothing is stored', async () => {
	const { deps, signing, readRow, consentId } = await given();
	const before = await readRow();
	const elements = { ...signing.elements, recipient: ' ', signerName: null, toldOfRedisclosure: false };
	await expect(
		completeWhile(deps, { consentId, signing: { ...signing, elements }, holds: HOLDS }),
	).rejects.toMatchObject({
		code: 'invalid_input',
		details: { fields: ['recipient', 'signerName', 'toldOfRedisclosure'] },
	});
	expect(await readRow()).toEqual(before);
});

const WRONG: [what: string, change: (signing: Signing, nowMs: number) => Partial<Signing>, fields: string[]][] = [
	['a channel beyond the purposes', () => ({ channels: ['publish'] }), ['channels']],
	['no channel at all', () => ({ channels: [] }), ['channels']],
	[
		'an end two years away',
		({ elements }, nowMs) => ({ elements: { ...elements, expiresAtMs: nowMs + 2 * 366 * 86_400_000 } }),
		['expiresAt'],
	],
	['a minor who signs alone', (_, nowMs) => ({ comesOfAgeAtMs: nowMs + 700 * 86_400_000 }), ['signerRole']],
];

test.each(WRONG)('%s is refused, and nothing is stored', async (_, change, fields) => {
	const { deps, signing, readRow, consentId } = await given();
	const before = await readRow();
	const wrong = { ...signing, ...change(signing, deps.now().getTime()) };
	await expect(completeWhile(deps, { consentId, signing: wrong, holds: HOLDS })).rejects.toMatchObject({
		code: 'invalid_input',
		details: { fields },
	});
	expect(await readRow()).toEqual(before);
});

test('where the condition does not hold, or there is no such draft, nothing is written', async () => {
	const { deps, actor, signing, readRow, consentId } = await given();
	const before = await readRow();
	expect(await completeWhile(deps, { consentId, signing, holds: sql`false` })).toBeNull();
	expect(await completeWhile(deps, { consentId: 'cns_none', signing, holds: HOLDS })).toBeNull();
	const foreign = eq(consents.accountId, (await givenAccount(deps)).accountId);
	expect(await completeWhile(deps, { consentId, signing, holds: foreign })).toBeNull();
	expect(await readRow()).toEqual(before);
	const own = eq(consents.accountId, actor.accountId);
	expect(await completeWhile(deps, { consentId, signing, holds: own })).toMatchObject({ state: 'active' });
});

test('the place of the practice decides how long it may last', async () => {
	const { deps, actor, signing, consentId } = await given();
	const elements = { ...signing.elements, expiresAtMs: deps.now().getTime() + 5 * 365 * 86_400_000 };
	const order = { consentId, signing: { ...signing, elements }, holds: HOLDS };
	await expect(completeWhile(deps, order)).rejects.toThrow(/California ends an authorization after a year.*§56\.11/);
	await deps.db.update(accounts).set({ jurisdiction: 'US-TX' }).where(eq(accounts.id, actor.accountId));
	expect(await completeWhile(deps, order)).toMatchObject({ state: 'active' });
	expect(await narrowConsent(deps, { actor, consentId, channels: ['room'] })).toMatchObject({ channels: ['room'] });
});
