import { and, asc, inArray, isNull } from 'drizzle-orm';

import { attempts, renders } from '../../../schema/renders';
import { AppError } from '../errors';
import { falTraceOf } from '../renders/fal-trace';
import { forgetRender } from '../renders/forget-render';
import { settleRender } from '../renders/settle-render';
import { isOwned } from './owned-rows';
import type { LegRun } from './leg-run';

/** Processors may hang for half a minute each. */
const AT_ONCE_MAX = 10;

const OPEN = ['queued', 'running'] as const;

/** Ends what is under way, and gives its credits back. */
export const endWork: LegRun = async (deps, erasure) => {
	const open = await deps.db
		.select()
		.from(renders)
		.where(and(isOwned('renders', erasure) ?? undefined, inArray(renders.state, [...OPEN])))
		.limit(AT_ONCE_MAX);
	for (const render of open) {
		await settleRender(deps, {
			render,
			event: 'cancelled',
			failure: { code: 'erased', message: 'What it belongs to was erased, so we stopped.' },
		});
	}
	if (open.length === AT_ONCE_MAX) return 'more';
	return open.length > 0 ? 'deleted' : 'nothing_held';
};

/** Has processors forget every order, and looks there again (E3). */
export const forgetWork: LegRun = async (deps, erasure) => {
	const own = isOwned('renders', erasure) ?? undefined;
	const kept = await deps.db
		.select({ id: renders.id })
		.from(renders)
		.where(and(own, isNull(renders.forgottenAtMs)))
		.orderBy(asc(renders.triedAtMs))
		.limit(AT_ONCE_MAX);
	let forgotten = 0;
	let failure: unknown = null;
	for (const { id } of kept) {
		try {
			if ((await forgetRender(deps, { renderId: id })) === 'forgotten') forgotten += 1;
		} catch (error) {
			// The others are asked about all the same.
			failure = error;
		}
	}
	if (failure !== null) {
		throw new AppError('upstream_unavailable', 'A processor still holds something.', { cause: failure });
	}
	if (forgotten < kept.length) return 'waiting';
	if (kept.length === AT_ONCE_MAX) return 'more';
	return traceOf(deps, erasure);
};

/** What there was at fal, of orders that are all forgotten. */
const traceOf: LegRun = async ({ db }, erasure) => {
	const tries = await db
		.select({
			processor: attempts.processor,
			requestId: attempts.requestId,
			state: attempts.state,
			failure: attempts.failure,
		})
		.from(attempts)
		.where(isOwned('attempts', erasure) ?? undefined);
	const traces = new Set(tries.map(falTraceOf));
	if (traces.has('maybe')) return 'scheduled';
	return traces.has('named') ? 'deleted' : 'nothing_held';
};
