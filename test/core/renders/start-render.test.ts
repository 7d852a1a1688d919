import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { consents } from '../../../schema/consents';
import { idempotencyKeys } from '../../../schema/credits';
import { renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import { STUDIOS } from '../../../studios/all';
import type { Actor } from '../../../workers/core/actor';
import { cancelRender } from '../../../workers/core/renders/cancel-render';
import { quoteRender } from '../../../workers/core/renders/quote-render';
import { OPEN_RENDERS_MAX, startRender } from '../../../workers/core/renders/start-render';
import { openInput } from '../../../workers/core/renders/stored-input';
import { sweep } from '../../../workers/core/retention/sweep';
import { countD1 } from '../../support/counting-d1';
import { CONNECTION_LOST, faultyD1, firstWrites } from '../../support/faulty-d1';
import { balanceOf, givenAccount, ledgerOf } from '../../support/given';
import { interceptD1 } from '../../support/intercepted-d1';
import { givenReadyUpload, renderWorld, rowsOf, smileOrder, type RenderWorld } from '../../support/render-world';
import { takeConsoleErrors } from '../../support/unexpected-errors';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

async function given() {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const upload = await givenReadyUpload(deps, actor);
	return { deps, actor, upload, order: smileOrder(actor, upload.id) };
}

function pictureOrder(actor: Actor, key: string) {
	return { actor, network: null, key, tool: 'image.generate', input: { prompt: 'a paper boat' } };
}

/** What a refused order must leave as it was. */
async function everythingOf(deps: RenderWorld, { accountId }: Actor) {
	return {
		ledger: await ledgerOf(deps, accountId),
		renders: await deps.db.select().from(renders).where(eq(renders.accountId, accountId)),
		keys: await deps.db.select().from(idempotencyKeys).where(eq(idempotencyKeys.accountId, accountId)),
		uploads: await deps.db.select().from(uploads).where(eq(uploads.accountId, accountId)),
		sent: [...deps.sent],
	};
}

/** The refusal of an order; fails when there is none, or when anything was stored, held or told. */
async function refusalOf(deps: RenderWorld, order: ReturnType<typeof smileOrder>): Promise<unknown> {
	const before = await everythingOf(deps, order.actor);
	const answer = await startRender(deps, order).catch((error: unknown) => error);
	expect(await everythingOf(deps, order.actor)).toEqual(before);
	return answer;
}

test('an order holds its credits, stores the render and tells the queue in two round trips', async () => {
	const { deps, actor, upload, order } = await given();
	const { db, count } = countD1(env.DB);
	const started = await startRender({ ...deps, db: drizzle(db) }, order);

	expect(started).toEqual({ id: started.id, state: 'queued', held: 24, isNew: true });
	expect(count.batches).toBe(1);
	expect(count.statements).toBeLessThanOrEqual(9);
	const { render, upload: photo } = await rowsOf(deps, started.id);
	const nowMs = deps.now().getTime();
	expect(render).toMatchObject({
		accountId: actor.accountId,
		requestedBy: actor.userId,
		tool: 'smile.video',
		uploadId: upload.id,
		subjectId: upload.subjectId,
		consentId: upload.consentId,
		state: 'queued',
		creditsHeld: 24,
		creditsCharged: 0,
		deadlineAtMs: nowMs + 20 * MINUTE_MS,
	});
	expect(await openInput(deps, render)).toEqual(order.input);
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 24 });
	expect(deps.sent.map(({ message }) => message)).toEqual([{ type: 'render.advance', renderId: started.id }]);
	// Out of the sweep's reach until the render has ended.
	expect(photo).toMatchObject({ deleteClock: 'creation', deleteAtMs: render.deadlineAtMs + 24 * HOUR_MS });
});

test('an order without a tool, with a wrong parameter or without a photo of its own is refused', async () => {
	const { deps, order } = await given();
	const { input } = order;
	expect(await refusalOf(deps, { ...order, tool: 'smile.film' })).toMatchObject({
		code: 'invalid_input',
		message: expect.stringMatching(/It has smile\.video/),
	});
	expect(await refusalOf(deps, { ...order, input: { ...input, seed: 1 } as never })).toMatchObject({
		code: 'invalid_input',
	});
	expect(await refusalOf(deps, { ...order, input: { ...input, treatment: 'dentures' } })).toMatchObject({
		code: 'invalid_input',
	});
	expect(await refusalOf(deps, { ...order, input: { ...input, toShade: 'Z9' } })).toMatchObject({
		code: 'invalid_input',
	});
	for (const toShade of ['A3', 'C4']) {
		const message = `Whitening goes lighter, and ${toShade} is not lighter than A3.`;
		expect(await refusalOf(deps, { ...order, input: { ...input, toShade } })).toMatchObject({
			code: 'invalid_input',
			message,
		});
	}
	expect(await refusalOf(deps, { ...order, input: { ...input, uploadId: 'upl_none' } })).toMatchObject({
		code: 'not_found',
	});
});

test('somebody else’s photo is not found', async () => {
	const { deps, upload } = await given();
	const stranger = await givenAccount(deps);
	expect(await refusalOf(deps, smileOrder(stranger, upload.id))).toMatchObject({ code: 'not_found' });
});

test('a photo that is not there, or not for long enough, is refused', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	const nowMs = deps.now().getTime();
	const cases = [
		[{ state: 'awaiting' }, 'upload_incomplete'],
		[{ state: 'deleting' }, 'gone'],
		[{ state: 'deleted', deletedAtMs: nowMs }, 'gone'],
		[{ state: 'expired' }, 'gone'],
		[{ deleteAtMs: nowMs }, 'gone'],
		[{ deleteClock: 'render', deleteAtMs: nowMs + 20 * MINUTE_MS - 1 }, 'gone'],
	] as const;
	for (const [changed, code] of cases) {
		const upload = await givenReadyUpload(deps, actor, changed);
		expect(await refusalOf(deps, smileOrder(actor, upload.id))).toMatchObject({ code });
	}
});

test('a second order in a photo’s last day leaves the hour of its end', async () => {
	const { deps, actor } = await given();
	const deleteAtMs = deps.now().getTime() + 20 * MINUTE_MS;
	const upload = await givenReadyUpload(deps, actor, { deleteClock: 'render', deleteAtMs });
	const { id } = await startRender(deps, smileOrder(actor, upload.id));
	expect((await rowsOf(deps, id)).upload).toMatchObject({ deleteClock: 'render', deleteAtMs });
});

test('a consent that is missing, unfinished, over or revoked refuses', async () => {
	const { deps, actor, upload, order } = await given();
	const bare = await givenReadyUpload(deps, actor, { consentId: null });
	expect(await refusalOf(deps, smileOrder(actor, bare.id))).toMatchObject({ code: 'consent_required' });
	const change = (changed: Partial<typeof consents.$inferInsert>) =>
		deps.db.update(consents).set(changed).where(eq(consents.id, upload.consentId!));
	for (const state of ['draft', 'expired', 'revoked'] as const) {
		await change({ state });
		expect(await refusalOf(deps, order)).toMatchObject({ code: 'consent_required' });
	}
	await change({ state: 'active', expiresAtMs: deps.now().getTime() });
	expect(await refusalOf(deps, order)).toMatchObject({
		code: 'consent_required',
		message: expect.stringMatching(/has ended/),
	});
});

test('too few credits are named, and nothing is stored, held or told', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps, { credits: 23 });
	const upload = await givenReadyUpload(deps, actor);
	expect(await refusalOf(deps, smileOrder(actor, upload.id))).toMatchObject({
		code: 'insufficient_credits',
		message: '23 credits, and this costs 24. Add credits first.',
	});
});

test('the same order under the same key is the same render', async () => {
	const { deps, actor, order } = await given();
	const first = await startRender(deps, order);
	// The order of its fields is not part of an order.
	const input = Object.fromEntries(Object.entries(order.input).toReversed()) as typeof order.input;
	expect(await startRender(deps, { ...order, input })).toEqual({ ...first, isNew: false });
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 24 });
	expect(deps.sent).toHaveLength(1);
});

test('another order under the same key is refused', async () => {
	const { deps, order } = await given();
	await startRender(deps, order);
	const other = { ...order, input: { ...order.input, toShade: 'B1' } };
	expect(await refusalOf(deps, other)).toMatchObject({ code: 'idempotency_conflict' });
});

test('another order under the same key is refused also when its photo does not exist', async () => {
	const { deps, order } = await given();
	await startRender(deps, order);
	const mistyped = { ...order, input: { ...order.input, uploadId: 'upl_none' } };
	expect(await refusalOf(deps, mistyped)).toMatchObject({ code: 'idempotency_conflict' });
});

test('an order repeated after its end answers that end, and nothing is held for it', async () => {
	const { deps, actor, upload, order } = await given();
	const { id } = await startRender(deps, order);
	await cancelRender(deps, { actor, renderId: id });
	expect(await startRender(deps, order)).toEqual({ id, state: 'cancelled', held: 0, isNew: false });
	// The key goes on standing for it when the photo is long gone.
	await deps.db
		.update(uploads)
		.set({ state: 'deleted', deletedAtMs: deps.now().getTime() })
		.where(eq(uploads.id, upload.id));
	expect(await startRender(deps, order)).toEqual({ id, state: 'cancelled', held: 0, isNew: false });
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 0 });
});

test('the same key of two accounts stands for two renders', async () => {
	const { deps, order } = await given();
	const other = await givenAccount(deps);
	const photo = await givenReadyUpload(deps, other);
	const first = await startRender(deps, order);
	const second = await startRender(deps, smileOrder(other, photo.id, order.key));
	expect(second.id).not.toBe(first.id);
});

test('eight racing orders under one key are one render and one hold', async () => {
	const { deps, actor, order } = await given();
	const started = await Promise.all(Array.from({ length: 8 }, () => startRender(deps, order)));
	expect(new Set(started.map(({ id }) => id)).size).toBe(1);
	expect(started.filter(({ isNew }) => isNew)).toHaveLength(1);
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 24 });
});

test('racing orders under several keys never hold more than there is', async () => {
	const { deps, actor, upload } = await given();
	const orders = Array.from({ length: 4 }, () => startRender(deps, smileOrder(actor, upload.id)));
	const results = await Promise.allSettled(orders);
	expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 48 });
});

test('an order whose message was not taken is woken by the sweep', async () => {
	const { deps, order } = await given();
	// A sweep takes a few: what the other tests left open must still be too young for it.
	deps.clock.advance({ minutes: -1 });
	const queue = { send: () => Promise.reject(new Error('Queue is overloaded')) };
	const { id } = await startRender({ ...deps, queue }, order);
	expect(takeConsoleErrors()).toHaveLength(1);
	expect(deps.fal.requests).toHaveLength(0);

	deps.clock.advance({ minutes: 1 });
	await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	expect((await rowsOf(deps, id)).render).toMatchObject({ state: 'running', stage: 'after_image' });
});

test('a photo marked for deletion between look and order takes the whole order back', async () => {
	const { deps, actor, upload, order } = await given();
	const before = await everythingOf(deps, actor);
	const racing = interceptD1(env.DB, async (call, run) => {
		if (call.kind === 'batch') {
			await env.DB.prepare("UPDATE uploads SET state = 'deleting' WHERE id = ?").bind(upload.id).run();
		}
		return run();
	});
	const ordered = startRender({ ...deps, db: drizzle(racing) }, order);
	await expect(ordered).rejects.toMatchObject({ code: 'gone' });
	expect(await everythingOf(deps, actor)).toEqual({
		...before,
		uploads: before.uploads.map((row) => ({ ...row, state: 'deleting' })),
	});
});

test('an order that never arrived leaves nothing, and one whose answer was lost is found by its key', async () => {
	const { deps, actor, order } = await given();
	for (const fault of ['before', 'after'] as const) {
		const { db } = faultyD1(env.DB, firstWrites(fault));
		await expect(startRender({ ...deps, db: drizzle(db) }, order)).rejects.toThrow(CONNECTION_LOST);
		const held = fault === 'before' ? 0 : 24;
		expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held });
	}
	expect(await startRender(deps, order)).toMatchObject({ isNew: false, held: 24 });
});

test('a picture from words needs words, and no more than 2,000 characters of them', async () => {
	const deps = await renderWorld({ studio: STUDIOS.image });
	const actor = await givenAccount(deps);
	for (const prompt of ['', '   ', 'x'.repeat(2001), undefined]) {
		const order = { actor, network: null, key: 'k', tool: 'image.generate', input: { prompt } };
		await expect(startRender(deps, order)).rejects.toMatchObject({ code: 'invalid_input' });
	}
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 0 });
	const order = { actor, network: null, key: 'k', tool: 'image.generate', input: { prompt: 'a paper boat' } };
	expect(await startRender(deps, order)).toMatchObject({ held: 4, isNew: true });
	expect(await startRender(deps, order)).toMatchObject({ held: 4, isNew: false });
});

test('what is kept of an order is what was checked: spaces around the words are not part of it', async () => {
	const deps = await renderWorld({ studio: STUDIOS.image });
	const actor = await givenAccount(deps);
	const prompt = `  a paper boat${' '.repeat(5000)}`;
	const order = { actor, network: null, key: 'k', tool: 'image.generate', input: { prompt } };
	const { db, count } = countD1(env.DB);
	const { id } = await startRender({ ...deps, db: drizzle(db) }, order);
	expect(count.batches).toBe(1);
	expect(await openInput(deps, (await rowsOf(deps, id)).render)).toEqual({ prompt: 'a paper boat' });
	const trimmed = { ...order, input: { prompt: 'a paper boat' } };
	expect(await startRender(deps, trimmed)).toMatchObject({ id, isNew: false });
});

test('a studio without tools has nothing to order', async () => {
	const deps = await renderWorld({ studio: STUDIOS.media });
	const actor = await givenAccount(deps);
	expect(await refusalOf(deps, smileOrder(actor, 'upl_x'))).toMatchObject({
		code: 'invalid_input',
		message: expect.stringMatching(/It has none yet\./),
	});
});

test('a quote is the studio’s table and touches nothing', async () => {
	const { deps, actor, order } = await given();
	const before = await everythingOf(deps, actor);
	const quote = quoteRender(deps, order);
	expect(quote).toEqual({
		tool: 'smile.video',
		credits: 24,
		breakdown: [
			{ item: 'After picture', credits: 4 },
			{ item: 'Video, 5 seconds', credits: 20 },
		],
	});
	expect(quote.breakdown.reduce((sum, { credits }) => sum + credits, 0)).toBe(quote.credits);
	expect(await everythingOf(deps, actor)).toEqual(before);
	expect(() => quoteRender(deps, { ...order, tool: 'none' })).toThrow(/no tool of this name/);
});

test('five renders may be open at once; a sixth is refused without a trace until one has ended', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps, { credits: 240 });
	const upload = await givenReadyUpload(deps, actor);
	const placed = [];
	for (let each = 0; each < OPEN_RENDERS_MAX; each += 1) {
		placed.push(await startRender(deps, smileOrder(actor, upload.id)));
	}
	expect(await refusalOf(deps, smileOrder(actor, upload.id))).toMatchObject({
		code: 'too_many_requests',
		message: '5 of your orders are still being made. Wait until one has ended, or cancel one.',
	});
	const other = await givenAccount(deps);
	expect(await startRender(deps, smileOrder(other, (await givenReadyUpload(deps, other)).id))).toMatchObject({
		isNew: true,
	});
	await cancelRender(deps, { actor, renderId: placed[0]!.id });
	expect(await startRender(deps, smileOrder(actor, upload.id))).toMatchObject({ isNew: true });
});

test('eight racing picture orders leave five open ones, and eight of one key beside four are one', async () => {
	const deps = await renderWorld({ studio: STUDIOS.image });
	const actor = await givenAccount(deps);
	const keys = Array.from({ length: 8 }, (_, index) => `key ${index}`);
	const results = await Promise.allSettled(keys.map((key) => startRender(deps, pictureOrder(actor, key))));
	const refused = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
	expect(refused).toEqual([1, 2, 3].map(() => expect.objectContaining({ code: 'too_many_requests' })));
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 20 });

	const other = await givenAccount(deps);
	for (const key of keys.slice(0, 4)) await startRender(deps, pictureOrder(other, key));
	const same = await Promise.all(keys.map(() => startRender(deps, pictureOrder(other, 'the last'))));
	expect(new Set(same.map(({ id }) => id)).size).toBe(1);
	expect(await balanceOf(deps, other.accountId)).toEqual({ posted: 60, held: 20 });
});
