import { and, eq, exists, isNotNull, isNull } from 'drizzle-orm';

import { attempts, renders, webhookEvents } from '../../../schema/renders';
import type { JobDeps } from '../deps';
import { advanceRender } from './advance-render';
import { nameAttemptsStatement } from './name-attempts';

/** A processor has spoken about an attempt: its render is asked what it needs next. An unknown attempt needs nothing. */
export async function advanceNotified(deps: JobDeps, { attemptId }: { attemptId: string }): Promise<void> {
	const find = () =>
		deps.db
			.select({ renderId: attempts.renderId, finishedAtMs: attempts.finishedAtMs })
			.from(attempts)
			.where(eq(attempts.id, attemptId));
	const [attempt] = await find();
	if (attempt === undefined) return;
	await advanceRender(deps, attempt);
	// Asked again: the attempt may have ended by this very notice or, by somebody else's hand, just before it.
	const [after] = await find();
	if (after !== undefined && after.finishedAtMs !== null) await takeLateNotice(deps, attemptId, after.renderId);
}

/**
 * A notice about an ended attempt brings no output any more. It may be the first to say under which id the processor
 * holds a copy (F46 and then an end): that copy has to be forgotten as well. What the notice carried is emptied.
 */
async function takeLateNotice({ db, queue }: JobDeps, attemptId: string, renderId: string): Promise<void> {
	const unnamed = db
		.select({ id: attempts.id })
		.from(attempts)
		.where(and(eq(attempts.id, attemptId), isNull(attempts.requestId)));
	const [reopened] = await db.batch([
		db
			.update(renders)
			.set({ forgottenAtMs: null })
			.where(and(eq(renders.id, renderId), isNotNull(renders.finishedAtMs), exists(unnamed)))
			.returning({ id: renders.id }),
		nameAttemptsStatement(db, eq(attempts.id, attemptId)),
		db.update(webhookEvents).set({ payload: null }).where(eq(webhookEvents.attemptId, attemptId)),
	]);
	if (reopened.length > 0) await queue.send({ type: 'render.forget', renderId });
}
