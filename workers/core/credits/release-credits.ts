import type { Deps } from '../deps';
import { resolveHold } from './resolve-hold';
import { releaseStatements, type Hold } from './statements';

/**
 * Gives what a hold set aside back to the balance, once. Repeating it is a no-op; after a capture it is a `conflict`, as
 * is a description that does not fit the stored hold. Another account's hold answers `not_found`.
 */
export async function releaseCredits(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	{ holdId, accountId, amount }: Omit<Hold, 'renderId'>,
): Promise<void> {
	const hold = { holdId, accountId, amount };
	await resolveHold({ db }, hold, 'release', releaseStatements(db, { ...hold, nowMs: now().getTime() }));
}
