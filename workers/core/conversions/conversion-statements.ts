import { and, desc, eq, getTableColumns, gte, inArray, sql, type SQL } from 'drizzle-orm';

import { choices, conversions } from '../../../schema/choices';
import { checkouts, purchases } from '../../../schema/billing';
import { sessions, users } from '../../../schema/users';
import type { Studio } from '../../../studios/studio';
import type { Deps } from '../deps';

/** A session that is opened so soon after its user was made belongs to the sign-up. */
const SIGN_UP_MS = 10 * 60_000;
/** Within it Meta takes two events with one id for one (P-16); later the browser's would count again. */
export const SHARED_MS = 48 * 3_600_000;

/** Whether the studio tells Meta anything at all. */
export function tellsMeta(studio: Studio): boolean {
	return studio.policy.trackers.some(({ id, hasServerLeg }) => id === 'meta' && hasServerLeg);
}

/** As `ids.ts` makes them, in SQL, for rows that only a statement knows whether to make. */
const NEW_ID = sql<string>`'cnv_' || lower(hex(randomblob(13)))`;

/** True while a person's newest word on advertising is a yes, said by a browser that did not send the signal (C6, DD-31). */
function allowsAdvertising(userId: SQL | typeof users.id): SQL {
	return sql`coalesce((
		select c.choice = 'granted' and c.has_gpc = 0 from ${choices} c
		where c.user_id = ${userId} and c.purpose = 'advertising'
		order by c.made_at_ms desc, c.rowid desc limit 1
	), 0)`;
}

/**
 * Notes that an account was opened, for whoever has just signed in for the first time and allows it; as a statement for a batch, which
 * returns the id of what it noted, or no row.
 */
export function signUpConversionStatement(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	{ sessionToken }: { sessionToken: string },
) {
	const nowMs = now().getTime();
	const isNoted = sql`exists (select 1 from ${conversions} k where k.user_id = ${users.id} and k.name = 'CompleteRegistration')`;
	return db
		.insert(conversions)
		.select(
			db
				.select({
					id: NEW_ID.as('id'),
					userId: users.id,
					name: sql<'CompleteRegistration'>`'CompleteRegistration'`.as('name'),
					valueCents: sql<null>`null`.as('value_cents'),
					currency: sql<null>`null`.as('currency'),
					happenedAtMs: sql<number>`${nowMs}`.as('happened_at_ms'),
					state: sql<'queued'>`'queued'`.as('state'),
					triedAtMs: sql<number>`0`.as('tried_at_ms'),
					endedAtMs: sql<null>`null`.as('ended_at_ms'),
				})
				.from(sessions)
				.innerJoin(users, eq(users.id, sessions.userId))
				.where(
					and(
						eq(sessions.token, sessionToken),
						gte(users.createdAt, new Date(nowMs - SIGN_UP_MS)),
						sql`not ${isNoted}`,
						allowsAdvertising(users.id),
					),
				),
		)
		.returning({ id: conversions.id });
}

/**
 * Notes that a purchase was granted, for the person who opened the till if they allow it; as a statement for the batch that grants
 * it, behind the purchase's own row, so that a second one is noted as little as it is granted. Its value is the price without tax.
 * Without `checkoutId`, as of a plan's invoices, it is whoever opened the last till for it that was not left.
 */
export function purchaseConversionStatement(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	{ purchaseId, checkoutId }: { purchaseId: string; checkoutId?: string | undefined },
) {
	const paid = sql`${purchases.paidCents} > 0`;
	// One row, before anybody's choice is looked at: else it would be the next member's who allows it.
	const isBuyers =
		checkoutId === undefined
			? sql`${checkouts.id} = (select c.id from checkouts c where c.account_id = ${purchases.accountId}
				and c.item = ${purchases.item} and c.state not in ('failed', 'expired') order by c.created_at_ms desc limit 1)`
			: eq(checkouts.id, checkoutId);
	return db.insert(conversions).select(
		db
			.select({
				id: NEW_ID.as('id'),
				userId: checkouts.requestedBy,
				name: sql<'Purchase'>`'Purchase'`.as('name'),
				valueCents: sql<number | null>`case when ${paid} then ${checkouts.cents} end`.as('value_cents'),
				currency: sql<string | null>`case when ${paid} then ${checkouts.currency} end`.as('currency'),
				happenedAtMs: sql<number>`${now().getTime()}`.as('happened_at_ms'),
				state: sql<'queued'>`'queued'`.as('state'),
				triedAtMs: sql<number>`0`.as('tried_at_ms'),
				endedAtMs: sql<null>`null`.as('ended_at_ms'),
			})
			.from(purchases)
			.innerJoin(checkouts, and(eq(checkouts.accountId, purchases.accountId), eq(checkouts.item, purchases.item)))
			.where(and(eq(purchases.id, purchaseId), isBuyers, allowsAdvertising(sql`${checkouts.requestedBy}`))),
	);
}

/** What the tag in the browser tells as well, with the same ids: a person's events of the last two days. */
export async function listShared(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	{ userId }: { userId: string },
): Promise<
	{ id: string; name: 'CompleteRegistration' | 'Purchase'; valueCents: number | null; currency: string | null }[]
> {
	const { id, name, valueCents, currency } = getTableColumns(conversions);
	return db
		.select({ id, name, valueCents, currency })
		.from(conversions)
		.where(
			and(
				eq(conversions.userId, userId),
				inArray(conversions.state, ['queued', 'sent']),
				gte(conversions.happenedAtMs, now().getTime() - SHARED_MS),
			),
		)
		.orderBy(desc(conversions.happenedAtMs))
		.limit(10);
}
