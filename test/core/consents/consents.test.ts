import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { consents, subjects } from '../../../schema/consents';
import { revocationReceiptId } from '../../../workers/core/consents/confirm-revocation';
import { createConsent } from '../../../workers/core/consents/create-consent';
import { createSubject } from '../../../workers/core/consents/create-subject';
import { listConsents, readConsent } from '../../../workers/core/consents/read-consent';
import { requireValidConsent } from '../../../workers/core/consents/require-consent';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import { completeElements, givenConsent } from '../../support/given-consent';
import { givenAccount } from '../../support/given';
import { freshDeps } from '../../support/deps';

test('the same reference names the same subject, and another practice may use it too', async () => {
	const deps = freshDeps();
	const ada = await givenAccount(deps);
	const bob = await givenAccount(deps);

	const first = await createSubject(deps, { actor: ada, reference: 'M-2041' });
	const again = await createSubject(deps, { actor: ada, reference: 'M-2041' });
	const foreign = await createSubject(deps, { actor: bob, reference: 'M-2041' });

	expect(again).toEqual(first);
	expect(foreign.id).not.toBe(first.id);
	expect(await deps.db.select().from(subjects).where(eq(subjects.accountId, ada.accountId))).toHaveLength(1);
});

test('a complete consent is active and one with a gap is a draft that names it', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);

	const active = await givenConsent(deps, actor);
	const draft = await givenConsent(deps, actor, { signerName: null });

	expect(active).toMatchObject({ state: 'active', missing: [], textVersion: deps.studio.consentTextVersion });
	expect(draft.state).toBe('draft');
	expect(draft.missing.map(({ element }) => element)).toEqual(['signerName']);
});

test.each([
	['an end date that is past', { expiresAtMs: Date.parse('2026-11-20T00:00:00Z') }],
	['an end date eleven years away', { expiresAtMs: Date.parse('2037-11-21T00:00:00Z') }],
	['a signature of next week', { signedAtMs: Date.parse('2026-11-28T00:00:00Z') }],
])('%s is refused and nothing is stored', async (_, wrong) => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const subject = await createSubject(deps, { actor, reference: 'M-1' });
	const elements = { ...completeElements(deps.now().getTime()), ...wrong };

	await expect(createConsent(deps, { actor, subjectId: subject.id, elements })).rejects.toMatchObject({
		code: 'invalid_input',
	});
	expect(await deps.db.select().from(consents).where(eq(consents.accountId, actor.accountId))).toEqual([]);
});

test('another practice’s subject and consent are not found, to write, read, list or revoke', async () => {
	const deps = freshDeps();
	const ada = await givenAccount(deps);
	const bob = await givenAccount(deps);
	const consent = await givenConsent(deps, ada);
	const elements = completeElements(deps.now().getTime());

	const asBob = { actor: bob, consentId: consent.id };
	const written = createConsent(deps, { actor: bob, subjectId: consent.subjectId, elements });
	await expect(written).rejects.toMatchObject({ code: 'not_found' });
	await expect(readConsent(deps, asBob)).rejects.toMatchObject({ code: 'not_found' });
	await expect(revokeConsent(deps, asBob)).rejects.toMatchObject({ code: 'not_found' });
	await expect(listConsents(deps, { actor: bob, subjectId: consent.subjectId })).rejects.toMatchObject({
		code: 'not_found',
	});
	expect(await readConsent(deps, { actor: ada, consentId: consent.id })).toMatchObject({ state: 'active' });
});

test('a consent reads as expired from its end on, before any sweep', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const consent = await givenConsent(deps, actor, { expiresAtMs: deps.now().getTime() + 3_600_000 });

	deps.clock.advance({ hours: 1 });

	expect(await readConsent(deps, { actor, consentId: consent.id })).toMatchObject({ state: 'expired' });
});

test('a subject is listed with its consents, newest first, and without any as well', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const subject = await createSubject(deps, { actor, reference: 'M-7' });
	const list = () => listConsents(deps, { actor, subjectId: subject.id });
	expect(await list()).toEqual({ subject: { id: subject.id, reference: 'M-7' }, items: [] });

	const elements = completeElements(deps.now().getTime());
	const older = await createConsent(deps, { actor, subjectId: subject.id, elements });
	deps.clock.advance({ seconds: 1 });
	const newer = await createConsent(deps, { actor, subjectId: subject.id, elements });

	expect((await list()).items.map(({ id }) => id)).toEqual([newer.id, older.id]);
});

test('revoking is final and repeating it answers the same', async () => {
	const deps = freshDeps();
	const actor = await givenAccount(deps);
	const consent = await givenConsent(deps, actor);

	const first = await revokeConsent(deps, { actor, consentId: consent.id });
	const again = await revokeConsent(deps, { actor, consentId: consent.id });

	const receiptId = revocationReceiptId(consent.id);
	expect(first).toEqual({ id: consent.id, state: 'revoked', photosBeingDeleted: 0, madeBeingDeleted: 0, receiptId });
	expect(again).toEqual(first);
	expect(await readConsent(deps, { actor, consentId: consent.id })).toMatchObject({
		state: 'revoked',
		revokedAt: deps.now().toISOString(),
	});
	const told = { type: 'consent.revoked', consentId: consent.id };
	expect(deps.sent.map(({ message }) => message)).toEqual([told, told]);
});

test.each([
	[null, 'Record a consent first'],
	[{ state: 'draft' as const, expiresAtMs: null }, 'not complete'],
	[{ state: 'active' as const, expiresAtMs: 1 }, 'has ended'],
	[{ state: 'revoked' as const, expiresAtMs: null }, 'revoked'],
])('a photo without a consent that holds is refused with the reason', (consent, words) => {
	expect(() => requireValidConsent(consent, 2)).toThrow(words);
});
