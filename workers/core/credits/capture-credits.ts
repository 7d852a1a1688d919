import type { Deps } from '../deps';
import { resolveHold } from './resolve-hold';
import { captureStatements, type Hold } from './statements';

/**
 * Charges what a hold set aside, once. Repeating it is a no-op; after a release it is a `conflict`, as is a description
 * that does not fit the stored hold. Another account's hold answers `not_found`.
 */
export async function captureCredits({ db, now }: Pick<Deps, 'db' | 'now'>, hold: Hold): Promise<void> {
	await resolveHold({ db }, hold, 'capture', captureStatements(db, { ...hold, nowMs: now().getTime() }));
}
