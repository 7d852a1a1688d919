import { and, eq } from 'drizzle-orm';

import { assets } from '../../../schema/renders';
import type { JobDeps } from '../deps';
import { collectAttempt } from './collect-attempt';
import { loadWork } from './load-work';
import { nextStep } from './next-step';
import { removeOrphans } from './remove-orphans';
import { isTerminal } from './render-state';
import { settleRender } from './settle-render';
import { startAttempt } from './start-attempt';

/** More steps than any tool can need: stages × attempts × (start, collect) and the end. */
const STEPS_MAX = 40;

/** Before a stage's second and third try: long enough for a burst of refusals, short beside what a stage takes. */
const RETRY_PAUSE_SECONDS: readonly number[] = [2, 8];

/**
 * Does what a render needs next until it has to wait or has ended. Safe to call at any time, twice at once, and for
 * a render that ended long ago: every step is decided by rows and written under a key that only one caller can take.
 */
export async function advanceRender(deps: JobDeps, { renderId }: { renderId: string }): Promise<void> {
	for (let step = 0; step < STEPS_MAX; step += 1) {
		const work = await loadWork(deps, renderId);
		if (work === null) return;
		const next = nextStep(work, deps.now().getTime());
		switch (next.kind) {
			case 'rest':
				// A consumer that died after storing is called again, perhaps after the end: nothing of it may stay.
				if (isTerminal(work.state)) await removeOrphans(deps, { renderId });
				return;
			case 'end': {
				const outcome = await settleRender(deps, {
					render: work.render,
					event: next.event,
					...(next.failure === undefined ? {} : { failure: next.failure }),
				});
				if (outcome === 'settled') await cleanUpAfter(deps, renderId);
				return;
			}
			case 'start': {
				// Whatever made the last try fail a moment ago is given time to pass; a new message goes on from the rows.
				const pauseSeconds = RETRY_PAUSE_SECONDS[next.number - 2];
				if (step > 0 && pauseSeconds !== undefined) {
					await deps.queue.send({ type: 'render.advance', renderId }, { delaySeconds: pauseSeconds });
					return;
				}
				if ((await startAttempt(deps, work, next)) === 'waiting') return;
				break;
			}
			case 'collect':
				if ((await collectAttempt(deps, work, next)) === 'waiting') return;
				break;
		}
	}
	throw new Error(`render ${renderId} did not come to rest in ${STEPS_MAX} steps`);
}

/** What a stage left behind when a later one failed is deleted, and processors are told to forget. */
async function cleanUpAfter({ db, queue }: JobDeps, renderId: string): Promise<void> {
	await queue.send({ type: 'render.forget', renderId });
	const leftovers = await db
		.select({ id: assets.id })
		.from(assets)
		.where(and(eq(assets.renderId, renderId), eq(assets.state, 'deleting')));
	for (const { id } of leftovers) await queue.send({ type: 'asset.delete', assetId: id });
}
