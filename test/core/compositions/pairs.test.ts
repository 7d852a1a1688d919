import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { consents } from '../../../schema/consents';
import { creditEntries, idempotencyKeys } from '../../../schema/credits';
import { erasures } from '../../../schema/erasures';
import { renderOutcomes, renders } from '../../../schema/renders';
import { readAsset } from '../../../workers/core/assets/read-asset';
import { createComposition } from '../../../workers/core/compositions/create-composition';
import { createPair } from '../../../workers/core/compositions/create-pair';
import { eraseSubject } from '../../../workers/core/erasure/erase-subject';
import { readRenderView } from '../../../workers/core/renders/read-render';
import { cancelRender } from '../../../workers/core/renders/cancel-render';
import { forgetRender } from '../../../workers/core/renders/forget-render';
import { listRenders } from '../../../workers/core/renders/list-renders';
import { openInput } from '../../../workers/core/renders/stored-input';
import { restrictAccount } from '../../../workers/core/restriction/restrict-account';
import { deleteAsset } from '../../../workers/core/assets/delete-asset';
import { sweep } from '../../../workers/core/retention/sweep';
import { advanceRender } from '../../../workers/core/renders/advance-render';
import { setJurisdiction } from '../../../workers/core/accounts/set-jurisdiction';
import { givenAccount } from '../../support/given';
import { givenConsent } from '../../support/given-consent';
import { WHENCE } from '../../support/given-invitation';
import { interceptD1, isWrite } from '../../support/intercepted-d1';
import { expectLedgerIsSound } from '../../support/ledger-invariant';
import { deliver, renderWorld, type RenderWorld, rowsOf, storedOutputs } from '../../support/render-world';
import { assetRow, givenKept, givenPair, pairOrder, reelOrder, STILL } from './given-composition';

async function rowsAbout({ db }: RenderWorld, accountId: string) {
	const made = await db.select().from(renders).where(eq(renders.accountId, accountId));
	const keys = await db.select().from(idempotencyKeys).where(eq(idempotencyKeys.accountId, accountId));
	return { made: made.length, keys: keys.length };
}

test('a pair is a finished order that cost nothing, with one outcome and a sealed input', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const { renderId, consent } = await givenPair(deps, actor);
	const { render, outcomes, attempts, assets } = await rowsOf(deps, renderId);
	const nowMs = deps.now().getTime();
	expect(render).toMatchObject({
		accountId: actor.accountId,
		requestedBy: actor.userId,
		tool: 'pair',
		uploadId: null,
		subjectId: consent.subjectId,
		consentId: consent.id,
		state: 'succeeded',
		creditsHeld: 0,
		creditsCharged: 0,
		finishedAtMs: nowMs,
		forgottenAtMs: nowMs,
	});
	expect(render.input).not.toContain('bonding');
	expect(await openInput(deps, render)).toEqual({ treatment: 'bonding', attested: true });
	expect(outcomes).toEqual([{ renderId, state: 'succeeded', createdAtMs: nowMs }]);
	expect([attempts, assets]).toEqual([[], []]);
	const entries = await deps.db.select().from(creditEntries).where(eq(creditEntries.accountId, actor.accountId));
	expect(entries.map(({ kind }) => kind)).toEqual(['grant']);
	await expectLedgerIsSound(deps.db);
});

test('the same pair under its key is one pair, also at once; another under it is a conflict', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const consent = await givenConsent(deps, actor);
	const order = pairOrder(actor, consent.id);
	const [one, other] = await Promise.all([createPair(deps, order), createPair(deps, order)]);
	expect(one.id).toBe(other.id);
	expect(await createPair(deps, order)).toEqual({ id: one.id, isNew: false });
	const conflicting = createPair(deps, { ...order, treatment: 'crowns' });
	await expect(conflicting).rejects.toMatchObject({ code: 'idempotency_conflict' });
	expect(await rowsAbout(deps, actor.accountId)).toEqual({ made: 1, keys: 1 });
});

test('without a consent that holds, or with somebody else’s, no pair arises', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const stranger = await givenAccount(deps);
	const foreign = await givenConsent(deps, stranger);
	const draft = await givenConsent(deps, actor, { signerName: null });
	const ended = await givenConsent(deps, actor, { expiresAtMs: deps.now().getTime() + 1000 });
	deps.clock.advance({ minutes: 1 });
	for (const consentId of [foreign.id, draft.id, ended.id, 'cns_none']) {
		await expect(createPair(deps, pairOrder(actor, consentId))).rejects.toMatchObject({ code: 'consent_required' });
	}
	expect(await rowsAbout(deps, actor.accountId)).toEqual({ made: 0, keys: 0 });
});

test.each([
	[
		'a consent revoked',
		'consent_required',
		(deps: RenderWorld, { consentId }: { consentId: string }) =>
			deps.db.update(consents).set({ state: 'revoked' }).where(eq(consents.id, consentId)),
	],
	[
		'processing restricted',
		'processing_restricted',
		(deps: RenderWorld, { actor }: { actor: Awaited<ReturnType<typeof givenAccount>> }) =>
			restrictAccount(deps, { actor, whence: WHENCE, isRestricted: true }),
	],
	[
		'an erasure of the patient asked for',
		'gone',
		(deps: RenderWorld, { subjectId, accountId }: { subjectId: string; accountId: string }) =>
			deps.db.insert(erasures).values({
				id: deps.newId('erasure'),
				kind: 'subject',
				targetId: subjectId,
				accountId,
				state: 'requested',
				receiptId: deps.newId('receipt'),
				requestedAtMs: deps.now().getTime(),
				dueAtMs: deps.now().getTime(),
			}),
	],
])('%s just before the row keeps a pair from arising', async (_, code, end) => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const { id: consentId, subjectId } = await givenConsent(deps, actor);
	const outcomes = (await deps.db.select().from(renderOutcomes)).length;
	let isDone = false;
	const d1 = interceptD1(deps.d1, async (call, run) => {
		if (isWrite(call) && !isDone) {
			isDone = true;
			await end(deps, { consentId, subjectId, accountId: actor.accountId, actor });
		}
		return run();
	});
	const racing = createPair({ ...deps, db: drizzle(d1) }, pairOrder(actor, consentId));
	await expect(racing).rejects.toMatchObject({ code });
	expect(await rowsAbout(deps, actor.accountId)).toEqual({ made: 0, keys: 0 });
	expect((await deps.db.select().from(renderOutcomes)).length).toBe(outcomes);
});

test('what is kept of a pair is genuine by the word of who attested it, and the gate judges it as that', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	await setJurisdiction(deps, { actor, whence: WHENCE, jurisdiction: 'US' });
	const { renderId } = await givenPair(deps, actor);
	const reel = await givenKept(deps, reelOrder(actor, renderId));
	const still = await givenKept(deps, reelOrder(actor, renderId, { kind: 'still_pair', ...STILL }));
	for (const row of [reel, still]) {
		expect(row).toMatchObject({ assetClass: 'genuine_pair', madeOf: null, attestedBy: actor.userId, state: 'ready' });
	}
	const asset = await readAsset(deps, { actor, assetId: reel.id });
	const website = asset.publish.find(({ place }) => place === 'website');
	expect(website).toMatchObject({ isAllowed: true });
	expect(asset.disclosure).toBe('Photographs before and after, not retouched');
	expect(asset.downloadUrl).not.toBeNull();
});

test('a pair names no inputs of other orders', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const first = await givenPair(deps, actor);
	const second = await givenPair(deps, actor);
	const kept = await givenKept(deps, reelOrder(actor, first.renderId));
	const crossed = createComposition(deps, reelOrder(actor, second.renderId, { madeOf: [kept.id] }));
	await expect(crossed).rejects.toMatchObject({ code: 'not_found' });
});

test('a pair trips nothing that reads orders: lists, views, steps, processors and sweeps', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const { renderId } = await givenPair(deps, actor);
	const still = await givenKept(deps, reelOrder(actor, renderId, { kind: 'still_pair', ...STILL }));
	const before = await rowsOf(deps, renderId);
	const { items } = await listRenders(deps, { actor, cursor: undefined, limit: 20 });
	expect(items).toMatchObject([{ id: renderId, tool: 'pair', state: 'succeeded', creditsCharged: 0 }]);
	expect(items[0]!.pictureUrl).toContain(still.objectKey);
	const { render, source } = await readRenderView(deps, { actor, renderId });
	expect(render).toMatchObject({ progress: 1, stages: [], processorsForgotAt: null, sourceDeleteAt: null });
	expect(source).toBeNull();

	await advanceRender(deps, { renderId });
	expect(await forgetRender(deps, { renderId })).toBe('nothing_to_do');
	await expect(cancelRender(deps, { actor, renderId })).rejects.toMatchObject({ code: 'conflict' });
	deps.clock.advance({ hours: 30 });
	const swept = await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	expect(swept).toMatchObject({ failures: 0, rendersExpired: 0 });
	const { render: later, ...rest } = await rowsOf(deps, renderId);
	expect({ render: { ...later, triedAtMs: 0 }, ...rest }).toEqual({
		...before,
		render: { ...before.render, triedAtMs: 0 },
	});
	expect(deps.fal.requests).toEqual([]);
});

test('a deleted pair leaves a receipt that says so', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const { renderId } = await givenPair(deps, actor);
	const still = await givenKept(deps, reelOrder(actor, renderId, { kind: 'still_pair', ...STILL }));
	await deleteAsset(deps, { actor, assetId: still.id });
	deps.clock.advance({ minutes: 16 });
	await deliver(deps);
	expect((await assetRow(deps, still.id)).state).toBe('deleted');
	expect(await storedOutputs(actor.accountId)).toEqual([]);
});

test('erasing a patient takes their pairs with them, and whatever waits for its address to end', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const { renderId, consent } = await givenPair(deps, actor);
	await givenKept(deps, reelOrder(actor, renderId));
	await createComposition(deps, reelOrder(actor, renderId));
	await eraseSubject(deps, { actor, whence: WHENCE, subjectId: consent.subjectId });
	for (let minute = 0; minute < 60; minute += 5) {
		await deliver(deps);
		deps.clock.advance({ minutes: 5 });
		await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	}
	await deliver(deps);
	expect(await storedOutputs(actor.accountId)).toEqual([]);
	expect(await deps.db.select().from(renders).where(eq(renders.id, renderId))).toEqual([]);
	const refused = createComposition(deps, reelOrder(actor, renderId));
	await expect(refused).rejects.toMatchObject({ code: 'not_found' });
});
