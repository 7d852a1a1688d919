import { drizzle } from 'drizzle-orm/d1';
import { afterAll, expect, test } from 'vitest';

import { auditLedger } from '../../../workers/core/credits/audit-ledger';
import { advanceRender } from '../../../workers/core/renders/advance-render';
import { cancelRender } from '../../../workers/core/renders/cancel-render';
import { startRender } from '../../../workers/core/renders/start-render';
import { sweep } from '../../../workers/core/retention/sweep';
import { handleMessage } from '../../../workers/jobs/handle-message';
import { crashEverywhere, crashPoints, untilCrash, type Crash } from '../../support/crash-points';
import { failure } from '../../support/fake-fal';
import { givenAccount, ledgerOf } from '../../support/given';
import {
	deliver,
	finishStage,
	givenReadyUpload,
	givenRender,
	notify,
	renderWorld,
	rowsOf,
	smileOrder,
	storedOutputs,
	type RenderWorld,
} from '../../support/render-world';
import { takeConsoleErrors } from '../../support/unexpected-errors';

/*
 * An order, and each way that a render ends, broken off at every call, before the call and after it, with the flow going on and with
 * the Worker gone. Whatever was told to the queue is lost. Then one sweep runs, and everything is as after an unbroken run.
 */

interface Given {
	accountId: string;
	/** What is broken off. */
	act: (deps: RenderWorld) => Promise<unknown>;
	/** What the person does who saw it fail: the same again, after the sweep. Nobody does, unless told. */
	again?: () => Promise<unknown>;
	/** What has to be true in the end. */
	renderId: () => Promise<string>;
	state: string;
}

async function givenAnswer(deps: RenderWorld, state: 'succeeded' | 'failed'): Promise<Given> {
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	if (state === 'succeeded') await finishStage(deps);
	const request = deps.fal.last();
	deps.fal.finish(request, state === 'failed' ? failure('no_face', false, 'No face was found.') : undefined);
	await notify(deps, request);
	const told = deps.sent.shift()!;
	const act = (crashing: RenderWorld) => handleMessage(crashing, told.message);
	return { accountId: actor.accountId, act, renderId: () => Promise.resolve(renderId), state };
}

const FLOWS: readonly { name: string; given: (deps: RenderWorld) => Promise<Given> }[] = [
	{
		name: 'an order is placed',
		given: async (deps) => {
			const actor = await givenAccount(deps);
			const upload = await givenReadyUpload(deps, actor);
			const order = smileOrder(actor, upload.id);
			const again = () => startRender(deps, order);
			const renderId = async () => (await again()).id;
			// By the sweep, or by who ordered again, it is on its way.
			const act = (crashing: RenderWorld) => startRender(crashing, order);
			return { accountId: actor.accountId, act, again, renderId, state: 'running' };
		},
	},
	{ name: 'a render succeeds', given: (deps) => givenAnswer(deps, 'succeeded') },
	{ name: 'a render fails', given: (deps) => givenAnswer(deps, 'failed') },
	{
		name: 'a render is cancelled',
		given: async (deps) => {
			const { actor, renderId } = await givenRender(deps);
			await deliver(deps);
			const again = () => cancelRender(deps, { actor, renderId }).catch(() => undefined);
			const act = (crashing: RenderWorld) => cancelRender(crashing, { actor, renderId });
			const { accountId } = actor;
			return { accountId, act, again, renderId: () => Promise.resolve(renderId), state: 'cancelled' };
		},
	},
	{
		name: 'a render passes its deadline',
		given: async (deps) => {
			const { actor, renderId } = await givenRender(deps);
			await deliver(deps);
			deps.clock.advance({ minutes: 21 });
			const act = (crashing: RenderWorld) => advanceRender(crashing, { renderId });
			return { accountId: actor.accountId, act, renderId: () => Promise.resolve(renderId), state: 'expired' };
		},
	},
];

const figures = { flows: 0, points: 0, runs: 0 };
afterAll(() => console.log(`crash points of orders: ${JSON.stringify(figures)}, 0 stuck, 0 doubled`));

/** What a run leaves of what must not differ: without ids and times, which do. */
async function factsOf(deps: RenderWorld, { accountId, renderId }: Given) {
	const { balance, entries } = await ledgerOf(deps, accountId);
	const { render, outcomes, assets, attempts, upload } = await rowsOf(deps, await renderId());
	const { posted, held, owed } = balance[0]!;
	return {
		sums: { posted, held, owed },
		entries: entries.map(({ kind, amount }) => `${kind} ${amount}`),
		render: [render.state, render.creditsCharged, render.errorCode],
		outcomes: outcomes.map(({ state }) => state),
		assets: assets.map(({ stage, state }) => `${stage} ${state}`),
		open: attempts.filter(({ state }) => ['intent', 'unknown'].includes(state)).length,
		clock: upload?.deleteClock,
		isForgotten: render.forgottenAtMs !== null,
		stored: (await storedOutputs(accountId)).length,
		held: deps.fal.requests.filter(({ isHeld }) => isHeld).length,
	};
}

async function runBroken(flow: (typeof FLOWS)[number], crash: Crash | null) {
	const deps = await renderWorld();
	const given = await flow.given(deps);
	const points = crashPoints(crash);
	const crashing: RenderWorld = {
		...deps,
		db: drizzle(points.d1(deps.d1)),
		queue: points.queue(deps.queue),
		fal: points.gateway('fal', deps.fal),
		blobs: points.gateway('blobs', deps.blobs),
	};
	await untilCrash(points, () => given.act(crashing));
	expect(points.hasHappened()).toBe(crash !== null);
	deps.sent.length = 0;

	deps.clock.advance({ minutes: 2 });
	const { failures } = await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	expect(failures).toBe(0);
	await deliver(deps);
	await given.again?.();
	await deliver(deps);
	takeConsoleErrors();

	const facts = await factsOf(deps, given);
	expect(facts.render[0]).toBe(given.state);
	return { facts, calls: points.calls };
}

test.each(FLOWS)(
	'$name: broken off anywhere, one sweep leaves what an unbroken run leaves',
	{ timeout: 600_000 },
	async (flow) => {
		const { facts, calls } = await runBroken(flow, null);
		figures.flows += 1;
		figures.points += calls.length;
		figures.runs += await crashEverywhere(calls.length, async (crash) => {
			const broken = await runBroken(flow, crash);
			expect({ ...crash, call: calls[crash.at], facts: broken.facts }).toEqual({
				...crash,
				call: calls[crash.at],
				facts,
			});
			return broken;
		});
		const { db } = await renderWorld();
		expect((await auditLedger({ db })).violations).toEqual([]);
	},
);
