import type { Deps, PublishedKeys } from '../deps';
import { compareKept, listLeftHeads, readKeptHead, type LogState } from './kept-head';
import type { SignedHead } from './log-head';

export interface LogStanding {
	/**
	 * Whether the log continues the head that is kept outside of the database. `forked`: a restore, or somebody, has cut or rewritten it,
	 * and no head is signed. `forged`: no key of ours signed the head that lies there, and none is signed over it. `unknown`: it could not be looked at, or receipts are still being taken up.
	 */
	state: 'continues' | 'forked' | 'forged' | 'unknown';
	/** How many receipts the kept head covers; null where there is none of ours, or none could be read. */
	keptSize: number | null;
	/** Heads that the log does not continue any more, since it had to go on from a restored database: each as it was signed. */
	left: SignedHead[];
}

/** For whoever wants to know whether the log is what it was, by `selectLogState`. What cannot be looked at is never called whole. */
export async function readLogStanding(
	deps: Pick<Deps, 'db' | 'vault'> & PublishedKeys,
	state: LogState | undefined,
): Promise<LogStanding> {
	try {
		if (state === undefined) throw new Error('a question for counts is answered');
		const [kept, left] = await Promise.all([readKeptHead(deps), listLeftHeads(deps)]);
		if (kept === null) return { state: state.signedSize === 0 ? 'continues' : 'unknown', keptSize: null, left };
		const standing = await compareKept(deps.db, state, kept);
		const keptSize = kept.isOurs ? kept.head.treeSize : null;
		return { state: standing === 'filling' ? 'unknown' : standing, keptSize, left };
	} catch {
		// The sweep meets the same each minute and says so; the numbers beside it are shown all the same.
		return { state: 'unknown', keptSize: null, left: [] };
	}
}
