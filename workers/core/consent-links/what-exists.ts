import { and, asc, desc, eq, sql } from 'drizzle-orm';

import { assets, renders } from '../../../schema/renders';
import { postings, shares } from '../../../schema/shares';
import { uploads } from '../../../schema/uploads';
import type { PostingPlace } from '../../../studios/publish-rules';
import { toolOf, type AssetClass, type AssetKind } from '../../../studios/studio';
import { judgePlace, judgePublishing, type GateFacts } from '../assets/publish-gate';
import { gateFacts, procedureOf } from '../assets/read-asset';
import { isMadeUnder, isSentUnder } from '../consents/lineage';
import type { AccessDeps } from '../deps';
import { signGet } from '../media/sign-url';
import { postingClock, type PostingState } from '../postings/posting-state';
import { isServable } from '../uploads/upload-state';
import type { FoundLink } from './find-link';

/** As of a shared link: an address that somebody copies out of the page is worth nothing after so long. */
export const LINKED_MEDIA_MINUTES = 2;

const PHOTOS_LISTED_MAX = 50;
const MEDIA_LISTED_MAX = 100;
const POSTINGS_LISTED_MAX = 200;

export type ExistsDeps = Pick<AccessDeps, 'db' | 'now' | 'studio' | 'vault' | 'mediaOrigin' | 'urlSigningKey'>;

interface Shown {
	/** Null: not shown now, because processing is restricted or it is being erased. */
	url: string | null;
	width: number | null;
	height: number | null;
	createdAt: string;
}

export interface Existing {
	photos: (Shown & { deleteAt: string })[];
	media: (Shown & { kind: AssetKind; assetClass: AssetClass; label: string | null })[];
	shares: { open: number; until: string | null };
}

export interface PostedCopy {
	place: PostingPlace;
	state: PostingState;
	postedAt: string;
	dueAt: string | null;
	removedAt: string | null;
}

/** What rests on a consent and is here: photos with their hour, what was made, and how many others can see it by a link. Two D1 statements. */
export async function whatExists(deps: ExistsDeps, found: FoundLink): Promise<Existing> {
	const nowMs = deps.now().getTime();
	const [photos, made] = await Promise.all([readPhotos(deps, found), readMade(deps, found, nowMs)]);
	const judged = await Promise.all(made.map(async (row) => ({ ...row, facts: await factsOf(deps, found, row) })));
	const open = judged.filter(({ openShares, facts }) => openShares > 0 && judgePlace('share_link', facts).isAllowed);
	const untilMs = Math.max(...open.map(({ sharedUntilMs }) => sharedUntilMs ?? 0));
	return {
		photos: await Promise.all(
			photos
				.filter((photo) => isServable(photo, nowMs))
				.map(async (photo) => ({
					...(await toShown(deps, found, photo, photo.deleteAtMs)),
					deleteAt: iso(photo.deleteAtMs),
				})),
		),
		media: await Promise.all(
			judged.map(async ({ asset, render, facts }) => ({
				kind: asset.kind,
				assetClass: asset.assetClass,
				label: labelOf(facts) ?? disclosureOf(deps, render.tool, asset.assetClass),
				...(await toShown(deps, found, asset, Number.POSITIVE_INFINITY)),
			})),
		),
		shares: {
			open: open.reduce((sum, { openShares }) => sum + openShares, 0),
			until: open.length === 0 ? null : iso(untilMs),
		},
	};
}

function readPhotos({ db }: ExistsDeps, { consent }: FoundLink) {
	return db
		.select()
		.from(uploads)
		.where(and(isSentUnder(sql`(${consent.id})`), eq(uploads.kind, 'source'), eq(uploads.state, 'ready')))
		.orderBy(asc(uploads.createdAtMs))
		.limit(PHOTOS_LISTED_MAX);
}

function readMade({ db }: ExistsDeps, { consent }: FoundLink, nowMs: number) {
	const openShares = sql`from ${shares} s where s.asset_id = ${assets.id} and s.revoked_at_ms is null and s.expires_at_ms > ${nowMs}`;
	return db
		.select({
			asset: assets,
			render: RENDER_BASIS,
			openShares: sql<number>`(select count(*) ${openShares})`,
			sharedUntilMs: sql<number | null>`(select max(s.expires_at_ms) ${openShares})`,
		})
		.from(assets)
		.innerJoin(renders, eq(renders.id, assets.renderId))
		.where(and(isMadeUnder(db, sql`(${consent.id})`), eq(assets.state, 'ready')))
		.orderBy(asc(assets.createdAtMs), asc(assets.id))
		.limit(MEDIA_LISTED_MAX);
}

const RENDER_BASIS = {
	tool: renders.tool,
	input: renders.input,
	accountId: renders.accountId,
	subjectId: renders.subjectId,
	consentId: renders.consentId,
};

/** Copies that the practice posted elsewhere, and whether they may stay. One D1 statement. */
export async function postedCopies(deps: ExistsDeps, found: FoundLink): Promise<PostedCopy[]> {
	const { db } = deps;
	const rows = await db
		.select({ posting: postings, asset: assets, render: RENDER_BASIS })
		.from(postings)
		.innerJoin(assets, eq(assets.id, postings.assetId))
		.innerJoin(renders, eq(renders.id, assets.renderId))
		.where(isMadeUnder(db, sql`(${found.consent.id})`))
		.orderBy(desc(postings.postedAtMs))
		.limit(POSTINGS_LISTED_MAX);
	return Promise.all(
		rows.map(async (row) => {
			const { state, dueAtMs } = postingClock(row.posting, await factsOf(deps, found, row));
			const { place, postedAtMs, removedAtMs } = row.posting;
			return {
				place,
				state,
				postedAt: iso(postedAtMs),
				dueAt: dueAtMs === null ? null : iso(dueAtMs),
				removedAt: removedAtMs === null ? null : iso(removedAtMs),
			};
		}),
	);
}

type MadeRow = Pick<Awaited<ReturnType<typeof readMade>>[number], 'asset' | 'render'>;

async function factsOf(deps: ExistsDeps, found: FoundLink, row: MadeRow): Promise<GateFacts> {
	return gateFacts(deps, row.asset, { ...found, procedure: await procedureOf(deps, row) });
}

/** What has to be readable in the picture anywhere, so that the patient knows it for what it is. */
function labelOf(facts: GateFacts): string | null {
	return judgePublishing(facts).find(({ label }) => label !== null)?.label ?? null;
}

function disclosureOf({ studio }: ExistsDeps, tool: string, assetClass: AssetClass): string | null {
	if (assetClass === 'source' || assetClass === 'genuine_pair') return null;
	return toolOf(studio, tool)?.disclosure ?? 'Made by AI';
}

async function toShown(
	{ now, mediaOrigin, urlSigningKey }: ExistsDeps,
	{ restrictedAtMs, erasedAtMs }: FoundLink,
	row: { objectKey: string; contentType: string; width: number | null; height: number | null; createdAtMs: number },
	untilMs: number,
): Promise<Shown> {
	const { objectKey, contentType, width, height } = row;
	const expiresAtMs = Math.min(now().getTime() + LINKED_MEDIA_MINUTES * 60_000, untilMs);
	const isHidden = restrictedAtMs !== null || erasedAtMs !== null;
	const claims = { origin: mediaOrigin, objectKey, contentType, purpose: 'view', expiresAtMs } as const;
	return {
		url: isHidden ? null : await signGet(urlSigningKey, claims),
		width,
		height,
		createdAt: iso(row.createdAtMs),
	};
}

function iso(ms: number): string {
	return new Date(ms).toISOString();
}
