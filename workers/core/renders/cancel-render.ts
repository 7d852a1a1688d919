import { and, eq } from 'drizzle-orm';

import { renders } from '../../../schema/renders';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { AppError, notFound } from '../errors';
import { tellQueue } from '../tell-queue';
import { settleRender } from './settle-render';

/** Ends one's own render and gives its credits back. A render that has ended already stays as it is: `conflict`. */
export async function cancelRender(
	deps: Pick<Deps, 'db' | 'now' | 'studio' | 'queue'>,
	input: { actor: Actor; renderId: string },
): Promise<void> {
	const [render] = await deps.db
		.select()
		.from(renders)
		.where(and(eq(renders.id, input.renderId), eq(renders.accountId, input.actor.accountId)));
	if (render === undefined) throw notFound('render');
	const outcome = await settleRender(deps, { render, event: 'cancelled' });
	if (outcome === 'already_settled') {
		throw new AppError('conflict', 'This has ended already, so there is nothing to cancel.');
	}
	// The processor may still be at work: it is told to stop and to forget, and what it sends later is not taken.
	await tellQueue(deps, { type: 'render.forget', renderId: render.id });
}
