import { and, desc, eq, lte } from 'drizzle-orm';

import { reconciliations } from '../../../schema/billing';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { log } from '../log';
import { GIVEN_UP_MS } from './begin-reconciliation';
import { closeRun } from './close-run';

/**
 * Gives up the days of a run that could not be compared for twenty hours. The run is closed first, so that its audit and its line in
 * the log are there also when some days are not, and whoever dies in between closes it again. Repeating it does nothing.
 */
export async function giveUpDays(deps: Pick<Deps, 'db' | 'now'>, { run }: { run: string }): Promise<void> {
	const { db, now } = deps;
	const nowMs = now().getTime();
	const isOverdue = and(
		eq(reconciliations.run, run),
		eq(reconciliations.state, 'waiting'),
		lte(reconciliations.createdAtMs, nowMs - GIVEN_UP_MS),
	);
	const [last] = await withD1Retry(() =>
		db
			.select({ day: reconciliations.day })
			.from(reconciliations)
			.where(isOverdue)
			.orderBy(desc(reconciliations.day))
			.limit(1),
	);
	if (last === undefined) return;
	await closeRun(deps, { run, day: last.day }, null);
	const givenUp = await withD1Retry(() =>
		db
			.update(reconciliations)
			.set({ state: 'failed', endedAtMs: nowMs })
			.where(isOverdue)
			.returning({ day: reconciliations.day }),
	);
	for (const { day } of givenUp) log('reconcile_failed', { run, day });
}
