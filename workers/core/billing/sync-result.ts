import { reconciliationFindings } from '../../../schema/billing';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { log } from '../log';
import type { StripeGateway } from './stripe-gateway';

/** What every sync works with. */
export type SyncDeps = Pick<Deps, 'db' | 'now' | 'studio'> & { stripe: StripeGateway };

/** Why nothing, or not all, was granted for something that was paid. */
export type MismatchKind =
	/** No price of this studio's, or another one than was ordered. */
	| 'unknown_price'
	/** More than one, or another price than ours. */
	| 'wrong_amount'
	| 'wrong_currency'
	/** A till that we did not open. */
	| 'unknown_checkout'
	/** Nobody's customer here, or somebody else's. */
	| 'unknown_customer'
	/** A plan that runs beside another one of the same customer: both are granted, and both charge. */
	| 'two_plans';

export interface SyncResult {
	/** Whether anything was missing and is written now. */
	hasChanged: boolean;
	/** What kept something that was paid from being granted; it is reported already. */
	mismatch: MismatchKind | null;
}

export const UNCHANGED: SyncResult = { hasChanged: false, mismatch: null };

/** Findings that no night's comparison made, but an event or a sweep. */
export const RUN_OF_EVENTS = 'events';

/** The day of a time, UTC: `2026-11-20`. */
export function dayOf(atMs: number): string {
	return new Date(atMs).toISOString().slice(0, 10);
}

/**
 * Logs what does not fit and leaves a finding for an operator, once an object and kind; the night's comparison reports it
 * again for as long as it is there (P4). Ids and kinds only.
 */
export async function reportMismatch(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	{ kind, objectId, createdAtMs }: { kind: MismatchKind; objectId: string; createdAtMs: number },
): Promise<SyncResult> {
	log('stripe_mismatch', { kind, objectId });
	await withD1Retry(() =>
		db
			.insert(reconciliationFindings)
			.values({
				run: RUN_OF_EVENTS,
				day: dayOf(createdAtMs),
				kind,
				objectId,
				isRepaired: false,
				createdAtMs: now().getTime(),
			})
			.onConflictDoNothing(),
	);
	return { hasChanged: false, mismatch: kind };
}
