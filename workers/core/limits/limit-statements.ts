import { createHmac } from 'node:crypto';

import { sql, type SQL } from 'drizzle-orm';

import { rateWindows } from '../../../schema/limits';
import type { Rate, Rates } from '../../../studios/studio';
import { mailboxOf } from '../accounts/person-hash';
import type { AccessDeps } from '../deps';
import { ConfigError } from '../errors';

const MINUTE_MS = 60_000;

/**
 * What is counted, and for whom. An address counts as its mailbox, so that a plus sign is no new start. Null is not
 * counted: without Cloudflare before it, a request has no network.
 */
export type Limit = {
	[What in keyof Rates]: { readonly what: What; readonly by: keyof Rates[What]; readonly value: string | null };
}[keyof Rates];

export type LimitDeps = Pick<AccessDeps, 'db' | 'now' | 'studio' | 'lookupKey'>;

/**
 * Counts one more of each, for a batch: one statement, or none when nothing is counted. One more than may be within the
 * window breaks the CHECK `within_limit`, and with it the batch, so what is refused is neither done nor counted, however
 * many come at once. `refusalOfLimit` tells it from other failures.
 */
export function limitStatements(deps: LimitDeps, limits: readonly Limit[]) {
	const [first, ...others] = windowsOf(deps, limits);
	if (first === undefined) return [];
	return [
		deps.db
			.insert(rateWindows)
			.values([first, ...others])
			.onConflictDoUpdate(ONE_MORE),
	];
}

/**
 * The same as one statement that counts nothing where `holds` is false at that moment, and then returns no row. Whoever decides
 * on a count decides by this, since between a reading and a counting others count too.
 */
export function limitStatementWhile(deps: LimitDeps, limits: readonly Limit[], holds: SQL) {
	const rows = windowsOf(deps, limits).map(
		({ key, startsAtMs, endsAtMs, count, max }) => sql`(${key}, ${startsAtMs}, ${endsAtMs}, ${count}, ${max})`,
	);
	return deps.db
		.insert(rateWindows)
		.select(sql`select * from (values ${sql.join(rows, sql`, `)}) where ${holds}`)
		.onConflictDoUpdate(ONE_MORE)
		.returning({ key: rateWindows.key });
}

const ONE_MORE = {
	target: [rateWindows.key, rateWindows.startsAtMs],
	// A rate that a new version changed holds from its first request on.
	set: { count: sql`${rateWindows.count} + 1`, max: sql`excluded.max`, endsAtMs: sql`excluded.ends_at_ms` },
};

/** The running windows of what is counted, as the rows that open them. */
export function windowsOf({ now, studio, lookupKey }: LimitDeps, limits: readonly Limit[]) {
	const nowMs = now().getTime();
	return limits.flatMap((limit) => {
		const { what, by, value } = limit;
		if (value === null) return [];
		const { max, minutes } = rateOf(studio.rates, limit);
		const windowMs = minutes * MINUTE_MS;
		const startsAtMs = nowMs - (nowMs % windowMs);
		const counted = by === 'address' ? mailboxOf(value) : value;
		return [{ key: keyOf(lookupKey, [what, by, counted]), startsAtMs, endsAtMs: startsAtMs + windowMs, count: 1, max }];
	});
}

function rateOf(rates: Rates, { what, by }: Limit): Rate {
	const ofWhat: Readonly<Record<string, Rate>> = rates[what];
	const rate = ofWhat[by];
	if (rate === undefined) throw new ConfigError(`The studio has no rate for ${what} by ${by}.`);
	return rate;
}

/** As `lookupHash` makes it, but at once: a drizzle statement that comes out of a promise has run. */
function keyOf(lookupKey: string, words: readonly string[]): string {
	return createHmac('sha256', lookupKey).update(JSON.stringify(words)).digest('base64url');
}
