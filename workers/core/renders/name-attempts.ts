import { and, eq, exists, isNull, type SQL, sql } from 'drizzle-orm';

import { attempts, webhookEvents } from '../../../schema/renders';
import type { Deps } from '../deps';

/**
 * The statement that gives attempts, among those `which` picks, the id a notice told and no submission did (F46): without
 * it nobody could be asked to forget the copy.
 */
export function nameAttemptsStatement(db: Deps['db'], which: SQL) {
	const told = db
		.select({ requestId: webhookEvents.requestId })
		.from(webhookEvents)
		.where(eq(webhookEvents.attemptId, attempts.id))
		.limit(1);
	return db
		.update(attempts)
		.set({ requestId: sql`(${told})` })
		.where(and(which, isNull(attempts.requestId), exists(told)));
}
