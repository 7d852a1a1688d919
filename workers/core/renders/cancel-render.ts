import { and, eq } from 'drizzle-orm';

import { renders } from '../../../schema/renders';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { AppError, lacks, notFound } from '../errors';
import { tellQueue } from '../tell-queue';
import { settleRender } from './settle-render';

/** Ends one's own render and gives its credits back. A render that has ended already stays as it is: `conflict`. */
export async function cancelRender(
	deps: Pick<Deps, 'db' | 'now' | 'studio' | 'queue'>,
	input: { actor: Actor; renderId: string },
): Promise<void> {
	const { actor, renderId } = input;
	const [render] = await deps.db
		.select()
		.from(renders)
		.where(and(eq(renders.id, renderId), eq(renders.accountId, actor.accountId)));
	if (render === undefined) throw notFound('render');
	const holds = hasStanding(deps, actor, 'renders:write');
	const outcome = await settleRender(deps, { render, event: 'cancelled', holds }).catch(async (cause: unknown) => {
		if (!lacks(cause, 'render_outcomes.render_id')) throw cause;
		throw (await refusalOfStanding(deps, actor, 'renders:write')) ?? cause;
	});
	if (outcome === 'already_settled') {
		throw new AppError('conflict', 'This has ended already, so there is nothing to cancel.');
	}
	// The processor may still be at work: it is told to stop and to forget, and what it sends later is not taken.
	await tellQueue(deps, { type: 'render.forget', renderId: render.id });
}
