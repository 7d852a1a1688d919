import { beginNightly, remindOfWaiting } from '../billing/begin-reconciliation';
import { endCheckout, listSilentCheckouts } from '../billing/end-checkouts';
import { takeUndoneEvents } from '../billing/handle-event';
import { listStaleSummaries, syncSummary } from '../billing/sync-subscription';
import { collectOwed } from '../credits/collect-owed';
import { expireCredits } from '../credits/expire-credits';
import { sealLedger } from '../credits/seal-ledger';
import type { JobDeps } from '../deps';
import { tellQueue } from '../tell-queue';

/*
 * What one sweep does for money, in queries: 1 for any number of events, 41 for 10 buckets, 21 for 5 accounts that owe, 101 to seal
 * 20 accounts, 35 to begin a night and 3 else; once an hour 75 for 5 tills, at another minute 31 for 10 plans.
 */
const SWEEP_EVENTS = 50;
const SWEEP_BUCKETS = 10;
const SWEEP_OWING = 5;
const SWEEP_SEALED = 20;
const SWEEP_DAYS = 5;
const SWEEP_TILLS = 5;
const SWEEP_PLANS = 10;
const TILLS_MINUTE = 22;
const PLANS_MINUTE = 37;
/** Whether a day's comparison was lost is looked at now and then: one that is under way needs no second one beside it. */
const REMIND_MINUTES = 10;

/** Tries one thing; what it throws is logged and counted, and keeps nothing else from being done. */
export type Attempt = (action: () => Promise<unknown>, ids: Record<string, string>) => Promise<void>;

/** The sweep's steps for credits and Stripe. Those that speak to Stripe come last and take what `whileThereIsTime` allows. */
export function moneySteps(
	deps: JobDeps,
	dueMs: number,
	around: {
		attempt: Attempt;
		whileThereIsTime: <T>(all: readonly T[], act: (one: T) => Promise<void>) => Promise<void>;
	},
): readonly [name: string, step: () => Promise<unknown>][] {
	const minute = new Date(dueMs).getUTCMinutes();
	return [
		['expiry', () => expireCredits(deps, { dueMs, limit: SWEEP_BUCKETS })],
		['owed', () => collectOwed(deps, { limit: SWEEP_OWING })],
		['seals', () => sealLedger(deps, { limit: SWEEP_SEALED })],
		['events', () => tellOfEvents(deps, dueMs)],
		['night', () => beginNightly(deps, { dueMs })],
		['days', () => (minute % REMIND_MINUTES === 0 ? remindOfWaiting(deps, { dueMs, limit: SWEEP_DAYS }) : none())],
		['tills', () => (minute === TILLS_MINUTE ? endTills(deps, dueMs, around) : none())],
		['plans', () => (minute === PLANS_MINUTE ? readPlans(deps, dueMs, around) : none())],
	];
}

function none(): Promise<void> {
	return Promise.resolve();
}

/** Through the queue, since what follows from an event may take thirty queries, and after an hour without Stripe there are many. */
async function tellOfEvents(deps: JobDeps, dueMs: number): Promise<void> {
	const eventIds = await takeUndoneEvents(deps, { dueMs, limit: SWEEP_EVENTS });
	for (const eventId of eventIds) await tellQueue(deps, { type: 'stripe.event', eventId });
}

async function endTills(
	deps: JobDeps,
	dueMs: number,
	{ attempt, whileThereIsTime }: Parameters<typeof moneySteps>[2],
): Promise<void> {
	const silent = await listSilentCheckouts(deps, { dueMs, limit: SWEEP_TILLS });
	await whileThereIsTime(silent, (one) => attempt(() => endCheckout(deps, one), { checkoutId: one.id }));
}

async function readPlans(
	deps: JobDeps,
	dueMs: number,
	{ attempt, whileThereIsTime }: Parameters<typeof moneySteps>[2],
): Promise<void> {
	const stale = await listStaleSummaries(deps, { dueMs, limit: SWEEP_PLANS });
	await whileThereIsTime(stale, (customerId) => attempt(() => syncSummary(deps, { customerId }), { customerId }));
}
