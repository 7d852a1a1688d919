import { and, eq, ne, sql } from 'drizzle-orm';

import { assets, renders } from '../../../schema/renders';
import { postings } from '../../../schema/shares';
import { POSTING_LIMITS, type PostingPlace } from '../../../studios/publish-rules';
import { accountIdWhile, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import type { AccessDeps } from '../deps';
import { AppError, lacks, notFound } from '../errors';
import { sealText } from '../vault/seal-text';
import { listPostings, type Posting } from './list-postings';

const DAY_MS = 86_400_000;

/**
 * Notes that a copy of one's own asset was posted elsewhere, so that it is taken down when it may not stay (N2). What may not be
 * published is noted all the same, and is due at once: a copy that nobody knows of is worse. Also of what was deleted here since.
 * Refuses a day ahead, and (`conflict`) one entry too many.
 */
export async function notePosting(
	deps: Pick<AccessDeps, 'db' | 'now' | 'newId' | 'studio' | 'vault'>,
	input: { actor: Actor; assetId: string; place: PostingPlace; address: string; postedAtMs: number },
): Promise<Posting> {
	const { db } = deps;
	const { actor, assetId, place, postedAtMs } = input;
	const nowMs = deps.now().getTime();
	if (postedAtMs > nowMs + DAY_MS) {
		throw new AppError('invalid_input', 'This day lies ahead. Use the day on which it was posted.', {
			details: { fields: ['postedAt'] },
		});
	}
	const [asset] = await db
		.select({ subjectId: renders.subjectId })
		.from(assets)
		.innerJoin(renders, eq(renders.id, assets.renderId))
		.where(and(eq(assets.id, assetId), eq(assets.accountId, actor.accountId), ne(assets.state, 'pending')));
	if (asset === undefined) throw notFound('asset');
	const owner = asset.subjectId ?? actor.accountId;
	const isRoom = sql`(select count(*) from ${postings} p where p.asset_id = ${assetId}) < ${POSTING_LIMITS.perAssetMax}`;
	const row = {
		id: deps.newId('posting'),
		accountId: accountIdWhile(deps, actor, 'assets:share', { and: isRoom }),
		subjectId: asset.subjectId,
		assetId,
		place,
		address: await sealText(deps, { owner, place: 'postings.address', text: input.address }),
		postedAtMs,
		notedBy: actor.userId,
		createdAtMs: nowMs,
	};
	try {
		await db.insert(postings).values(row);
	} catch (cause) {
		if (!lacks(cause, 'postings.account_id')) throw cause;
		throw (await refusalOfStanding(deps, actor, 'assets:share')) ?? tooMany(cause);
	}
	const [noted] = await listPostings(deps, { actor, postingId: row.id });
	if (noted === undefined) throw notFound('copy');
	return noted;
}

function tooMany(cause: unknown): AppError {
	return new AppError(
		'conflict',
		`${POSTING_LIMITS.perAssetMax} copies of it are noted already, which is the most. Note the rest in your own list.`,
		{ cause },
	);
}
