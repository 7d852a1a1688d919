import { and, gte, lt, sql, type SQL } from 'drizzle-orm';

import { attempts } from '../../../schema/renders';
import { withD1Retry } from '../d1-retry';
import type { Comparison, Day } from './comparison';

/** More would not help whoever reads it. */
const DIFFERENCES_SHOWN_MAX = 100;

export interface Charges {
	chargedCredits: number;
	costMicros: number;
	/** Attempts of which it is not known what they cost: never counted as nothing (N5). */
	costUnknown: number;
}

/** What the day's renders were charged, against what the ledger took for each, and against what their attempts cost us. */
export async function compareCharges({ deps, report }: Comparison, day: Day): Promise<Charges> {
	const { db } = deps;
	const taken = sql`(select coalesce(sum(amount), 0) from credit_entries where kind = 'capture' and render_id = renders.id)`;
	const isOfDay = sql`finished_at_ms >= ${day.fromMs} and finished_at_ms < ${day.toMs}`;
	const ask = <T>(query: SQL) => withD1Retry(() => db.all<T>(query));
	const [charged] = await ask<{ credits: number }>(
		sql`select coalesce(sum(credits_charged), 0) as credits from renders where ${isOfDay}`,
	);
	const differing = await ask<{ id: string }>(sql`
		select id from renders where ${isOfDay} and credits_charged <> ${taken} limit ${DIFFERENCES_SHOWN_MAX}`);
	const strangers = await ask<{ id: string }>(sql`
		select render_id as id from credit_entries e where kind = 'capture' and created_at_ms >= ${day.fromMs}
			and created_at_ms < ${day.toMs} and not exists (select 1 from renders r where r.id = e.render_id)
		limit ${DIFFERENCES_SHOWN_MAX}`);
	const [cost] = await withD1Retry(() =>
		db
			.select({
				costMicros: sql<number>`coalesce(sum(${attempts.costMicros}), 0)`,
				costUnknown: sql<number>`coalesce(sum(${attempts.costMicros} is null), 0)`,
			})
			.from(attempts)
			.where(and(gte(attempts.createdAtMs, day.fromMs), lt(attempts.createdAtMs, day.toMs))),
	);
	await report(
		[...differing, ...strangers].map(({ id }) => ({ kind: 'charge_differs', objectId: id, isRepaired: false })),
	);
	return {
		chargedCredits: charged?.credits ?? 0,
		costMicros: cost?.costMicros ?? 0,
		costUnknown: cost?.costUnknown ?? 0,
	};
}
