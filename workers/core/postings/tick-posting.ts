import { and, eq, isNull } from 'drizzle-orm';

import { postings } from '../../../schema/shares';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import type { AccessDeps } from '../deps';
import { notFound } from '../errors';
import { sealText } from '../vault/seal-text';
import { listPostings, type Posting } from './list-postings';

/**
 * Notes that a posted copy is gone, and how that was seen, also when it did not have to go. What was ticked stays as it was: the first
 * proof counts. Somebody else's is not found.
 */
export async function tickPosting(
	deps: Pick<AccessDeps, 'db' | 'now' | 'studio' | 'vault'>,
	input: { actor: Actor; postingId: string; proof: string },
): Promise<Posting> {
	const { db } = deps;
	const { actor, postingId } = input;
	const own = and(eq(postings.id, postingId), eq(postings.accountId, actor.accountId));
	const [found] = await db.select({ subjectId: postings.subjectId }).from(postings).where(own);
	if (found === undefined) throw notFound('copy');
	const owner = found.subjectId ?? actor.accountId;
	const proof = await sealText(deps, { owner, place: 'postings.proof', text: input.proof });
	await db
		.update(postings)
		.set({ removedAtMs: deps.now().getTime(), removedBy: actor.userId, proof })
		.where(and(own, isNull(postings.removedAtMs), hasStanding(deps, actor, 'assets:share')));
	const [ticked] = await listPostings(deps, { actor, postingId });
	if (ticked === undefined) throw notFound('copy');
	if (ticked.state !== 'removed') throw (await refusalOfStanding(deps, actor, 'assets:share')) ?? notFound('copy');
	return ticked;
}
