import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { FalFaults } from '../../emulators/fal/faults';
import type { FailureKind } from '../../emulators/fal/failures';
import { picture } from '../core/media/sample-images';
import {
	givenOrder,
	givenPhoto,
	isOpen,
	patient,
	readRender,
	waitForEnd,
	type RenderBody,
} from './support/given-smile';
import { givenPractice, type Practice } from './support/practice';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { expectOrder, objectsOf, rowsOf } from './support/trace';
import { until } from './support/until';

const FAIR = FalFaults.parse({});
const TROUBLE = 'The processor had trouble making this. Try again in a few minutes.';

let it: TestEdge;
/** Shared on purpose: what a failure cost would be missing from its credits in a later test. */
let practice: Practice;
let uploadId: string;
beforeAll(async () => {
	it = await startTestEdge();
	practice = await givenPractice(it.edge);
	uploadId = await givenPhoto(practice);
});
afterEach(async () => {
	it.emulators.fal.set(FAIR);
	await expectOrder(it);
});
afterAll(() => it.close());

/** Lets the cron's minutes pass while a render is open. */
const sweeping = () => it.edge.runCron();

/** Ended without a charge, with one outcome, and with nothing kept here or at the processor. */
async function expectFreeEnd(owner: Practice, render: RenderBody, objectsBefore: readonly string[]): Promise<void> {
	expect(render).toMatchObject({ credits: { held: 0, charged: 0 } });
	expect(await owner.credits()).toEqual({ available: 60, held: 0 });
	const outcomes = (await rowsOf(it.edge, 'render_outcomes')).filter((row) => row['render_id'] === render.id);
	expect(outcomes).toMatchObject([{ state: render.state }]);
	await until('nothing of it is kept', async () => {
		const [objects, left] = [await objectsOf(it.edge), it.emulators.fal.requests()];
		const isGone = objects.length <= objectsBefore.length && left.every(({ payloadsDeleted }) => payloadsDeleted);
		return isGone ? true : undefined;
	});
	expect(await objectsOf(it.edge)).toEqual(objectsBefore);
}

async function failedRender(): Promise<{ render: RenderBody; tries: number[] }> {
	const objects = await objectsOf(it.edge);
	const render = await waitForEnd(practice, await givenOrder(practice, uploadId));
	expect(render.state).toBe('failed');
	await expectFreeEnd(practice, render, objects);
	return { render, tries: render.stages.map((stage) => stage.tries) };
}

const RETRIED = [
	'rate_limited',
	'submit_unavailable',
	'request_timeout',
	'startup_timeout',
	'runner_scheduling_failure',
	'runner_connection_timeout',
	'runner_disconnected',
	'runner_connection_refused',
	'runner_connection_error',
	'runner_incomplete_response',
	'runner_server_error',
	'internal_error',
] as const satisfies FailureKind[];

/** What the photo or the words are refused for would be refused again: these are final. */
const FINAL = [
	['content_policy_violation', 'The processor’s safety check refused this. Try another photo or other words.'],
	['image_too_small', TROUBLE],
	['image_too_large', TROUBLE],
	['generation_timeout', TROUBLE],
	['downstream_service_error', TROUBLE],
] as const satisfies [FailureKind, string][];

describe('a processor that fails', () => {
	// At once, because a stage pauses between its tries: which render meets which kind does not matter.
	test('in passing is asked three times for each picture, whatever the trouble is called, and the credits come back', async () => {
		const objects = await objectsOf(it.edge);
		const practices = await Promise.all(Array.from({ length: RETRIED.length / 2 }, () => givenPractice(it.edge)));
		const photos: string[] = [];
		for (const each of practices) photos.push(await givenPhoto(each));
		it.emulators.fal.set({ failNext: RETRIED.map((kind) => ({ kind, times: 3 })) });
		const renders = await Promise.all(
			practices.flatMap((each, index) =>
				[1, 2].map(async () => waitForEnd(each, await givenOrder(each, photos[index]))),
			),
		);
		for (const render of renders) {
			expect(render).toMatchObject({ state: 'failed', credits: { held: 0, charged: 0 }, error: { message: TROUBLE } });
			expect(render.stages.map(({ tries }) => tries)).toEqual([3, 0]);
		}
		expect(it.emulators.fal.faults().failNext).toEqual([]);
		for (const each of practices) expect(await each.credits()).toEqual({ available: 60, held: 0 });
		expect((await objectsOf(it.edge)).length).toBe(objects.length + photos.length);
	});

	test.each(FINAL)('with %s is asked once, and the credits come back', async (kind, message) => {
		it.emulators.fal.set({ failNext: [{ kind }] });
		const { render, tries } = await failedRender();
		expect(tries).toEqual([1, 0]);
		expect(render.error).toEqual({ code: kind, message });
	});

	test.each(['client_cancelled', 'bad_request'] as const)('with %s, which blames us, is asked once', async (kind) => {
		it.emulators.fal.set({ failNext: [{ kind }] });
		const { render, tries } = await failedRender();
		expect(tries).toEqual([1, 0]);
		expect(render.error?.message).toBe(TROUBLE);
	});

	test('to fetch the photo once is asked again, and charges once', async () => {
		const own = await givenPractice(it.edge);
		it.emulators.fal.set({ failNext: [{ kind: 'file_download_error' }] });
		const render = await waitForEnd(own, await givenOrder(own, await givenPhoto(own)));
		expect(render).toMatchObject({ state: 'succeeded', credits: { charged: 24 } });
		expect(render.stages.map(({ tries }) => tries)).toEqual([2, 1]);
	});

	test('at the video leaves no picture behind', async () => {
		it.emulators.fal.set({
			failNext: [{ kind: 'content_policy_violation', endpoint: 'fal-ai/pixverse/v6/transition' }],
		});
		const { render, tries } = await failedRender();
		expect(tries).toEqual([1, 1]);
		expect(render.assets.filter(({ state }) => state === 'ready')).toEqual([]);
	});

	test('once at each stage is asked again, and charges once', async () => {
		const own = await givenPractice(it.edge);
		const endpoints = ['fal-ai/nano-banana-2/edit', 'fal-ai/pixverse/v6/transition'];
		it.emulators.fal.set({
			failNext: endpoints.map((endpoint) => ({ kind: 'runner_server_error' as const, endpoint })),
		});
		const render = await waitForEnd(own, await givenOrder(own));
		expect(render).toMatchObject({ state: 'succeeded', credits: { held: 0, charged: 24 } });
		expect(render.stages.map(({ tries }) => tries)).toEqual([2, 2]);
		expect(await own.credits()).toEqual({ available: 36, held: 0 });
	});
});

describe('a processor that answers with something else', () => {
	test.each([
		['wrong_type', 3, 'What came back was not what was asked for. Try again.'],
		['missing', 3, TROUBLE],
		['huge', 1, 'What came back was larger than we take. Try again.'],
		['redirect', 1, TROUBLE],
		['foreign_host', 1, TROUBLE],
	] as const)('%s is not taken, and the credits come back', async (output, expectedTries, message) => {
		it.emulators.fal.set({ output });
		const { render, tries } = await failedRender();
		expect(tries).toEqual([expectedTries, 0]);
		expect(render.error?.message).toBe(message);
	});
});

describe('a photo that the processor cannot work on', () => {
	test('for a closed mouth says so', async () => {
		const closed = await givenPhoto(practice, await patient('closed'));
		const objects = await objectsOf(it.edge);
		const render = await waitForEnd(practice, await givenOrder(practice, closed));
		expect(render).toMatchObject({ state: 'failed', error: { code: 'mouth_closed' } });
		expect(render.error!.message).toMatch(/^[A-Z].*(mouth|teeth|smile).*\.$/i);
		expect(render.stages[0]).toMatchObject({ tries: 1 });
		await expectFreeEnd(practice, render, objects);
	});

	test('for no face says so', async () => {
		const landscape = new Uint8Array(await picture(640, 800).png().toBuffer());
		const empty = await givenPhoto(practice, landscape);
		const objects = await objectsOf(it.edge);
		const render = await waitForEnd(practice, await givenOrder(practice, empty));
		expect(render).toMatchObject({ state: 'failed', error: { code: 'no_face' } });
		expect(render.error!.message).toMatch(/^[A-Z].*face.*\.$/i);
		await expectFreeEnd(practice, render, objects);
	});
});

test('a submission whose answer is lost is not sent twice: its webhook says which job it was', async () => {
	const own = await givenPractice(it.edge);
	const asked = it.emulators.fal.requests().length;
	it.emulators.fal.set({ failNext: [{ kind: 'submit_reset_after_start' }] });
	const render = await waitForEnd(own, await givenOrder(own));
	expect(render).toMatchObject({ state: 'succeeded', credits: { charged: 24 } });
	expect(render.stages.map(({ tries }) => tries)).toEqual([1, 1]);
	expect(it.emulators.fal.requests().length - asked).toBe(2);
});

test('a job that is cancelled is stopped and forgotten at the processor, and costs nothing', async () => {
	const objects = await objectsOf(it.edge);
	const asked = it.emulators.fal.requests().length;
	it.emulators.fal.set({ progressMs: 20_000 });
	const id = await givenOrder(practice, uploadId);
	await until('the processor works', async () =>
		it.emulators.fal.requests()[asked]?.state === 'IN_PROGRESS' ? true : undefined,
	);
	await practice.send('POST', `/v1/renders/${id}/cancel`);
	const render = await readRender(practice, id);
	expect(render.state).toBe('cancelled');
	await expectFreeEnd(practice, render, objects);
	expect(it.emulators.fal.requests()[asked]).toMatchObject({ state: 'COMPLETED', status: 499, payloadsDeleted: true });
});

// These move the clock, so they come last.
test('a submission that never arrived is sent again after its stage’s deadline', async () => {
	const own = await givenPractice(it.edge);
	const asked = it.emulators.fal.requests().length;
	it.emulators.fal.set({ failNext: [{ kind: 'submit_reset_before_start' }] });
	const id = await givenOrder(own);
	await until('the submission failed', async () => {
		const attempts = await rowsOf(it.edge, 'attempts');
		return attempts.some((row) => row['render_id'] === id && row['state'] === 'unknown') ? true : undefined;
	});
	await sweeping();
	expect(it.emulators.fal.requests().length).toBe(asked);
	await it.edge.moveClock(5 / 60);
	const render = await waitForEnd(own, id, sweeping);
	expect(render).toMatchObject({ state: 'succeeded', credits: { charged: 24 } });
	expect(render.stages.map(({ tries }) => tries)).toEqual([2, 1]);
	expect(it.emulators.fal.requests().length - asked).toBe(2);
});

test('a processor that never answers lets the render expire after 20 minutes, and the credits come back', async () => {
	const own = await givenPractice(it.edge);
	const photo = await givenPhoto(own);
	const objects = await objectsOf(it.edge);
	it.emulators.fal.set({ neverAnswer: true });
	const id = await givenOrder(own, photo);
	await until('the processor works', async () =>
		it.emulators.fal.requests().at(-1)?.state === 'IN_PROGRESS' ? true : undefined,
	);
	await it.edge.moveClock(15 / 60);
	await sweeping();
	const waiting = await until('its stage is tried again', async () => {
		const render = await readRender(own, id);
		return render.stages[0]?.tries === 2 ? render : undefined;
	});
	expect(isOpen(waiting)).toBe(true);
	expect(await own.credits()).toEqual({ available: 36, held: 24 });
	await it.edge.moveClock(6 / 60);
	const render = await waitForEnd(own, id, sweeping);
	expect(render).toMatchObject({
		state: 'expired',
		error: { code: 'no_answer', message: 'The processor did not answer in time. Try again in a few minutes.' },
	});
	await expectFreeEnd(own, render, objects);
});
