import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';

import { reconciliationFindings, reconciliations } from '../../../schema/billing';
import { creditAccounts, creditSeals } from '../../../schema/credits';
import { auditLedger } from '../credits/audit-ledger';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { log } from '../log';
import type { Charges } from './compare-charges';
import { writeFindings } from './write-findings';

type CloseDeps = Pick<Deps, 'db' | 'now'>;

/** How many accounts' heads one query brings. */
const HEADS_AT_ONCE = 1_000;
const DAY_MS = 86_400_000;

/**
 * Ends a run with its last day, or without it (null) where that was given up: audits the whole ledger, and writes into the log how it went, in counts alone, with one hash
 * over the heads of all chains. The log lies outside of the database, so a ledger that was changed later cannot agree with it.
 */
export async function closeRun(
	deps: CloseDeps,
	{ run, day }: { run: string; day: string },
	last: ({ listed: number } & Charges) | null,
): Promise<void> {
	const { accounts, sealed, violations } = await auditLedger(deps);
	await writeFindings(
		deps,
		{ run, day },
		violations.map((objectId) => ({ kind: 'ledger', objectId, isRepaired: false })),
	);
	const earlier = await sumOfDays(deps, run);
	const ended = last ?? { listed: 0, chargedCredits: 0, costMicros: 0, costUnknown: 0 };
	const found = await countFindings(deps, run);
	const beforeMs = await midnightOf(deps, run);
	log('reconciled', {
		run,
		days: earlier.days + (last === null ? 0 : 1),
		listed: earlier.listed + ended.listed,
		repaired: found.repaired,
		unrepaired: found.unrepaired,
		violations: violations.length,
		chargedCredits: earlier.chargedCredits + ended.chargedCredits,
		costMicros: earlier.costMicros + ended.costMicros,
		costUnknown: earlier.costUnknown + ended.costUnknown,
		accounts,
		sealed,
		headsBefore: new Date(beforeMs).toISOString(),
		heads: await digestOfHeads(deps, { beforeMs }),
	});
}

function sum(column: SQLiteColumn) {
	return sql<number>`coalesce(sum(${column}), 0)`;
}

async function sumOfDays({ db }: CloseDeps, run: string) {
	const [row] = await withD1Retry(() =>
		db
			.select({
				days: sql<number>`count(*)`,
				listed: sum(reconciliations.listed),
				chargedCredits: sum(reconciliations.chargedCredits),
				costMicros: sum(reconciliations.costMicros),
				costUnknown: sum(reconciliations.costUnknown),
			})
			.from(reconciliations)
			.where(and(eq(reconciliations.run, run), eq(reconciliations.state, 'done'))),
	);
	return row ?? { days: 0, listed: 0, chargedCredits: 0, costMicros: 0, costUnknown: 0 };
}

async function countFindings({ db }: CloseDeps, run: string) {
	const [row] = await withD1Retry(() =>
		db
			.select({
				repaired: sql<number>`coalesce(sum(${reconciliationFindings.isRepaired}), 0)`,
				unrepaired: sql<number>`coalesce(sum(not ${reconciliationFindings.isRepaired}), 0)`,
			})
			.from(reconciliationFindings)
			.where(eq(reconciliationFindings.run, run)),
	);
	return row ?? { repaired: 0, unrepaired: 0 };
}

/** The midnight, UTC, that the run's days end at: nothing younger counts in its digest, so that it can be computed again from the log. */
async function midnightOf({ db }: CloseDeps, run: string): Promise<number> {
	const [row] = await withD1Retry(() =>
		db
			.select({ day: sql<string>`max(${reconciliations.day})` })
			.from(reconciliations)
			.where(eq(reconciliations.run, run)),
	);
	return Date.parse(`${row?.day ?? ''}T00:00:00Z`) + DAY_MS;
}

/**
 * SHA-256 over `account:seq:hash` of each account's seal with the highest number whose entry is older than `beforeMs`, by account, a
 * thousand at a time on top of the hash before; hex. docs/operations.md says how to compute it again.
 */
export async function digestOfHeads({ db }: Pick<Deps, 'db'>, { beforeMs }: { beforeMs: number }): Promise<string> {
	let digest = '';
	for (let after = ''; ;) {
		const heads = await withD1Retry(() =>
			db
				.select({ id: creditAccounts.id, seq: creditSeals.seq, hash: creditSeals.hash })
				.from(creditAccounts)
				.innerJoin(
					creditSeals,
					and(
						eq(creditSeals.accountId, creditAccounts.id),
						eq(
							creditSeals.seq,
							sql`(select max(e.seq) from credit_entries e
								where e.account_id = ${creditAccounts.id} and e.created_at_ms < ${beforeMs})`,
						),
					),
				)
				.where(gt(creditAccounts.id, after))
				.orderBy(asc(creditAccounts.id))
				.limit(HEADS_AT_ONCE),
		);
		const last = heads.at(-1);
		if (last === undefined) return digest;
		digest = await sha256(`${digest}\n${heads.map(({ id, seq, hash }) => `${id}:${seq}:${hash}`).join('\n')}`);
		after = last.id;
	}
}

async function sha256(text: string): Promise<string> {
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
