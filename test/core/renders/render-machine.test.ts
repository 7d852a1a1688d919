import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import type { BlobStore } from '../../../workers/core/deps';
import { blobStore } from '../../../workers/core/job-deps';
import type { WorkMessage } from '../../../workers/core/messages';
import { cancelRender } from '../../../workers/core/renders/cancel-render';
import { isTerminal } from '../../../workers/core/renders/render-state';
import { sweep } from '../../../workers/core/retention/sweep';
import { handleMessage } from '../../../workers/jobs/handle-message';
import { faultyD1, type D1Fault } from '../../support/faulty-d1';
import { failure } from '../../support/fake-fal';
import { balanceOf } from '../../support/given';
import { isWrite } from '../../support/intercepted-d1';
import { propertyParameters } from '../../support/property';
import { givenRender, notify, renderWorld, rowsOf, storedOutputs, type RenderWorld } from '../../support/render-world';
import { takeConsoleErrors } from '../../support/unexpected-errors';

/*
 * One order, and everything that can happen to it in waves that run at once: messages delivered, doubled, reordered and
 * lost, answers good and bad, webhooks repeated and contradicting, cancels, jumps of the clock, sweeps, and faults of
 * database and store before or after their effect. When all has come to rest, J1–J5, L2, U1 and W3 hold.
 */

const RUNS = 20;
const HOUR_MS = 3_600_000;
const TRIES_MAX = 6;

const pick = fc.nat(20);
const action = fc.oneof(
	{ weight: 10, arbitrary: fc.record({ kind: fc.constant('deliver' as const), pick, isKept: fc.boolean() }) },
	{ weight: 3, arbitrary: fc.record({ kind: fc.constant('deliver_twice' as const), pick }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('lose' as const), pick }) },
	{
		weight: 6,
		arbitrary: fc.record({
			kind: fc.constant('finish' as const),
			pick,
			how: fc.constantFrom(
				'right',
				'right',
				'right',
				'right',
				'right',
				'right',
				'right',
				'wrong_type',
				'trouble',
				'refused',
			),
			isTold: fc.nat(3).map((n) => n > 0),
		}),
	},
	{
		weight: 3,
		arbitrary: fc.record({
			kind: fc.constant('notify' as const),
			pick,
			status: fc.constantFrom(undefined, undefined, 'OK', 'ERROR'),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constantFrom<'cancel' | 'rest'>('cancel', 'rest', 'rest', 'rest') }) },
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant('wait' as const),
			seconds: fc.constantFrom(1, 1, 1, 20, 20, 61, 61, 245, 1300),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('sweep' as const) }) },
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant('fault' as const),
			of: fc.constantFrom('d1', 'd1', 'put', 'delete'),
			at: fc.constantFrom<D1Fault>('before', 'after'),
			skip: fc.nat(3),
		}),
	},
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;
const plan = fc.record({
	fates: fc.array(fc.constantFrom('accept', 'accept', 'accept', 'lost_after', 'lost_before', 'trouble'), {
		maxLength: 6,
	}),
	/** By how many round trips each storing is late, in turn: consumers overtake each other there. */
	lags: fc.array(fc.constantFrom(0, 0, 3, 12, 30), { minLength: 1, maxLength: 5 }),
	/** How the processor answers at last: not at all, or while a cancel comes so many round trips later. */
	ending: fc.constantFrom<'silence' | 'answers' | number>('silence', 'answers', 'answers', 'answers', 4, 12),
	waves: fc.array(fc.array(action, { minLength: 1, maxLength: 3 }), { minLength: 4, maxLength: 28 }),
});

/** Nothing goes wrong, so that one at least succeeds however the others fall. */
const QUIET = { fates: [], lags: [0 as const], ending: 'answers' as const, waves: [] };

const figures = { actions: 0, faults: 0, endings: {} as Record<string, number>, submissions: 0 };

test('whatever happens to a render, it ends once and leaves nothing wrong', { timeout: 240_000 }, async () => {
	const parameters = propertyParameters('render machine', RUNS, 3);
	await fc.assert(fc.asyncProperty(plan, checkRun), { ...parameters, examples: [[QUIET]] });
	console.log(`render machine: ${JSON.stringify(figures)}, 0 violations`);
	expect(figures.endings['succeeded']).toBeGreaterThan(0);
	// A few runs may meet no fault, and end alike.
	if (parameters.numRuns < RUNS) return;
	expect(figures.faults).toBeGreaterThan(0);
	expect(Object.keys(figures.endings).length).toBeGreaterThan(2);
});

/** A world whose database and store fail where an armed fault says, once. */
async function faultyWorld(lags: readonly number[]) {
	let armed: { of: string; at: D1Fault; skip: number } | null = null;
	const strike = (of: string): D1Fault | null => {
		if (armed?.of !== of) return null;
		if (armed.skip > 0) {
			armed.skip -= 1;
			return null;
		}
		const { at } = armed;
		armed = null;
		figures.faults += 1;
		return at;
	};
	const d1 = faultyD1(env.DB, (call) => (isWrite(call) ? strike('d1') : null)).db;
	const world = await renderWorld({ blobs: faultyBlobs(blobStore(env.MEDIA), strike, lags) });
	return {
		clean: world,
		faulty: { ...world, db: drizzle(d1) },
		arm: (fault: typeof armed) => {
			armed = fault;
		},
	};
}

function faultyBlobs(real: BlobStore, strike: (of: string) => D1Fault | null, lags: readonly number[]): BlobStore {
	let puts = 0;
	const around = async (of: string, run: () => Promise<void>) => {
		const fault = strike(of);
		if (fault !== 'before') await run();
		if (fault !== null) throw new Error(`the store failed ${fault} its ${of}`);
	};
	return {
		...real,
		put: async (...put) => {
			const lag = lags[puts % lags.length] ?? 0;
			puts += 1;
			await roundTrips(lag);
			await around('put', () => real.put(...put));
		},
		delete: (keys) => around('delete', () => real.delete(keys)),
	};
}

type World = Awaited<ReturnType<typeof faultyWorld>> & {
	renderId: string;
	actor: Parameters<typeof cancelRender>[1]['actor'];
};

type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

async function checkRun(told: Plan): Promise<void> {
	const faulty = await faultyWorld(told.lags);
	const { actor, renderId } = await givenRender(faulty.clean);
	const world: World = { ...faulty, actor, renderId };
	world.clean.fal.fates = told.fates.map((fate) =>
		fate === 'trouble' ? failure('status_503', true) : (fate as 'accept'),
	);
	let ended: string | null = null;
	for (const wave of told.waves) {
		await Promise.all(wave.map((each) => act(world, each)));
		const { render } = await rowsOf(world.clean, renderId);
		expect(render.state).toBe(ended ?? render.state);
		if (isTerminal(render.state)) ended = render.state;
	}
	if (told.ending !== 'silence') await answerAll(world, told.ending);
	world.arm(null);
	await comeToRest(world);
	takeConsoleErrors();
	await expectAllRight(world);
}

async function act(world: World, told: Action): Promise<void> {
	const { clean, faulty, renderId, actor } = world;
	const { fal, sent } = clean;
	figures.actions += 1;
	switch (told.kind) {
		case 'deliver':
		case 'deliver_twice': {
			const at = told.pick % Math.max(sent.length, 1);
			const message = sent[at]?.message;
			if (message === undefined) return;
			if (told.kind === 'deliver' && !told.isKept) sent.splice(at, 1);
			const times = told.kind === 'deliver' ? 1 : 2;
			await Promise.all(Array.from({ length: times }, () => consume(world, faulty, message)));
			return;
		}
		case 'lose': {
			const { render } = await rowsOf(clean, renderId);
			if (!isTerminal(render.state)) sent.splice(told.pick % Math.max(sent.length, 1), 1);
			return;
		}
		case 'finish': {
			const request = fal.requests.filter(({ answer }) => answer === null)[
				told.pick % Math.max(fal.requests.length, 1)
			];
			if (request === undefined) return;
			fal.finish(request, ANSWERS[told.how]);
			if (told.how === 'wrong_type') fal.files.set(`https://v3.fal.media/${request.id}`, new Uint8Array(9));
			if (told.isTold) await notify(clean, request);
			return;
		}
		case 'notify': {
			const request = fal.requests[told.pick % Math.max(fal.requests.length, 1)];
			if (request?.answer == null) return;
			await notify(clean, request, told.status === undefined ? {} : { status: told.status, payload: null });
			return;
		}
		case 'rest':
			return;
		case 'cancel':
			await cancelRender(faulty, { actor, renderId }).catch(() => undefined);
			return;
		case 'wait':
			clean.clock.advance({ seconds: told.seconds });
			return;
		case 'sweep':
			await sweep(faulty, { scheduledAtMs: clean.now().getTime() }).catch(() => undefined);
			return;
		case 'fault':
			world.arm(told);
	}
}

const ANSWERS: Record<string, ReturnType<typeof failure>> = {
	trouble: failure('runner_server_error', true),
	refused: failure('no_face', false, 'No face was found.'),
};

const triesOf = new WeakMap<WorkMessage, number>();

/** As the queue does: what throws comes again, a few times. */
async function consume(world: World, deps: RenderWorld, message: WorkMessage): Promise<void> {
	try {
		await handleMessage(deps, message);
	} catch {
		const tries = (triesOf.get(message) ?? 0) + 1;
		triesOf.set(message, tries);
		if (tries < TRIES_MAX) world.clean.sent.push({ message, delaySeconds: 1 });
	}
}

/** Both stages' answers, each heard by two consumers at once. */
async function answerAll(world: World, ending: 'answers' | number): Promise<void> {
	const { clean, faulty } = world;
	for (let stage = 0; stage < 2; stage += 1) {
		await drain(world);
		for (const request of clean.fal.requests.filter(({ answer }) => answer === null)) {
			clean.fal.finish(request);
			await notify(clean, request);
		}
		const heard = clean.sent.splice(0);
		const consumers = [...heard, ...heard].map(({ message }) => consume(world, faulty, message));
		await Promise.all([...consumers, ...(ending === 'answers' ? [] : [cancelAfter(world, ending)])]);
	}
}

async function cancelAfter({ faulty, actor, renderId }: World, trips: number): Promise<void> {
	await roundTrips(trips);
	await cancelRender(faulty, { actor, renderId }).catch(() => undefined);
}

async function roundTrips(count: number): Promise<void> {
	for (let trip = 0; trip < count; trip += 1) await env.DB.prepare('select 1').run();
}

/**
 * The world without faults: the queue drains, the last deadline passes, and sweeps find what is left. A submission whose
 * answer never came is waited for until whatever it made at fal has outlived its time there.
 */
async function comeToRest(world: World): Promise<void> {
	const { clean } = world;
	for (const minutes of [2, 21, 2, 121, 2]) {
		await drain(world);
		clean.clock.advance({ minutes });
		await sweep(clean, { scheduledAtMs: clean.now().getTime() });
		await drain(world);
		if ((await rowsOf(clean, world.renderId)).render.forgottenAtMs !== null) break;
	}
	// What could not be signed for while a processor held on is signed for now.
	clean.clock.advance({ minutes: 2 });
	await sweep(clean, { scheduledAtMs: clean.now().getTime() });
	await drain(world);
}

async function drain(world: World): Promise<void> {
	const { sent } = world.clean;
	for (let next = sent.shift(); next !== undefined; next = sent.shift()) {
		await consume(world, world.clean, next.message);
	}
}

async function expectAllRight({ clean, renderId, actor }: World): Promise<void> {
	const { render, outcomes, assets, attempts, events, upload } = await rowsOf(clean, renderId);
	const isSuccess = render.state === 'succeeded';
	figures.endings[render.state] = (figures.endings[render.state] ?? 0) + 1;
	figures.submissions += clean.fal.requests.length;

	expect(outcomes).toMatchObject([{ state: render.state }]);
	expect(await balanceOf(clean, actor.accountId)).toEqual({ posted: isSuccess ? 36 : 60, held: 0 });
	expect(render.creditsCharged).toBe(isSuccess ? 24 : 0);
	const ready = assets.filter(({ state }) => state === 'ready');
	expect(ready.map(({ stage }) => stage)).toEqual(isSuccess ? ['after_image', 'motion'] : []);
	expect(assets.filter(({ state }) => state === 'pending' || state === 'deleting')).toEqual([]);
	expect(await storedOutputs(actor.accountId)).toEqual(ready.map(({ objectKey }) => objectKey).toSorted());
	expect(upload).toMatchObject({ deleteClock: 'render', deleteAtMs: render.finishedAtMs! + 24 * HOUR_MS });
	expect(attempts.every(({ state }) => ['done', 'failed', 'abandoned'].includes(state))).toBe(true);
	expect(attempts.every(({ number }) => number <= 3)).toBe(true);
	expect(events.filter(({ payload }) => payload !== null)).toEqual([]);
	expect(render.forgottenAtMs).not.toBeNull();
	const known = new Set([...attempts, ...events].map(({ requestId }) => requestId));
	expect(clean.fal.requests.filter(({ id, isHeld }) => isHeld && known.has(id))).toEqual([]);
}
