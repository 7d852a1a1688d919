import { env } from 'cloudflare:workers';
import { and, eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { consents } from '../../../schema/consents';
import { receipts } from '../../../schema/receipts';
import { assets, renders } from '../../../schema/renders';
import { postings } from '../../../schema/shares';
import { uploads } from '../../../schema/uploads';
import { confirmRevocation, revocationReceiptId } from '../../../workers/core/consents/confirm-revocation';
import { revokeConsent, revokeWhile } from '../../../workers/core/consents/revoke-consent';
import { placeHold, releaseHold } from '../../../workers/core/erasure/legal-holds';
import { sweep } from '../../../workers/core/retention/sweep';
import { settleRender } from '../../../workers/core/renders/settle-render';
import { givenAccount } from '../../support/given';
import { WHENCE } from '../../support/given-invitation';
import { deliver, givenReadyUpload, givenRender, renderWorld, rowsOf } from '../../support/render-world';
import { receiptBodyOf } from '../erasure/erasure-world';
import { givenLineage, lineageOf, untilConfirmed } from './revocation-world';

const HOUR_MS = 3_600_000;

async function given() {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	return { deps, actor, ...(await givenLineage(deps, actor)) };
}

test('a revocation takes photo, pictures, videos, compositions and links, and its receipt names how many', async () => {
	const { deps, actor, consentId } = await given();
	const revoked = await revokeConsent(deps, { actor, consentId });
	expect(revoked).toMatchObject({ photosBeingDeleted: 1, madeBeingDeleted: 3 });
	const nowMs = deps.now().getTime();
	const marked = await lineageOf(deps, consentId);
	expect(marked.photos).toMatchObject([{ state: 'deleting', deleteAtMs: nowMs, deleteClock: 'request' }]);
	expect(marked.made.map(({ state }) => state)).toEqual(['deleting', 'deleting', 'deleting']);
	expect(marked.links.map(({ revokedAtMs }) => revokedAtMs)).toEqual([nowMs, nowMs, nowMs]);

	await deliver(deps);
	const gone = await lineageOf(deps, consentId);
	expect(gone.stored).toEqual([]);
	expect([...gone.photos, ...gone.made].map(({ state }) => state)).toEqual(Array.from({ length: 4 }, () => 'deleted'));
	expect(await receiptBodyOf(deps, revoked.receiptId)).toMatchObject({
		kind: 'consent_revoked',
		deleted: [
			{ what: 'consent in force', count: 1 },
			{ what: 'patient photo', count: 1 },
			{ what: 'after picture', count: 1 },
			{ what: 'video', count: 2 },
		],
		kept: [{ what: 'the signed consent, without any picture' }],
	});
	for (const { receiptId } of [...gone.photos, ...gone.made]) {
		expect(await receiptBodyOf(deps, receiptId)).toMatchObject({ reason: 'consent_revoked' });
	}
});

test('repeating it answers what is still being deleted, and changes nothing', async () => {
	const { deps, actor, consentId } = await given();
	const first = await revokeConsent(deps, { actor, consentId });
	const marked = await lineageOf(deps, consentId);
	deps.clock.advance({ minutes: 1 });
	expect(await revokeConsent(deps, { actor, consentId })).toEqual(first);
	expect(await lineageOf(deps, consentId)).toEqual(marked);
	await deliver(deps);
	expect(await revokeConsent(deps, { actor, consentId })).toEqual({
		...first,
		photosBeingDeleted: 0,
		madeBeingDeleted: 0,
	});
});

test('whoever else may revokes by a condition of their own; one that does not hold writes nothing', async () => {
	const { deps, consentId, upload } = await given();
	const before = await lineageOf(deps, consentId);
	expect(await revokeWhile(deps, { consentId, holds: sql`false` })).toBeNull();
	expect(await lineageOf(deps, consentId)).toEqual(before);
	expect(deps.sent).toEqual([]);
	// It may ask for a consent in force, which it is until the last statement.
	const holds = sql`${eq(consents.subjectId, upload.subjectId ?? '')} and ${eq(consents.state, 'active')}`;
	expect(await revokeWhile(deps, { consentId, holds })).toMatchObject({ photosBeingDeleted: 1, madeBeingDeleted: 3 });
	expect((await lineageOf(deps, consentId)).consent).toMatchObject({ state: 'revoked' });
});

const Made = fc.record({
	kind: fc.constantFrom('after', 'video', 'picture'),
	assetClass: fc.constantFrom('simulation', 'composition', 'genuine_pair'),
	state: fc.constantFrom('ready', 'pending', 'deleting'),
} as const);

test('whatever others hold, a revocation touches nothing of another consent', async () => {
	const deps = await renderWorld();
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.array(Made, { maxLength: 3 }), { minLength: 2, maxLength: 4 }),
			fc.nat(),
			fc.boolean(),
			async (consentsMade, choice, isOneAccount) => {
				const first = await givenAccount(deps);
				const all = [];
				for (const made of consentsMade) {
					const actor = isOneAccount ? first : await givenAccount(deps);
					all.push({ actor, ...(await givenLineage(deps, actor, made)) });
				}
				const chosen = all[choice % all.length]!;
				const others = all.filter((each) => each !== chosen);
				const read = () => Promise.all(others.map(({ consentId }) => lineageOf(deps, consentId)));
				const before = await read();
				const { actor, consentId } = chosen;
				await revokeConsent(deps, { actor, consentId });
				await deliver(deps);
				expect(await read()).toEqual(before);
				const { made, photos, stored } = await lineageOf(deps, consentId);
				expect([...photos, ...made].filter(({ state }) => state !== 'deleted')).toEqual([]);
				expect(stored).toEqual([]);
			},
		),
		{ numRuns: 6 },
	);
});

test('what lies under a legal hold is unreachable and stays, and the receipt waits until it is released', async () => {
	const { deps, actor, consentId, upload } = await given();
	const hold = { whence: WHENCE, targetId: upload.subjectId ?? '', matter: '2026-21' };
	await placeHold(deps, hold);
	const { stored } = await lineageOf(deps, consentId);
	const { receiptId } = await revokeConsent(deps, { actor, consentId });
	await untilConfirmed(deps);
	const held = await lineageOf(deps, consentId);
	expect(held.stored).toEqual(stored);
	expect([...held.photos, ...held.made].every(({ state }) => state === 'deleting')).toBe(true);
	expect(await receiptBodyOf(deps, receiptId)).toBeNull();

	await releaseHold(deps, hold);
	await untilConfirmed(deps);
	expect((await lineageOf(deps, consentId)).stored).toEqual([]);
	expect(await receiptBodyOf(deps, receiptId)).toMatchObject({ kind: 'consent_revoked' });
});

test('a composition whose address is still open is marked while it is pending, and signed for when the address has ended', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const putExpiresAtMs = deps.now().getTime() + HOUR_MS / 6;
	const pending = { assetClass: 'composition', state: 'pending', putExpiresAtMs } as const;
	const { consentId } = await givenLineage(deps, actor, [pending]);
	const { receiptId } = await revokeConsent(deps, { actor, consentId });
	await deliver(deps);
	const [late] = (await lineageOf(deps, consentId)).made;
	expect(late).toMatchObject({ state: 'deleting' });
	expect(await receiptBodyOf(deps, receiptId)).toBeNull();
	await env.MEDIA.put(late!.objectKey, new Uint8Array([2]));

	await untilConfirmed(deps);
	expect((await lineageOf(deps, consentId)).stored).toEqual([]);
	expect(await receiptBodyOf(deps, receiptId)).toMatchObject({ kind: 'consent_revoked' });
});

test('what an order finishes in the moment of the revocation is never shown', async () => {
	const deps = await renderWorld();
	const { renderId, upload } = await givenRender(deps);
	await deps.db.insert(assets).values({
		id: deps.newId('asset'),
		renderId,
		accountId: upload.accountId,
		kind: 'after',
		assetClass: 'simulation',
		state: 'pending',
		stage: 'after_image',
		objectKey: `out/${upload.accountId}/late`,
		contentType: 'image/jpeg',
		byteLength: 1,
		createdAtMs: deps.now().getTime(),
		receiptId: deps.newId('receipt'),
	});
	await deps.db.update(consents).set({ state: 'revoked' }).where(eq(consents.id, upload.consentId!));
	const { render } = await rowsOf(deps, renderId);
	expect(await settleRender(deps, { render: { ...render, state: 'running' }, event: 'all_stages_done' })).toBe(
		'settled',
	);
	expect((await rowsOf(deps, renderId)).assets).toMatchObject([{ state: 'deleting' }]);
});

test('what came about in that moment is found by whoever signs, and goes as well', async () => {
	const { deps, actor, consentId } = await given();
	const { receiptId } = await revokeConsent(deps, { actor, consentId });
	const late = (await lineageOf(deps, consentId)).made[0]!;
	await deps.db.update(assets).set({ state: 'ready' }).where(eq(assets.id, late.id));
	expect(await confirmRevocation(deps, { consentId })).toBe('waiting');
	await untilConfirmed(deps);
	expect((await lineageOf(deps, consentId)).stored).toEqual([]);
	expect(await receiptBodyOf(deps, receiptId)).toMatchObject({ kind: 'consent_revoked' });
});

test('a place that holds something although its row is closed keeps the receipt until it is empty', async () => {
	const { deps, actor, consentId } = await given();
	const { receiptId } = await revokeConsent(deps, { actor, consentId });
	deps.sent.pop();
	await deliver(deps);
	const { made } = await lineageOf(deps, consentId);
	await env.MEDIA.put(made[1]!.objectKey, new Uint8Array([9]));
	await expect(confirmRevocation(deps, { consentId })).rejects.toMatchObject({ code: 'upstream_unavailable' });
	expect(await receiptBodyOf(deps, receiptId)).toBeNull();
	expect(await env.MEDIA.head(made[1]!.objectKey)).toBeNull();
	expect(await confirmRevocation(deps, { consentId })).toBe('issued');
	expect(await confirmRevocation(deps, { consentId })).toBe('issued');
	expect(await deps.db.select().from(receipts).where(eq(receipts.id, receiptId))).toHaveLength(1);
});

test('the receipt says that copies were posted elsewhere, for nobody here can delete those', async () => {
	const { deps, actor, consentId } = await given();
	const [video] = (await lineageOf(deps, consentId)).made.filter(({ kind }) => kind === 'video');
	await deps.db.insert(postings).values({
		id: deps.newId('posting'),
		accountId: actor.accountId,
		assetId: video!.id,
		place: 'website',
		address: 'sealed',
		postedAtMs: deps.now().getTime(),
		notedBy: actor.userId,
		createdAtMs: deps.now().getTime(),
	});
	const { receiptId } = await revokeConsent(deps, { actor, consentId });
	await deliver(deps);
	expect((await receiptBodyOf(deps, receiptId))?.kept.map(({ what }) => what)).toEqual([
		'the signed consent, without any picture',
		'copies that were posted elsewhere',
	]);
});

test('a paper that was compared with its elements stays as the proof; one that nobody compared goes', async () => {
	const { deps, actor, consentId, upload } = await given();
	const paper = await givenReadyUpload(deps, actor);
	await deps.db.update(uploads).set({ consentId }).where(eq(uploads.id, paper.id));
	const shown = { paperUploadId: paper.id, checkedBy: actor.userId, checkedAtMs: deps.now().getTime() };
	await deps.db.update(consents).set(shown).where(eq(consents.id, consentId));
	expect(await revokeConsent(deps, { actor, consentId })).toMatchObject({ photosBeingDeleted: 1 });
	await deliver(deps);
	const states = (await lineageOf(deps, consentId)).photos.map(({ id, state }) => [id, state]);
	expect(Object.fromEntries(states)).toEqual({ [upload.id]: 'deleted', [paper.id]: 'ready' });
	expect(await receiptBodyOf(deps, revocationReceiptId(consentId))).toMatchObject({ kind: 'consent_revoked' });

	const other = await given();
	await other.deps.db.update(consents).set({ paperUploadId: other.upload.id }).where(eq(consents.id, other.consentId));
	expect(await revokeConsent(other.deps, other)).toMatchObject({ photosBeingDeleted: 1 });
});

test('a consent that has ended by its date keeps what was made, and nothing of it is deleted', async () => {
	const { deps, consentId } = await given();
	const { stored, made } = await lineageOf(deps, consentId);
	await deps.db
		.update(consents)
		.set({ expiresAtMs: deps.now().getTime() + 1 })
		.where(eq(consents.id, consentId));
	deps.clock.advance({ minutes: 1 });
	await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	await deliver(deps);
	const after = await lineageOf(deps, consentId);
	expect(after.consent).toMatchObject({ state: 'expired' });
	expect([after.stored, after.made]).toEqual([stored, made]);
	const open = and(eq(renders.consentId, consentId), eq(renders.state, 'queued'));
	expect(await deps.db.select().from(renders).where(open)).toEqual([]);
});
