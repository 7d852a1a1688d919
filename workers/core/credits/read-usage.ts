import { sql } from 'drizzle-orm';

import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';

const DAY_MS = 86_400_000;

export interface Usage {
	/** One for each day asked for, oldest first; days are UTC's: `2026-11-21`. */
	days: { day: string; spent: number; held: number }[];
	/** Credits charged in all. */
	spent: number;
	/** Works that were charged. */
	works: number;
}

/** Where `days` days end with today begin: at UTC's midnight, in milliseconds. */
export function usageFromMs({ now }: Pick<Deps, 'now'>, days: number): number {
	return (Math.floor(now().getTime() / DAY_MS) - days + 1) * DAY_MS;
}

/**
 * What an account spent on each of the last `days` days, today included, and what is still set aside from each. A charge that was
 * given back counts nowhere. One D1 statement, which reads the entries of those days.
 */
export async function readUsage(
	deps: Pick<Deps, 'db' | 'now'>,
	{ accountId, days }: { accountId: string; days: number },
): Promise<Usage> {
	const fromMs = usageFromMs(deps, days);
	const rows = await withD1Retry(() =>
		deps.db.all<{ day: number; spent: number; works: number; held: number }>(sql`
			select cast((e.created_at_ms - ${fromMs}) / ${DAY_MS} as integer) as day,
				sum(case e.kind when 'capture' then e.amount else 0 end) as spent,
				sum(e.kind = 'capture') as works,
				sum(case e.kind when 'hold' then e.held else 0 end) as held
			from credit_entries e
			where e.account_id = ${accountId} and e.created_at_ms >= ${fromMs} and e.kind in ('capture', 'hold')
				and not exists (select 1 from credit_entries r where r.resolves_id = e.id)
			group by day`),
	);
	const byDay = new Map(rows.map((row) => [row.day, row]));
	return {
		days: Array.from({ length: days }, (_, day) => ({
			day: new Date(fromMs + day * DAY_MS).toISOString().slice(0, 10),
			spent: byDay.get(day)?.spent ?? 0,
			held: byDay.get(day)?.held ?? 0,
		})),
		spent: rows.reduce((sum, { spent }) => sum + spent, 0),
		works: rows.reduce((sum, { works }) => sum + works, 0),
	};
}
