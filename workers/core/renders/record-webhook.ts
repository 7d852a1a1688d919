import { eq, sql } from 'drizzle-orm';

import { attempts, webhookEvents } from '../../../schema/renders';
import type { Deps } from '../deps';
import type { FalNotice } from '../gateways/fal-webhook';

/**
 * Keeps a verified notice, once, and tells the queue; one D1 statement, so that fal is answered at once (W2). Of an attempt that is
 * not there nothing is kept: it was erased, and what comes late about it would bring it back (E5). Whether it is still open is not
 * asked here: the consumer reads that anew.
 */
export async function recordFalNotice(
	{ db, now, queue }: Pick<Deps, 'db' | 'now' | 'queue'>,
	input: { attemptId: string; notice: FalNotice },
): Promise<void> {
	const { attemptId, notice } = input;
	const kept = db
		.select({
			id: sql<string>`${`fal:${notice.requestId}:${notice.status}`}`.as('id'),
			attemptId: sql<string>`${attemptId}`.as('attempt_id'),
			requestId: sql<string>`${notice.requestId}`.as('request_id'),
			status: sql<'OK' | 'ERROR'>`${notice.status}`.as('status'),
			payload: sql<string | null>`${notice.payload}`.as('payload'),
			receivedAtMs: sql<number>`${now().getTime()}`.as('received_at_ms'),
		})
		.from(attempts)
		.where(eq(attempts.id, attemptId));
	await db.insert(webhookEvents).select(kept).onConflictDoNothing();
	await queue.send({ type: 'attempt.notified', attemptId });
}
