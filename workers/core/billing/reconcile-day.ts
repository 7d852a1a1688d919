import { and, eq, sql } from 'drizzle-orm';

import { reconciliationFindings, reconciliations } from '../../../schema/billing';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { tellQueue } from '../tell-queue';
import { closeRun } from './close-run';
import { compareCharges, type Charges } from './compare-charges';
import { compareMoneyBack } from './compare-money-back';
import { comparePayments } from './compare-payments';
import { comparePurchases } from './compare-purchases';
import { REPAIRS_MAX, type Comparison, type Day } from './comparison';
import type { StripeListed } from './stripe-gateway';
import type { SyncDeps } from './sync-result';
import { writeFindings } from './write-findings';

type ReconcileDeps = SyncDeps & Pick<Deps, 'queue'>;
type RunDay = { run: string; day: string };

const DAY_MS = 86_400_000;
/** Between two messages of a day, so that a day with much to repair leaves the queue to others. */
const PAUSE_SECONDS = 5;

/**
 * Compares one day at Stripe, and at the processors, with the ledger. What is missing here is posted, what cannot be explained
 * is left as it is and reported (P3). Where more is missing than one message may repair, the next one goes on. The run's last
 * day closes the run. Repeating it for a day that is done does nothing.
 */
export async function reconcileDay(
	deps: ReconcileDeps,
	{ run, day, after = '' }: RunDay & { after?: string | undefined },
): Promise<void> {
	const { db } = deps;
	const isWaiting = isOf({ run, day }, 'waiting');
	const waiting = await withD1Retry(() =>
		db.select({ run: reconciliations.run }).from(reconciliations).where(isWaiting),
	);
	if (waiting.length === 0) return;

	const of = { run, day };
	const known = await readFindings(deps, of);
	const fromMs = Date.parse(`${day}T00:00:00Z`);
	let repairs = 0;
	const comparison: Comparison = {
		deps,
		report: (findings) => writeFindings(deps, of, findings),
		isKnown: (objectId) => known.has(objectId),
		mayRepair: () => {
			repairs += 1;
			return repairs <= REPAIRS_MAX;
		},
	};
	const compared = await compare(comparison, { fromMs, toMs: fromMs + DAY_MS }, after);
	if (repairs > REPAIRS_MAX) {
		const next = { type: 'reconcile.day', run, day, after: compared.after } as const;
		return tellQueue(deps, next, { delaySeconds: PAUSE_SECONDS });
	}
	await finishDay(deps, of, { listed: compared.listed, ...compared.charges });
}

async function compare(
	comparison: Comparison,
	day: Day,
	after: string,
): Promise<{ listed: number; charges: Charges; after: string }> {
	const { deps } = comparison;
	const kinds = ['checkout', 'invoice', 'refund', 'dispute'] as const;
	const listed: StripeListed[] = [];
	for (const kind of kinds) listed.push(...(await deps.stripe.list(kind, day)));
	const unreadable = listed.flatMap((one) => (one.kind === 'unreadable' ? [one.objectId] : []));
	await comparison.report(unreadable.map((objectId) => ({ kind: 'unreadable', objectId, isRepaired: false })));
	const seen = await comparePayments(comparison, {
		checkouts: listed.flatMap((one) => (one.kind === 'checkout' ? [one.checkout] : [])),
		invoices: listed.flatMap((one) => (one.kind === 'invoice' ? [one.invoice] : [])),
	});
	const comparedTo = await compareMoneyBack(comparison, {
		after,
		refunds: listed.flatMap((one) => (one.kind === 'refund' ? [one.refund] : [])),
		disputes: listed.flatMap((one) => (one.kind === 'dispute' ? [one.dispute] : [])),
	});
	await comparePurchases(comparison, day, seen);
	const charges = await compareCharges(comparison, day);
	return { listed: listed.length, charges, after: comparedTo };
}

/** What earlier messages of the same run and day found and could not repair. */
async function readFindings({ db }: SyncDeps, { run, day }: RunDay): Promise<ReadonlySet<string>> {
	const rows = await withD1Retry(() =>
		db
			.select({ objectId: reconciliationFindings.objectId })
			.from(reconciliationFindings)
			.where(
				and(
					eq(reconciliationFindings.run, run),
					eq(reconciliationFindings.day, day),
					eq(reconciliationFindings.isRepaired, false),
				),
			),
	);
	return new Set(rows.map(({ objectId }) => objectId));
}

/**
 * Marks a day done. Where no other day of the run waits any more, the run is closed first: so whoever dies in between closes it
 * again, and of two last ones at once the database lets only one pass as not the last.
 */
async function finishDay(deps: SyncDeps, of: RunDay, counts: { listed: number } & Charges): Promise<void> {
	const { db, now } = deps;
	const done = {
		...counts,
		state: 'done' as const,
		repaired: sql`(select count(*) from reconciliation_findings where run = ${of.run} and day = ${of.day} and is_repaired)`,
		endedAtMs: now().getTime(),
	};
	const hasOthers = sql`exists (select 1 from reconciliations other
		where other.run = ${of.run} and other.day <> ${of.day} and other.state = 'waiting')`;
	const [marked] = await withD1Retry(() =>
		db
			.update(reconciliations)
			.set(done)
			.where(and(isOf(of, 'waiting'), hasOthers))
			.returning({ run: reconciliations.run }),
	);
	if (marked !== undefined) return;
	const [still] = await withD1Retry(() =>
		db.select({ day: reconciliations.day }).from(reconciliations).where(isOf(of, 'waiting')),
	);
	if (still === undefined) return;
	await closeRun(deps, of, counts);
	await withD1Retry(() => db.update(reconciliations).set(done).where(isOf(of, 'waiting')));
}

function isOf({ run, day }: RunDay, state: 'waiting') {
	return and(eq(reconciliations.run, run), eq(reconciliations.day, day), eq(reconciliations.state, state));
}
