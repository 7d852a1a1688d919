import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { notFound, violates, violatesReference } from '../errors';
import { readBalance } from './read-balance';
import { isSameHold, readHold } from './read-hold';
import { holdStatements, inOneBatch, refusalOfLedger, type Hold } from './statements';

/**
 * Sets `amount` aside until the render ends, so that two tabs cannot spend the same credits. Repeating the call with the
 * same hold is a no-op, also after it was resolved; the same id with another payload is a `conflict`.
 */
export async function holdCredits({ db, now }: Pick<Deps, 'db' | 'now'>, hold: Hold): Promise<void> {
	try {
		await withD1Retry(() => db.batch(inOneBatch(holdStatements(db, { ...hold, nowMs: now().getTime() }))));
	} catch (cause) {
		if (violatesReference(cause)) throw notFound('account');
		if (violates(cause, 'held_within_posted')) {
			const { available } = await readBalance({ db }, hold);
			throw refusalOfLedger(cause, { available, required: hold.amount }) ?? cause;
		}
		if (violates(cause, 'credit_holds.id')) {
			const stored = await readHold({ db }, hold);
			if (stored !== null && isSameHold(stored, hold)) return;
		}
		throw refusalOfLedger(cause) ?? cause;
	}
}
