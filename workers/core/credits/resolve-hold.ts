import type { BatchItem } from 'drizzle-orm/batch';

import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { notFound, violates } from '../errors';
import { isSameHold, readHold } from './read-hold';
import { inOneBatch, isHoldMismatch, refusalOfLedger, type Hold } from './statements';

/** Commits a capture or release by itself, and tells a repeat of it from a contradiction by what is stored. */
export async function resolveHold(
	{ db }: Pick<Deps, 'db'>,
	hold: Omit<Hold, 'renderId'> & { renderId?: string },
	kind: 'captured' | 'released',
	statements: BatchItem<'sqlite'>[],
): Promise<void> {
	try {
		await withD1Retry(() => db.batch(inOneBatch(statements)));
	} catch (cause) {
		const isResolved = violates(cause, 'credit_hold_resolutions.hold_id');
		if (isResolved || isHoldMismatch(cause)) {
			const stored = await readHold({ db }, hold);
			if (stored?.accountId !== hold.accountId) throw notFound('hold');
			if (stored.resolution === kind && isSameHold(stored, hold)) return;
		}
		throw refusalOfLedger(cause) ?? cause;
	}
}
