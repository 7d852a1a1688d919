import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { lacks, notFound, violates, violatesReference } from '../errors';
import { inOneBatch } from './post-entry';
import { readBalance } from './read-balance';
import { isSameHold, readHold } from './read-hold';
import { holdStatements, refusalOfLedger, usedBefore, type Hold } from './statements';

/**
 * Sets `amount` aside until the render ends, so that two tabs cannot spend the same credits. Repeating the call with the
 * same hold is a no-op, also after it was resolved; the same id with another payload is a `conflict`.
 */
export async function holdCredits(deps: Pick<Deps, 'db' | 'now'>, hold: Hold): Promise<void> {
	const { db, now } = deps;
	try {
		await withD1Retry(() => db.batch(inOneBatch(holdStatements(db, { ...hold, nowMs: now().getTime() }))));
	} catch (cause) {
		if (violatesReference(cause) || lacks(cause, 'credit_entries.seq')) throw notFound('account');
		const isShort = violates(cause, 'hold_covered');
		// A repeat may find too little left, because the first one took it.
		if (isShort || violates(cause, 'credit_entries.id')) {
			const stored = await readHold({ db }, hold);
			if (stored !== null && isSameHold(stored, hold)) return;
			if (stored !== null) throw usedBefore(cause);
		}
		if (isShort) {
			const { available, owed } = await readBalance(deps, hold);
			throw refusalOfLedger(cause, { available, required: hold.amount, owed }) ?? cause;
		}
		throw refusalOfLedger(cause) ?? cause;
	}
}
