import { and, asc, eq, gt, lte, sql } from 'drizzle-orm';

import { reconciliations } from '../../../schema/billing';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { tellQueue } from '../tell-queue';
import { log } from '../log';
import { dayOf } from './sync-result';

type BeginDeps = Pick<Deps, 'db' | 'now' | 'queue'>;

const DAY_MS = 86_400_000;
/** As far back as Stripe lists events, and disputes of cards may still come (P3). */
export const RECONCILED_DAYS = 30;
/** 03:17 UTC: no hour of a practice's, and not the minute at which everybody's crons run. */
const NIGHT_MS = (3 * 60 + 17) * 60_000;
/** A day takes seconds; one that waits longer lost its message, or its tries failed. */
const LOST_MS = 10 * 60_000;
/** After this the next night compares the day anew, and this night's is given up: the run is closed without it. */
export const GIVEN_UP_MS = 20 * 3_600_000;
/** A run that cannot even be closed is not tried for ever. */
const ABANDONED_MS = 28 * 3_600_000;

/**
 * Begins to compare the last 30 whole days with Stripe, one message a day. Repeating it with the same run begins nothing anew,
 * and tells the queue of the days that still wait. Answers how many wait.
 */
export async function beginReconciliation(deps: BeginDeps, { run }: { run: string }): Promise<{ waiting: number }> {
	const { db, now } = deps;
	const nowMs = now().getTime();
	const days = Array.from({ length: RECONCILED_DAYS }, (_, index) => dayOf(nowMs - (index + 1) * DAY_MS));
	await withD1Retry(() =>
		db.run(sql`
			insert into reconciliations (run, day, state, created_at_ms)
			select ${run}, value, 'waiting', ${nowMs} from json_each(${JSON.stringify(days)})
			where not exists (select 1 from reconciliations where run = ${run})`),
	);
	const waiting = await withD1Retry(() =>
		db
			.select({ day: reconciliations.day })
			.from(reconciliations)
			.where(and(eq(reconciliations.run, run), eq(reconciliations.state, 'waiting')))
			.orderBy(asc(reconciliations.day)),
	);
	for (const { day } of waiting) await tellQueue(deps, { type: 'reconcile.day', run, day });
	return { waiting: waiting.length };
}

/** Begins the night's run, once, at 03:17 UTC or whenever the cron runs next on that day. */
export async function beginNightly(deps: BeginDeps, { dueMs }: { dueMs: number }): Promise<void> {
	if (dueMs % DAY_MS < NIGHT_MS) return;
	const run = dayOf(dueMs);
	const begun = await withD1Retry(() =>
		deps.db.select({ run: reconciliations.run }).from(reconciliations).where(eq(reconciliations.run, run)).limit(1),
	);
	if (begun.length === 0) await beginReconciliation(deps, { run });
}

/** Tells the queue again of days that wait for too long, at most `limit`, and of runs to close without the days that are given up. */
export async function remindOfWaiting(
	deps: BeginDeps,
	{ dueMs, limit }: { dueMs: number; limit: number },
): Promise<void> {
	const { db, now } = deps;
	// As the partial index has it.
	const isWaiting = sql`state = 'waiting'`;
	const [abandoned, overdue, waiting] = await withD1Retry(() =>
		db.batch([
			db
				.update(reconciliations)
				.set({ state: 'failed', endedAtMs: now().getTime() })
				.where(and(isWaiting, lte(reconciliations.createdAtMs, dueMs - ABANDONED_MS)))
				.returning({ run: reconciliations.run, day: reconciliations.day }),
			db
				.selectDistinct({ run: reconciliations.run })
				.from(reconciliations)
				.where(and(isWaiting, lte(reconciliations.createdAtMs, dueMs - GIVEN_UP_MS))),
			db
				.select({ run: reconciliations.run, day: reconciliations.day })
				.from(reconciliations)
				.where(
					and(
						isWaiting,
						lte(reconciliations.createdAtMs, dueMs - LOST_MS),
						gt(reconciliations.createdAtMs, dueMs - GIVEN_UP_MS),
					),
				)
				.orderBy(asc(reconciliations.createdAtMs), asc(reconciliations.day))
				.limit(limit),
		]),
	);
	for (const { run, day } of abandoned) log('reconcile_failed', { run, day });
	for (const { run } of overdue) await tellQueue(deps, { type: 'reconcile.close', run });
	for (const { run, day } of waiting) await tellQueue(deps, { type: 'reconcile.day', run, day });
}
