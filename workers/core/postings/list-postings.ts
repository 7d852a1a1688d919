import { and, asc, desc, eq, isNotNull } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { consents, subjects } from '../../../schema/consents';
import { assets, renders } from '../../../schema/renders';
import { postings } from '../../../schema/shares';
import type { PostingPlace } from '../../../studios/publish-rules';
import type { Actor } from '../actor';
import { type FoundAsset, GATE_BASIS, type GateBasis, gateFacts, procedureOf } from '../assets/read-asset';
import { type ConsentStanding, standingOf } from '../consents/consent-standing';
import { openReferenceOf } from '../consents/subject-reference';
import type { Deps } from '../deps';
import { ERASED } from '../vault/earlier';
import { openText } from '../vault/seal-text';
import { postingClock, type PostingState } from './posting-state';

export interface Posting {
	id: string;
	assetId: string;
	renderId: string;
	subjectReference: string | null;
	place: PostingPlace;
	address: string;
	state: PostingState;
	/** Until when it has to be gone; null: it may stay, or is gone. */
	dueAt: string | null;
	/** Why it may not stay, and by which source. */
	rule: string | null;
	source: string | null;
	postedAt: string;
	createdAt: string;
	removedAt: string | null;
	proof: string | null;
	/** What it rests on; null: no consent is known. */
	consent: ConsentStanding | null;
}

const POSTINGS_LISTED_MAX = 200;

type ListDeps = Pick<Deps, 'db' | 'now' | 'studio' | 'vault'>;

/** The account's copies elsewhere, or those of one order: first what has to go, the soonest first. One D1 statement. */
export async function listPostings(
	deps: ListDeps,
	input: { actor: Actor; renderId?: string | undefined; postingId?: string | undefined },
): Promise<Posting[]> {
	const { actor, renderId, postingId } = input;
	const rows = await deps.db
		.select({
			posting: postings,
			asset: assets,
			render: {
				tool: renders.tool,
				input: renders.input,
				accountId: renders.accountId,
				subjectId: renders.subjectId,
				consentId: renders.consentId,
			},
			reference: subjects.reference,
			...GATE_BASIS,
		})
		.from(postings)
		.innerJoin(assets, eq(assets.id, postings.assetId))
		.innerJoin(renders, eq(renders.id, assets.renderId))
		.innerJoin(accounts, eq(accounts.id, postings.accountId))
		.leftJoin(subjects, eq(subjects.id, renders.subjectId))
		.leftJoin(consents, eq(consents.id, renders.consentId))
		.where(
			and(
				eq(postings.accountId, actor.accountId),
				renderId === undefined ? undefined : eq(assets.renderId, renderId),
				postingId === undefined ? undefined : eq(postings.id, postingId),
			),
		)
		// What is ticked comes last, so that the limit never hides what is not.
		.orderBy(asc(isNotNull(postings.removedAtMs)), desc(postings.createdAtMs), desc(postings.id))
		.limit(POSTINGS_LISTED_MAX);
	const items = await Promise.all(rows.map((row) => toPosting(deps, row)));
	return items.toSorted((a, b) => (a.dueAt ?? LAST).localeCompare(b.dueAt ?? LAST));
}

/** Behind every time there is. */
const LAST = '9999';

interface PostingRow extends GateBasis {
	posting: typeof postings.$inferSelect;
	asset: typeof assets.$inferSelect;
	render: FoundAsset['render'];
	reference: string | null;
}

async function toPosting(deps: ListDeps, row: PostingRow): Promise<Posting> {
	const { posting, asset, render } = row;
	const owner = posting.subjectId ?? posting.accountId;
	const open = async (column: 'address' | 'proof', sealed: string) =>
		(await openText(deps, { owner, place: `postings.${column}`, sealed })) ?? ERASED;
	const procedure = await procedureOf(deps, { asset, render });
	const facts = gateFacts(deps, asset, { ...row, procedure });
	const { dueAtMs, ...clock } = postingClock(posting, facts);
	return {
		id: posting.id,
		assetId: posting.assetId,
		renderId: asset.renderId,
		subjectReference: await openReferenceOf(deps, { subjectId: posting.subjectId, reference: row.reference }),
		place: posting.place,
		address: await open('address', posting.address),
		...clock,
		dueAt: toIso(dueAtMs),
		postedAt: new Date(posting.postedAtMs).toISOString(),
		createdAt: new Date(posting.createdAtMs).toISOString(),
		removedAt: toIso(posting.removedAtMs),
		proof: posting.proof === null ? null : await open('proof', posting.proof),
		consent: standingOf(render.consentId, row.consent, deps.now().getTime()),
	};
}

function toIso(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString();
}
