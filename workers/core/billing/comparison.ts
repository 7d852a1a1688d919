import { sql, type SQL } from 'drizzle-orm';

import { AppError, ConfigError } from '../errors';
import { logError } from '../log';
import type { MismatchKind, SyncDeps } from './sync-result';

/** What a comparison may find. Each is explained in docs/operations.md, with what to do. */
export type FindingKind =
	| MismatchKind
	/** Paid at Stripe, and no credits here. */
	| 'ungranted'
	/** Given back at Stripe and credits not taken, or taken for a refund that failed. */
	| 'unreversed'
	/** A dispute at Stripe, and credits not where it says. */
	| 'undisputed'
	/** Credits here for something that Stripe does not know. */
	| 'not_at_stripe'
	/** Another amount, currency or number of credits here than at Stripe. */
	| 'amount_differs'
	/** Bought that day, not among what Stripe lists of it, and too many to ask for one by one. */
	| 'unchecked'
	/** A render whose charge is not what the ledger took for it. */
	| 'charge_differs'
	/** An object that could not be read or followed; the log says why. */
	| 'unreadable'
	/** What the audit found wrong in the ledger itself. */
	| 'ledger';

export interface Finding {
	kind: FindingKind;
	objectId: string;
	isRepaired: boolean;
}

export interface Day {
	fromMs: number;
	toMs: number;
}

/** How many repairs one message makes: of up to twenty-five queries each, where five messages share an invocation's thousand. */
export const REPAIRS_MAX = 7;

/** What one look at a day gathers. */
export interface Comparison {
	deps: SyncDeps;
	/** Notes what was found, at once: what was repaired is told of also when the message breaks off right after. */
	report: (findings: readonly Finding[]) => Promise<void>;
	/** What an earlier message of the same run found and could not repair: not tried again. */
	isKnown: (objectId: string) => boolean;
	/** Whether one more repair may be made; once one may not, the next message goes on. */
	mayRepair: () => boolean;
}

/** Ids as one parameter, since D1 takes a hundred. */
export function amongIds(ids: Iterable<string>): SQL {
	return sql`(select value from json_each(${JSON.stringify([...ids])}))`;
}

/**
 * Repairs one object; null, with findings for its `objectIds`, where it cannot be: one that always fails must not keep a day from
 * being compared. What fails because Stripe or the database does not answer is thrown, and the message comes again.
 */
export async function attempt<T>(
	{ report }: Comparison,
	objectIds: readonly string[],
	repair: () => Promise<T>,
): Promise<T | null> {
	try {
		return await repair();
	} catch (error) {
		if (error instanceof ConfigError || (error instanceof AppError && error.isRetryable)) throw error;
		if (isOfDatabase(error)) throw error;
		logError('message_failed', error, { type: 'reconcile.day', objectId: objectIds[0] ?? null });
		await report(objectIds.map((objectId) => ({ kind: 'unreadable', objectId, isRepaired: false })));
		return null;
	}
}

/** A database that did not answer, or not rightly; a constraint that refused will refuse again. */
function isOfDatabase(cause: unknown): boolean {
	for (let error: unknown = cause; error instanceof Error; error = error.cause) {
		if (error.message.startsWith('D1_ERROR')) return !error.message.includes('constraint failed');
	}
	return false;
}
