import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { memberships } from '../../../schema/memberships';
import { sessions } from '../../../schema/users';
import { verifyGet } from '../../../workers/core/media/sign-url';
import { cancelRender } from '../../../workers/core/renders/cancel-render';
import { listRenders } from '../../../workers/core/renders/list-renders';
import { readRender, readRenderView, watchRender } from '../../../workers/core/renders/read-render';
import { startRender } from '../../../workers/core/renders/start-render';
import { countD1 } from '../../support/counting-d1';
import { givenAccount } from '../../support/given';
import {
	deliver,
	finishStage,
	givenReadyUpload,
	givenRender,
	renderWorld,
	rowsOf,
	smileOrder,
} from '../../support/render-world';

const VIEW_MS = 5 * 60_000;

async function givenSucceeded() {
	const deps = await renderWorld();
	const given = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);
	await finishStage(deps);
	return { deps, ...given };
}

test('a render under way shows its stages, what is held, and nothing that is not proved', async () => {
	const deps = await renderWorld();
	const { actor, upload, renderId } = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);
	const { db, count } = countD1(env.DB);
	const render = await readRender({ ...deps, db: drizzle(db) }, { actor, renderId });

	expect(count).toEqual({ statements: 1, batches: 0 });
	expect(render).toMatchObject({
		id: renderId,
		state: 'running',
		stage: 'motion',
		assets: [],
		credits: { held: 24, charged: 0 },
		input: { fromShade: 'A3', toShade: 'A1' },
		source: { uploadId: upload.id, state: 'ready', receiptId: upload.receiptId, deletedAt: null },
		finishedAt: null,
		processorsForgotAt: null,
	});
	expect(render.stages.map(({ id, state }) => [id, state])).toEqual([
		['after_image', 'done'],
		['motion', 'doing'],
	]);
	expect(render.progress).toBeGreaterThan(0);
	expect(render.progress).toBeLessThan(1);
	expect(render).not.toHaveProperty('error');
});

test('who watches a render sees it in one statement while their session runs and their role allows it, and not after', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	const sessionId = actor.via.kind === 'session' ? actor.via.sessionId : '';
	const { db, count } = countD1(env.DB);
	const watching = () => watchRender({ ...deps, db: drizzle(db) }, { actor, renderId });

	expect(await watching()).toEqual(await readRender(deps, { actor, renderId }));
	expect(count).toEqual({ statements: 1, batches: 0 });
	const mine = eq(memberships.userId, actor.userId);
	await deps.db.update(memberships).set({ role: 'billing' }).where(mine);
	await expect(watching()).rejects.toMatchObject({ code: 'not_found' });
	await deps.db.update(memberships).set({ role: 'staff' }).where(mine);
	expect(await watching()).toMatchObject({ id: renderId });
	await deps.db.update(sessions).set({ expiresAt: new Date() }).where(eq(sessions.id, sessionId));
	await expect(watching()).rejects.toMatchObject({ code: 'not_found' });
	await deps.db.delete(sessions).where(eq(sessions.id, sessionId));
	await expect(watching()).rejects.toMatchObject({ code: 'not_found' });
	expect(await readRender(deps, { actor, renderId })).toMatchObject({ state: 'queued' });
});

test('a success shows both assets and what it cost', async () => {
	const { deps, actor, renderId } = await givenSucceeded();
	const render = await readRender(deps, { actor, renderId });
	const { assets, upload } = await rowsOf(deps, renderId);
	expect(render).toMatchObject({
		state: 'succeeded',
		progress: 1,
		credits: { held: 0, charged: 24 },
		processorsForgotAt: deps.now().toISOString(),
		sourceDeleteAt: new Date(upload!.deleteAtMs).toISOString(),
	});
	expect(render.assets).toEqual(assets.map(({ id, kind, receiptId }) => ({ id, kind, state: 'ready', receiptId })));
});

test('a render’s page is one statement, with views of five minutes', async () => {
	const { deps, actor, upload, renderId } = await givenSucceeded();
	const { db, count } = countD1(env.DB);
	const { source, assets } = await readRenderView({ ...deps, db: drizzle(db) }, { actor, renderId });
	expect(count.statements).toBe(1);
	expect(assets.map(({ kind, seconds }) => [kind, seconds])).toEqual([
		['after', null],
		['video', 5],
	]);
	const nowMs = deps.now().getTime();
	const urls = [source?.url ?? '', ...assets.flatMap(({ url, downloadUrl }) => [url, downloadUrl ?? ''])];
	for (const url of urls) {
		const claims = await verifyGet(deps.urlSigningKey, url, 'GET', nowMs);
		expect(claims.expiresAtMs).toBe(nowMs + VIEW_MS);
	}
	expect((await verifyGet(deps.urlSigningKey, urls[0]!, 'GET', nowMs)).objectKey).toBe(upload.objectKey);
	expect(assets[0]?.publish.filter(({ isAllowed }) => isAllowed).map(({ place }) => place)).toEqual([
		'show_in_room',
		'patient_copy',
		'share_link',
	]);
});

test('a view of the photo never outlives it, and there is none at its hour', async () => {
	const { deps, actor, renderId } = await givenSucceeded();
	const deleteAtMs = (await rowsOf(deps, renderId)).upload!.deleteAtMs;
	deps.clock.set(new Date(deleteAtMs - 60_000));
	const before = await readRenderView(deps, { actor, renderId });
	const claims = await verifyGet(deps.urlSigningKey, before.source?.url ?? '', 'GET', deps.now().getTime());
	expect(claims.expiresAtMs).toBe(deleteAtMs);
	deps.clock.set(new Date(deleteAtMs));
	expect((await readRenderView(deps, { actor, renderId })).source).toMatchObject({ state: 'ready', url: null });
});

test('a failed render says why and what was given back', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps, { kind: 'failed', code: 'no_face', message: 'No face was found.', isRetryable: false });
	expect(await readRender(deps, { actor, renderId })).toMatchObject({
		state: 'failed',
		error: { code: 'no_face', message: 'No face was found.' },
		credits: { held: 0, charged: 0 },
		stages: [{ state: 'failed', tries: 1 }, { state: 'to_do' }],
	});
});

test('somebody else’s render is not found, like one that never was', async () => {
	const { deps, renderId } = await givenSucceeded();
	const stranger = await givenAccount(deps);
	const messages = [];
	for (const id of [renderId, 'rnd_none']) {
		for (const read of [readRender, readRenderView]) {
			messages.push(await read(deps, { actor: stranger, renderId: id }).catch((error: Error) => error.message));
		}
	}
	expect(new Set(messages)).toEqual(new Set(['There is no such render, or it is not yours.']));
	const listed = await listRenders(deps, { actor: stranger, cursor: undefined, limit: 10 });
	expect(listed).toEqual({ items: [], nextCursor: null });
});

test('the list is newest first, in pages that neither skip nor repeat, one statement each', async () => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps, { credits: 24 });
	const upload = await givenReadyUpload(deps, actor);
	const placed: string[] = [];
	for (let index = 0; index < 5; index += 1) {
		// Two of a moment, so that the id has to order them.
		if (index % 2 === 0) deps.clock.advance({ seconds: 1 });
		const { id } = await startRender(deps, smileOrder(actor, upload.id));
		await cancelRender(deps, { actor, renderId: id });
		placed.push(id);
	}
	const seen: string[] = [];
	let cursor: string | undefined;
	for (let page = 0; page < 3; page += 1) {
		const { db, count } = countD1(env.DB);
		const { items, nextCursor } = await listRenders({ ...deps, db: drizzle(db) }, { actor, cursor, limit: 2 });
		expect(count.statements).toBe(1);
		seen.push(...items.map(({ id }) => id));
		cursor = nextCursor ?? undefined;
	}
	expect(cursor).toBeUndefined();
	expect(seen.toSorted()).toEqual(placed.toSorted());
	expect(seen[0]).toBe(placed[4]);
	expect(new Set(seen.slice(3))).toEqual(new Set(placed.slice(0, 2)));
});

test('a listed success shows its picture for five minutes, an unfinished render none', async () => {
	const { deps, actor, upload, renderId } = await givenSucceeded();
	const open = await startRender(deps, smileOrder(actor, upload.id));
	const { items } = await listRenders(deps, { actor, cursor: undefined, limit: 10 });
	const done = items.find(({ id }) => id === renderId);
	expect(items.find(({ id }) => id === open.id)).toMatchObject({ state: 'queued', pictureUrl: null, finishedAt: null });
	expect(done).toMatchObject({ state: 'succeeded', creditsCharged: 24, tool: 'smile.video' });
	const nowMs = deps.now().getTime();
	const claims = await verifyGet(deps.urlSigningKey, done?.pictureUrl ?? '', 'GET', nowMs);
	expect(claims).toMatchObject({ contentType: 'image/png', expiresAtMs: nowMs + VIEW_MS });
});

test.each(['', 'abc', '1', '1.rnd_x', `1.rnd_${'a'.repeat(26)} or 1=1`])('a cursor "%s" is refused', async (cursor) => {
	const deps = await renderWorld();
	const actor = await givenAccount(deps);
	await expect(listRenders(deps, { actor, cursor, limit: 10 })).rejects.toMatchObject({ code: 'invalid_input' });
});
