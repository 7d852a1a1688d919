import { env } from 'cloudflare:workers';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { cancelRender } from '../../../workers/core/renders/cancel-render';
import { nextRenderState, type RenderEvent, type RenderState } from '../../../workers/core/renders/render-state';
import { settleRender } from '../../../workers/core/renders/settle-render';
import { firstWrites, faultyD1 } from '../../support/faulty-d1';
import { balanceOf, givenAccount } from '../../support/given';
import { deliver, finishStage, givenRender, renderWorld, rowsOf } from '../../support/render-world';
import { takeConsoleErrors } from '../../support/unexpected-errors';

const STATES: RenderState[] = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired'];
const EVENTS: RenderEvent[] = ['stage_started', 'all_stages_done', 'refused', 'cancelled', 'deadline_passed'];
const LEGAL: Record<string, RenderState> = {
	'queued stage_started': 'running',
	'queued refused': 'failed',
	'queued cancelled': 'cancelled',
	'queued deadline_passed': 'expired',
	'running stage_started': 'running',
	'running all_stages_done': 'succeeded',
	'running refused': 'failed',
	'running cancelled': 'cancelled',
	'running deadline_passed': 'expired',
};

test.each(STATES.flatMap((state) => EVENTS.map((event) => [state, event] as const)))(
	'a %s render that hears %s goes where the table says, or nowhere',
	(state, event) => {
		expect(nextRenderState(state, event)).toBe(LEGAL[`${state} ${event}`] ?? null);
	},
);

test('an ended render takes no second outcome, whichever it is', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);
	const stale = (await rowsOf(deps, renderId)).render;
	await finishStage(deps);
	const before = await rowsOf(deps, renderId);
	for (const event of ['all_stages_done', 'refused', 'cancelled', 'deadline_passed'] as const) {
		// The row as another consumer read it before the end: only the database knows.
		expect(await settleRender(deps, { render: stale, event })).toBe('already_settled');
		expect(await settleRender(deps, { render: before.render, event })).toBe('already_settled');
	}
	expect(await rowsOf(deps, renderId)).toEqual(before);
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 36, held: 0 });
});

test('four outcomes that race end in one', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	const { render } = await rowsOf(deps, renderId);
	const events = ['all_stages_done', 'refused', 'cancelled', 'deadline_passed'] as const;
	const outcomes = await Promise.all(events.map((event) => settleRender(deps, { render, event })));
	expect(outcomes.filter((outcome) => outcome === 'settled')).toHaveLength(1);
	const after = await rowsOf(deps, renderId);
	expect(after.outcomes).toMatchObject([{ state: after.render.state }]);
	expect((await balanceOf(deps, actor.accountId))?.held).toBe(0);
});

test('a failed render leaves its pending pictures marked for deletion and shows why', async () => {
	const deps = await renderWorld();
	const { renderId } = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);
	const { render } = await rowsOf(deps, renderId);
	const failure = { code: 'photo_gone', message: 'The photo was deleted.' };
	expect(await settleRender(deps, { render, event: 'refused', failure })).toBe('settled');
	const after = await rowsOf(deps, renderId);
	expect(after.assets).toMatchObject([{ state: 'deleting' }]);
	expect(after.attempts.map(({ state }) => state)).toEqual(['done', 'abandoned']);
	expect(after.render).toMatchObject({ state: 'failed', errorCode: 'photo_gone', stage: null });
});

test('an outcome that was not written leaves all as it was, and one whose answer was lost stands', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	const before = await rowsOf(deps, renderId);
	const settle = async (fault: 'before' | 'after') => {
		const { db } = faultyD1(env.DB, firstWrites(fault));
		await expect(
			settleRender({ ...deps, db: drizzle(db) }, { render: before.render, event: 'cancelled' }),
		).rejects.toThrow('Network connection lost');
	};
	await settle('before');
	expect(await rowsOf(deps, renderId)).toEqual(before);
	await settle('after');
	expect((await rowsOf(deps, renderId)).render.state).toBe('cancelled');
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 0 });
});

test('a cancel gives the credits back at once, and a second one is a conflict', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await cancelRender(deps, { actor, renderId });
	expect(await balanceOf(deps, actor.accountId)).toEqual({ posted: 60, held: 0 });
	expect(deps.sent.at(-1)?.message).toEqual({ type: 'render.forget', renderId });
	await expect(cancelRender(deps, { actor, renderId })).rejects.toMatchObject({ code: 'conflict' });
	await deliver(deps);
	expect(deps.fal.requests).toEqual([]);
});

test('a cancel holds when the queue does not take its message', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	const queue = { send: () => Promise.reject(new Error('Queue is overloaded')) };
	await cancelRender({ ...deps, queue }, { actor, renderId });
	expect(takeConsoleErrors()).toHaveLength(1);
	expect((await rowsOf(deps, renderId)).render.state).toBe('cancelled');
});

test('somebody else’s render is not found and goes on', async () => {
	const deps = await renderWorld();
	const { renderId } = await givenRender(deps);
	const stranger = await givenAccount(deps);
	await expect(cancelRender(deps, { actor: stranger, renderId })).rejects.toMatchObject({ code: 'not_found' });
	expect((await rowsOf(deps, renderId)).render.state).toBe('queued');
});

test('a render that succeeded is not cancelled', async () => {
	const deps = await renderWorld();
	const { actor, renderId } = await givenRender(deps);
	await deliver(deps);
	await finishStage(deps);
	await finishStage(deps);
	const before = await rowsOf(deps, renderId);
	await expect(cancelRender(deps, { actor, renderId })).rejects.toMatchObject({ code: 'conflict' });
	expect(await rowsOf(deps, renderId)).toEqual(before);
});
