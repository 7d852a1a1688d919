import type { JobDeps } from '../deps';
import type { ErasureRow } from './legs';

export type EraseDeps = JobDeps;

/**
 * How a place was left. `more`: there is still something, and it is worth coming again at once; `waiting`: only time helps. On the
 * leg of the processors `scheduled` says that the lifetime of what was there has ended.
 */
export type LegOutcome = 'more' | 'waiting' | 'deleted' | 'nothing_held' | 'kept' | 'scheduled';

/** Empties one place and looks again. Idempotent, bounded; throws when the place does not answer. */
export type LegRun = (deps: EraseDeps, erasure: ErasureRow) => Promise<LegOutcome>;
