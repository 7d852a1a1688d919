import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { STUDIOS } from '../../../studios/all';
import { cancelRender } from '../../../workers/core/renders/cancel-render';
import { revokeConsent } from '../../../workers/core/consents/revoke-consent';
import { blobStore } from '../../../workers/core/job-deps';
import { verifyGet } from '../../../workers/core/media/sign-url';
import { advanceRender } from '../../../workers/core/renders/advance-render';
import { forgetRender } from '../../../workers/core/renders/forget-render';
import { startRender } from '../../../workers/core/renders/start-render';
import { handleMessage } from '../../../workers/jobs/handle-message';
import { CONNECTION_LOST, faultyD1 } from '../../support/faulty-d1';
import { failure } from '../../support/fake-fal';
import { balanceOf, givenAccount } from '../../support/given';
import {
	deliver,
	finishStage,
	givenRender,
	notify,
	renderWorld,
	rowsOf,
	storedOutputs,
} from '../../support/render-world';
import { samplePng } from '../../support/sample-outputs';

const HOUR_MS = 3_600_000;
const AFTER_IMAGE_SECONDS = 240;

test('two stages make two assets that are ready only with the success, 24 credits and a day for the photo', async () => {
	const deps = await renderWorld();
	const { actor, upload, renderId } = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);

	const half = await rowsOf(deps, renderId);
	expect(half.render).toMatchObject({ state: 'running', stage: 'motion', creditsCharged: 0 });
	expect(half.assets).toMatchObject([{ kind: 'after', state: 'pending' }]);
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 24 });

	deps.clock.advance({ minutes: 1 });
	await finishStage(deps);

	const nowMs = deps.now().getTime();
	const { render, assets, attempts, events, outcomes, upload: after } = await rowsOf(deps, renderId);
	expect(render).toMatchObject({ state: 'succeeded', stage: null, creditsCharged: 24, finishedAtMs: nowMs });
	expect(render.forgottenAtMs).toBe(nowMs);
	expect(outcomes).toEqual([{ renderId, state: 'succeeded', createdAtMs: nowMs }]);
	expect(attempts.map(({ state, stage }) => [stage, state])).toEqual([
		['after_image', 'done'],
		['motion', 'done'],
	]);
	expect(assets).toMatchObject([
		{ kind: 'after', state: 'ready', assetClass: 'simulation', contentType: 'image/png', width: 8, height: 6 },
		{ kind: 'video', state: 'ready', assetClass: 'simulation', contentType: 'video/mp4', durationMs: 5000 },
	]);
	expect(await storedOutputs(actor.accountId)).toEqual(assets.map(({ objectKey }) => objectKey).toSorted());
	expect(events.map(({ payload }) => payload)).toEqual([null, null]);
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 36, held: 0 });
	expect(after).toMatchObject({ state: 'ready', deleteClock: 'render', deleteAtMs: nowMs + 24 * HOUR_MS });
	expect(after?.deleteAtMs).not.toBe(upload.deleteAtMs);
	expect(deps.fal.requests.map(({ isHeld }) => isHeld)).toEqual([false, false]);
});

test('what a stage is sent are signed addresses of minutes, and a webhook address with a token', async () => {
	const deps = await renderWorld();
	const { upload } = await givenRender(deps);
	await deliver(deps);

	const { endpoint, input, webhookUrl } = deps.fal.last();
	expect(endpoint).toBe('fal-ai/nano-banana-2/edit');
	expect(webhookUrl).toMatch(/^https:\/\/app\.test\/webhooks\/fal\/rnd_[0-9a-z]{26}\.after_image\.1~[0-9a-f]{64}$/);
	expect(input).toMatchObject({ prompt: expect.stringContaining('from VITA classical A3 to A1') });
	const [photoUrl] = input['image_urls'] as string[];
	const claims = await verifyGet(deps.urlSigningKey, photoUrl!, 'GET', deps.now().getTime());
	expect(claims).toMatchObject({ objectKey: upload.objectKey, purpose: 'processor' });
	expect(claims.expiresAtMs).toBe(deps.now().getTime() + 15 * 60_000);
});

test('an address handed to a processor never outlives the photo', async () => {
	const deps = await renderWorld();
	const { upload, renderId } = await givenRender(deps);
	const deleteAtMs = deps.now().getTime() + 5 * 60_000;
	await env.DB.prepare('UPDATE uploads SET delete_at_ms = ? WHERE id = ?').bind(deleteAtMs, upload.id).run();
	await advanceRender(deps, { renderId });

	const [photoUrl] = deps.fal.last().input['image_urls'] as string[];
	expect((await verifyGet(deps.urlSigningKey, photoUrl!, 'GET', deps.now().getTime())).expiresAtMs).toBe(deleteAtMs);
});

test('a photo the processor cannot use fails with the photo’s own sentence and costs nothing', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	const sentence = 'No face was found. Take the photo from the front, in even light.';
	await finishStage(deps, failure('no_face', false, sentence));

	const { render, attempts, upload } = await rowsOf(deps, renderId);
	expect(render).toMatchObject({ state: 'failed', errorCode: 'no_face', errorMessage: sentence, creditsCharged: 0 });
	expect(attempts).toHaveLength(1);
	expect(upload?.deleteAtMs).toBe(deps.now().getTime() + 24 * HOUR_MS);
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 0 });
});

test('a processor’s own words about anything but the photo are not shown', async () => {
	const deps = await renderWorld();
	const { renderId } = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps, failure('value_error.missing', false, 'field required: s3://internal'));

	const { render } = await rowsOf(deps, renderId);
	expect(render.errorMessage).toBe('The processor had trouble making this. Try again in a few minutes.');
});

test('a second and a third try wait a little longer each, so that a burst of refusals does not use them up', async () => {
	const deps = await renderWorld();
	const { renderId } = await givenRender(deps);
	const busy = failure('status_429', true);
	const pauses: number[] = [];
	await deliver(deps);
	for (let round = 0; round < 2; round += 1) {
		const request = deps.fal.last();
		deps.fal.finish(request, busy);
		await notify(deps, request);
		const [told] = deps.sent.splice(0);
		if (told !== undefined) await handleMessage(deps, told.message);
		pauses.push(...deps.sent.map(({ delaySeconds }) => delaySeconds));
		await deliver(deps);
	}

	expect(pauses).toEqual([2, 8]);
	expect((await rowsOf(deps, renderId)).attempts.map(({ number }) => number)).toEqual([1, 2, 3]);
});

test('a stage that fails each time is tried three times, then the render fails and gives back', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	deps.fal.fates = Array.from({ length: 5 }, () => failure('runner_server_error', true));
	await deliver(deps);

	const { render, attempts } = await rowsOf(deps, renderId);
	expect(render).toMatchObject({ state: 'failed', errorCode: 'runner_server_error' });
	expect(attempts.map(({ number, state }) => [number, state])).toEqual([
		[1, 'failed'],
		[2, 'failed'],
		[3, 'failed'],
	]);
	expect(deps.fal.fates).toHaveLength(2);
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 0 });
});

test('a second stage that fails takes the first one’s picture with it', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);
	await finishStage(deps, failure('content_policy_violation', false, 'no'));

	const { render, assets } = await rowsOf(deps, renderId);
	expect(render).toMatchObject({ state: 'failed', errorCode: 'content_policy_violation' });
	expect(assets).toMatchObject([{ state: 'deleted' }]);
	expect(await storedOutputs(actor.accountId)).toEqual([]);
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 0 });
});

test('a submission without an answer is not repeated before its deadline, and its webhook is taken', async () => {
	const deps = await renderWorld();
	const { renderId } = await givenRender(deps);
	deps.fal.fates = ['lost_after'];
	await deliver(deps);
	await advanceRender(deps, { renderId });
	expect((await rowsOf(deps, renderId)).attempts).toMatchObject([{ state: 'unknown', requestId: null }]);
	expect(deps.fal.requests).toHaveLength(1);

	await finishStage(deps);
	const { attempts } = await rowsOf(deps, renderId);
	expect(attempts[0]).toMatchObject({ state: 'done', requestId: deps.fal.requests[0]?.id });
	expect(deps.fal.requests.map(({ endpoint }) => endpoint)).toHaveLength(2);
});

test('a submission that never began is repeated at its deadline', async () => {
	const deps = await renderWorld();
	const { renderId } = await givenRender(deps);
	deps.fal.fates = ['lost_before'];
	await deliver(deps);
	deps.clock.advance({ seconds: AFTER_IMAGE_SECONDS - 1 });
	await advanceRender(deps, { renderId });
	expect(deps.fal.requests).toHaveLength(0);
	deps.clock.advance({ seconds: 1 });
	await advanceRender(deps, { renderId });
	await deliver(deps);

	const { attempts } = await rowsOf(deps, renderId);
	expect(attempts.map(({ state }) => state)).toEqual(['failed', 'submitted']);
});

test('a webhook that comes before its submission returns is taken, once', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	deps.fal.duringSubmit = async (request) => {
		deps.fal.finish(request);
		await notify(deps, request);
		const told = deps.sent.pop();
		if (told !== undefined) await handleMessage(deps, told.message);
	};
	await deliver(deps);

	const { render, attempts } = await rowsOf(deps, renderId);
	expect(render.state).toBe('succeeded');
	expect(attempts.map(({ state }) => state)).toEqual(['done', 'done']);
	expect(deps.fal.requests.map(({ isHeld }) => isHeld)).toEqual([false, false]);
	expect(await storedOutputs(actor.accountId)).toHaveLength(2);
});

test('a webhook told ten times, and the other status after it, change nothing', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	const first = deps.fal.last();
	deps.fal.finish(first);
	for (let time = 0; time < 10; time += 1) await notify(deps, first);
	await deliver(deps);
	await notify(deps, first, { status: 'ERROR', payload: { detail: 'late' } });
	await deliver(deps);
	await finishStage(deps);
	await notify(deps, first, { status: 'ERROR', payload: { detail: 'later' } });
	await deliver(deps);

	const { render, attempts, events } = await rowsOf(deps, renderId);
	expect(render.state).toBe('succeeded');
	expect(attempts).toHaveLength(2);
	expect(events.map(({ payload }) => payload)).toEqual([null, null, null]);
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 36, held: 0 });
});

test('an OK beside an ERROR that was not taken yet wins', async () => {
	const deps = await renderWorld();
	const { renderId } = await givenRender(deps);
	await deliver(deps);
	const first = deps.fal.last();
	await notify(deps, first, { status: 'ERROR', payload: { detail: 'no' } });
	deps.fal.finish(first);
	await notify(deps, first);
	await deliver(deps);
	expect((await rowsOf(deps, renderId)).assets).toMatchObject([{ stage: 'after_image', state: 'pending' }]);
});

test('a webhook without its payload is asked for', async () => {
	const deps = await renderWorld();
	const { renderId } = await givenRender(deps);
	await deliver(deps);
	deps.fal.finish(deps.fal.last());
	await notify(deps, deps.fal.last(), { payload: null });
	await deliver(deps);
	expect((await rowsOf(deps, renderId)).assets).toHaveLength(1);
});

test('a processor that never answers is asked again at each deadline, until the render expires', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);
	for (let minute = 0; minute <= 20; minute += 1) {
		deps.clock.advance({ minutes: 1 });
		await advanceRender(deps, { renderId });
	}
	await deliver(deps);

	const { render, attempts, upload } = await rowsOf(deps, renderId);
	expect(render).toMatchObject({ state: 'expired', errorCode: 'no_answer' });
	expect(render.finishedAtMs).toBe(render.deadlineAtMs);
	expect(attempts.map(({ state }) => state)).toEqual(['done', 'failed', 'failed', 'abandoned']);
	expect(upload?.deleteAtMs).toBe(render.deadlineAtMs + 24 * HOUR_MS);
	expect(deps.fal.requests.filter(({ isCancelled }) => isCancelled)).toHaveLength(3);
	expect(deps.fal.requests.some(({ isHeld }) => isHeld)).toBe(false);
	expect(await storedOutputs(actor.accountId)).toEqual([]);
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 0 });
});

test('an output of another type than asked for is not stored, and the stage is tried again', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	const request = deps.fal.last();
	deps.fal.finish(request);
	deps.fal.files.set(`https://v3.fal.media/${request.id}`, new TextEncoder().encode('<html>'));
	await notify(deps, request);
	await deliver(deps);

	const { attempts } = await rowsOf(deps, renderId);
	expect(attempts.map(({ state }) => state)).toEqual(['failed', 'submitted']);
	expect(attempts[0]?.failure).toContain('output_not_usable');
	expect(await storedOutputs(actor.accountId)).toEqual([]);
});

test('an output on a foreign host ends the render without another try', async () => {
	const deps = await renderWorld();
	const { renderId } = await givenRender(deps);
	await deliver(deps);
	deps.fal.files.set('http://169.254.169.254/', failure('output_host_not_allowed', false));
	await notify(deps, deps.fal.last(), { status: 'OK', payload: { images: [{ url: 'http://169.254.169.254/' }] } });
	await deliver(deps);
	const { render, attempts } = await rowsOf(deps, renderId);
	expect(render).toMatchObject({ state: 'failed', errorCode: 'output_host_not_allowed' });
	expect(attempts).toHaveLength(1);
});

test('what comes after a cancel is not taken, and the processor stops and forgets', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	await cancelRender(deps, { actor, renderId });
	await finishStage(deps);

	const { render, assets, attempts, events } = await rowsOf(deps, renderId);
	expect(render).toMatchObject({ state: 'cancelled', creditsCharged: 0 });
	expect(render.forgottenAtMs).not.toBeNull();
	expect(attempts).toMatchObject([{ state: 'abandoned' }]);
	expect(assets).toEqual([]);
	expect(events).toMatchObject([{ payload: null }]);
	expect(deps.fal.requests).toMatchObject([{ isCancelled: true, isHeld: false }]);
	expect(await storedOutputs(actor.accountId)).toEqual([]);
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 0 });
});

test('a copy whose id only a late webhook tells is forgotten as well', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	deps.fal.fates = ['lost_after'];
	await deliver(deps);
	await cancelRender(deps, { actor, renderId });
	await deliver(deps);
	expect((await rowsOf(deps, renderId)).render.forgottenAtMs).toBeNull();
	expect(deps.fal.last()).toMatchObject({ isHeld: true });

	deps.clock.advance({ minutes: 2 });
	await finishStage(deps);

	expect(deps.fal.last()).toMatchObject({ isCancelled: true, isHeld: false });
	const { render, attempts, events } = await rowsOf(deps, renderId);
	expect(render.forgottenAtMs).toBe(deps.now().getTime());
	expect(attempts).toMatchObject([{ state: 'abandoned', requestId: deps.fal.last().id }]);
	expect(events).toMatchObject([{ payload: null }]);
});

test('a cancel while the submission is under way still has the copy forgotten', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	deps.fal.duringSubmit = async () => {
		await cancelRender(deps, { actor, renderId });
		await forgetRender(deps, { renderId });
	};
	await deliver(deps);
	expect(deps.fal.last()).toMatchObject({ isCancelled: true, isHeld: false });
	const { render, attempts } = await rowsOf(deps, renderId);
	expect(render.forgottenAtMs).not.toBeNull();
	expect(attempts).toMatchObject([{ state: 'abandoned', requestId: deps.fal.last().id }]);
});

test('a consent revoked between two stages ends the render before the photo is sent again', async () => {
	const deps = await renderWorld();
	const { actor, upload, renderId } = await givenRender(deps);
	await deliver(deps);
	await env.DB.prepare("UPDATE consents SET state = 'revoked' WHERE id = ?").bind(upload.consentId).run();
	await finishStage(deps);
	const { render } = await rowsOf(deps, renderId);
	expect(render).toMatchObject({ state: 'failed', errorCode: 'consent_ended' });
	expect(deps.fal.requests).toHaveLength(1);
	expect(await storedOutputs(actor.accountId)).toEqual([]);
});

test('revoking a consent cancels what rests on it and gives the credits back', async () => {
	const deps = await renderWorld();
	const { actor, upload, renderId } = await givenRender(deps);
	await deliver(deps);
	await revokeConsent(deps, { actor, consentId: upload.consentId! });
	await finishStage(deps);
	expect((await rowsOf(deps, renderId)).render).toMatchObject({ state: 'cancelled', errorCode: 'consent_ended' });
	expect(deps.fal.last()).toMatchObject({ isHeld: false });
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 0 });
});

test('a crash between storing and writing is made good by the next call', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	const { db } = faultyD1(env.DB, ({ sql }) => (/insert into "assets"/.test(sql.join()) ? 'before' : null));
	deps.fal.finish(deps.fal.last());
	await notify(deps, deps.fal.last());
	const message = deps.sent.shift()!.message;
	await expect(handleMessage({ ...deps, db: drizzle(db) }, message)).rejects.toThrow(CONNECTION_LOST);
	expect(await storedOutputs(actor.accountId)).toHaveLength(1);

	await handleMessage(deps, message);
	const { assets } = await rowsOf(deps, renderId);
	expect(await storedOutputs(actor.accountId)).toEqual(assets.map(({ objectKey }) => objectKey));
});

test('bytes stored by a consumer that died after the end are gone with its next call', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	deps.fal.finish(deps.fal.last());
	await notify(deps, deps.fal.last());
	const message = deps.sent.shift()!.message;
	const real = blobStore(env.MEDIA);
	const dying = {
		...real,
		put: async (...put: Parameters<typeof real.put>) => {
			await cancelRender(deps, { actor, renderId });
			await deliver(deps);
			await real.put(...put);
			throw new Error('killed');
		},
	};
	await expect(handleMessage({ ...deps, blobs: dying }, message)).rejects.toThrow('killed');
	expect(await storedOutputs(actor.accountId)).toHaveLength(1);
	await handleMessage(deps, message);
	expect(await storedOutputs(actor.accountId)).toEqual([]);
});

test('an output that is stored while a cancel comes leaves neither row nor bytes', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	deps.fal.finish(deps.fal.last());
	await notify(deps, deps.fal.last());
	const message = deps.sent.shift()!.message;
	const real = blobStore(env.MEDIA);
	const slow = {
		...real,
		put: async (...put: Parameters<typeof real.put>) => {
			await cancelRender(deps, { actor, renderId });
			await real.put(...put);
		},
	};
	await handleMessage({ ...deps, blobs: slow }, message);
	const { render, assets } = await rowsOf(deps, renderId);
	expect(render.state).toBe('cancelled');
	expect(assets).toEqual([]);
	expect(await storedOutputs(actor.accountId)).toEqual([]);
});

test('two consumers with the same answer leave the video they made', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);
	deps.fal.finish(deps.fal.last());
	await notify(deps, deps.fal.last());
	const message = deps.sent.shift()!.message;
	const real = blobStore(env.MEDIA);
	const slow = {
		...real,
		put: async (...put: Parameters<typeof real.put>) => {
			// The other consumer stores, writes and settles meanwhile.
			await handleMessage(deps, message);
			await real.put(...put);
		},
	};
	await handleMessage({ ...deps, blobs: slow }, message);
	await deliver(deps);

	const { render, assets } = await rowsOf(deps, renderId);
	expect(render.state).toBe('succeeded');
	expect(assets.map(({ state }) => state)).toEqual(['ready', 'ready']);
	expect(await storedOutputs(actor.accountId)).toEqual(assets.map(({ objectKey }) => objectKey).toSorted());
});

test('a render is not called forgotten while the processor still holds something', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	deps.fal.isForgetful = false;
	await cancelRender(deps, { actor, renderId });
	await expect(deliver(deps)).rejects.toMatchObject({ code: 'upstream_unavailable', isRetryable: true });
	expect((await rowsOf(deps, renderId)).render.forgottenAtMs).toBeNull();

	deps.fal.isForgetful = true;
	await forgetRender(deps, { renderId });
	expect((await rowsOf(deps, renderId)).render.forgottenAtMs).not.toBeNull();
});

test('an open render is not forgotten', async () => {
	const deps = await renderWorld();
	const { renderId } = await givenRender(deps);
	await deliver(deps);
	await forgetRender(deps, { renderId });
	expect(deps.fal.last().isHeld).toBe(true);
	expect((await rowsOf(deps, renderId)).render.forgottenAtMs).toBeNull();
});

test('a picture from words is made inside the call, charged, and needs no photo', async () => {
	const asked: unknown[] = [];
	const deps = await renderWorld({
		studio: STUDIOS.image,
		pictures: {
			generate: (order) => {
				asked.push(order);
				return Promise.resolve({ kind: 'done', bytes: samplePng(4, 4) });
			},
		},
	});
	const actor = await givenAccount(deps);
	const input = { prompt: 'a paper boat' };
	const { id } = await startRender(deps, { actor, network: null, key: 'k', tool: 'image.generate', input });
	await deliver(deps);
	const { render, assets } = await rowsOf(deps, id);
	expect(asked).toEqual([{ model: 'gpt-image-1', prompt: 'a paper boat' }]);
	expect(render).toMatchObject({ state: 'succeeded', creditsCharged: 4, uploadId: null });
	expect(assets).toMatchObject([{ kind: 'picture', assetClass: 'generated', state: 'ready' }]);
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 56, held: 0 });
});

test('an id that names nothing needs nothing', async () => {
	const deps = await renderWorld();
	await handleMessage(deps, { type: 'render.advance', renderId: 'rnd_none' });
	await handleMessage(deps, { type: 'attempt.notified', attemptId: 'rnd_none.after_image.1' });
	await handleMessage(deps, { type: 'render.forget', renderId: 'rnd_none' });
	expect(deps.sent).toEqual([]);
});
