import { asc, eq } from 'drizzle-orm';

import { reconciliationFindings, reconciliations } from '../../../schema/billing';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { notFound } from '../errors';

/** More findings than anybody reads one by one. */
const FINDINGS_SHOWN_MAX = 500;

export interface Reconciliation {
	run: string;
	/** `failed` when a day was given up and none waits any more. */
	state: 'waiting' | 'done' | 'failed';
	days: {
		day: string;
		state: 'waiting' | 'done' | 'failed';
		listed: number;
		repaired: number;
		chargedCredits: number;
		/** Millionths of a US dollar. */
		costMicros: number;
		costUnknown: number;
	}[];
	findings: { day: string; kind: string; objectId: string; isRepaired: boolean }[];
	/** Whether there are more findings than are shown. */
	hasMore: boolean;
}

/** How a run of comparisons went, day by day, for operators. Of `events` there are findings alone: events and sweeps left them. */
export async function readReconciliation({ db }: Pick<Deps, 'db'>, { run }: { run: string }): Promise<Reconciliation> {
	const [days, findings] = await withD1Retry(() =>
		db.batch([
			db.select().from(reconciliations).where(eq(reconciliations.run, run)).orderBy(asc(reconciliations.day)),
			db
				.select()
				.from(reconciliationFindings)
				.where(eq(reconciliationFindings.run, run))
				.orderBy(asc(reconciliationFindings.isRepaired), asc(reconciliationFindings.day))
				.limit(FINDINGS_SHOWN_MAX + 1),
		]),
	);
	if (days.length === 0 && findings.length === 0) throw notFound('reconciliation');
	const states = new Set(days.map(({ state }) => state));
	return {
		run,
		state: (['waiting', 'failed', 'done'] as const).find((state) => states.has(state)) ?? 'done',
		days: days.map(({ day, state, listed, repaired, chargedCredits, costMicros, costUnknown }) => ({
			day,
			state,
			listed,
			repaired,
			chargedCredits,
			costMicros,
			costUnknown,
		})),
		findings: findings
			.slice(0, FINDINGS_SHOWN_MAX)
			.map(({ day, kind, objectId, isRepaired }) => ({ day, kind, objectId, isRepaired })),
		hasMore: findings.length > FINDINGS_SHOWN_MAX,
	};
}
