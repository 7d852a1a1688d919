import { webhookEvents } from '../../../schema/renders';
import type { Deps } from '../deps';
import type { FalNotice } from '../gateways/fal-webhook';

/**
 * Keeps a verified notice, once, and tells the queue; one D1 statement, so that fal is answered at once (W2). It is not
 * asked here whether the attempt exists or is still open: the consumer reads that anew.
 */
export async function recordFalNotice(
	{ db, now, queue }: Pick<Deps, 'db' | 'now' | 'queue'>,
	input: { attemptId: string; notice: FalNotice },
): Promise<void> {
	const { attemptId, notice } = input;
	await db
		.insert(webhookEvents)
		.values({
			id: `fal:${notice.requestId}:${notice.status}`,
			attemptId,
			requestId: notice.requestId,
			status: notice.status,
			payload: notice.payload,
			receivedAtMs: now().getTime(),
		})
		.onConflictDoNothing();
	await queue.send({ type: 'attempt.notified', attemptId });
}
