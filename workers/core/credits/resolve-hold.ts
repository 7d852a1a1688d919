import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { lacks, notFound, violates } from '../errors';
import { inOneBatch, type Statement } from './post-entry';
import { isSameHold, readHold } from './read-hold';
import { isHoldMismatch, isResolvedBefore, refusalOfLedger, type Hold } from './statements';

/** Commits a capture or release by itself, and tells a repeat of it from a contradiction by what is stored. */
export async function resolveHold(
	deps: Pick<Deps, 'db'>,
	hold: Omit<Hold, 'renderId'> & { renderId?: string },
	kind: 'capture' | 'release',
	statements: readonly Statement[],
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
	kind: 'capture' | 'release',
	commit: () => Promise<unknown>,
): Promise<'resolved' | 'held_meanwhile'> {
	try {
		await commit();
		return 'resolved';
	} catch (cause) {
		const isRepeat = isResolvedBefore(cause) || violates(cause, 'credit_entries.id');
		if (isRepeat || isHoldMismatch(cause) || lacks(cause, 'credit_entries.seq')) {
			const stored = await readHold(deps, hold);
			if (stored?.accountId !== hold.accountId) throw notFound('hold');
			if (isSameHold(stored, hold)) {
				if (stored.end === kind) return 'resolved';
				if (stored.end === null && isHoldMismatch(cause)) return 'held_meanwhile';
			}
		}
		throw refusalOfLedger(cause) ?? cause;
	}
}
