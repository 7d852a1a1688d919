import type { BatchItem } from 'drizzle-orm/batch';

import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { notFound, violates } from '../errors';
import { isSameHold, readHold } from './read-hold';
import { inOneBatch, isHoldMismatch, refusalOfLedger, type Hold } from './statements';

/** Commits a capture or release by itself, and tells a repeat of it from a contradiction by what is stored. */
export async function resolveHold(
	deps: Pick<Deps, 'db'>,
	hold: Omit<Hold, 'renderId'> & { renderId?: string },
	kind: 'captured' | 'released',
	statements: BatchItem<'sqlite'>[],
): Promise<void> {
	const commit = () => withD1Retry(() => deps.db.batch(inOneBatch(statements)));
	const first = await answerOf(deps, hold, kind, commit);
	if (first === 'held_meanwhile') await answerOf(deps, hold, kind, commit);
}

/**
 * `held_meanwhile`: the hold was missing when the batch ran and is there now, open. It cannot go away again, so one more
 * run ends in a resolution, ours or another's.
 */
async function answerOf(
	deps: Pick<Deps, 'db'>,
	hold: Omit<Hold, 'renderId'> & { renderId?: string },
	kind: 'captured' | 'released',
	commit: () => Promise<unknown>,
): Promise<'resolved' | 'held_meanwhile'> {
	try {
		await commit();
		return 'resolved';
	} catch (cause) {
		if (violates(cause, 'credit_hold_resolutions.hold_id') || isHoldMismatch(cause)) {
			const stored = await readHold(deps, hold);
			if (stored?.accountId !== hold.accountId) throw notFound('hold');
			if (isSameHold(stored, hold)) {
				if (stored.resolution === kind) return 'resolved';
				if (stored.resolution === null) return 'held_meanwhile';
			}
		}
		throw refusalOfLedger(cause) ?? cause;
	}
}
