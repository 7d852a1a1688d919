import { and, eq, sql } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { consents, subjects } from '../../../schema/consents';
import { assets, renders } from '../../../schema/renders';
import { toolOf, type AssetClass, type AssetKind, type Tool } from '../../../studios/studio';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { AppError, notFound } from '../errors';
import { signGet } from '../media/sign-url';
import { type ConsentBasis, judgePublishing, type Verdict } from './publish-gate';

/** A view ends in minutes, so that a copied address is soon worth nothing. */
export const VIEW_MINUTES = 5;

export type AssetRow = Omit<typeof assets.$inferSelect, 'triedAtMs'>;

export interface Asset {
	id: string;
	renderId: string;
	kind: AssetKind;
	assetClass: AssetClass;
	contentType: string;
	byteLength: number;
	width: number | null;
	height: number | null;
	seconds: number | null;
	url: string;
	downloadUrl: string;
	urlExpiresAt: string;
	disclosure: string;
	publish: Verdict[];
}

/** What of a consent the publish gate asks; to be selected through a left join. */
export const CONSENT_BASIS = {
	state: consents.state,
	expiresAtMs: consents.expiresAtMs,
	purposes: consents.purposes,
};

/** When the processing of the account or the patient was restricted, for a query that joins both; null: it is not. */
export const RESTRICTED_AT = sql<number | null>`coalesce(${accounts.restrictedAtMs}, ${subjects.restrictedAtMs})`;

/** One's own asset with a view and a download on the media host. Deleted ones are `gone`, unfinished ones not found. */
export async function readAsset(
	deps: Pick<Deps, 'db' | 'now' | 'studio' | 'mediaOrigin' | 'urlSigningKey'>,
	input: { actor: Actor; assetId: string },
): Promise<Asset> {
	const [row] = await deps.db
		.select({ asset: assets, tool: renders.tool, consent: CONSENT_BASIS, restrictedAtMs: RESTRICTED_AT })
		.from(assets)
		.innerJoin(renders, eq(renders.id, assets.renderId))
		.innerJoin(accounts, eq(accounts.id, assets.accountId))
		.leftJoin(subjects, eq(subjects.id, renders.subjectId))
		.leftJoin(consents, eq(consents.id, renders.consentId))
		.where(and(eq(assets.id, input.assetId), eq(assets.accountId, input.actor.accountId)));
	if (row === undefined || row.asset.state === 'pending') throw notFound('asset');
	if (row.asset.state !== 'ready') throw new AppError('gone', 'This was deleted. Its receipt is what is left.');
	const isRestricted = row.restrictedAtMs !== null;
	return toAsset(deps, row.asset, { consent: row.consent, tool: toolOf(deps.studio, row.tool), isRestricted });
}

export async function toAsset(
	deps: Pick<Deps, 'now' | 'mediaOrigin' | 'urlSigningKey'>,
	row: AssetRow,
	basis: { consent: ConsentBasis | null; tool: Tool | undefined; isRestricted: boolean },
): Promise<Asset> {
	const nowMs = deps.now().getTime();
	const expiresAtMs = nowMs + VIEW_MINUTES * 60_000;
	const claims = { origin: deps.mediaOrigin, objectKey: row.objectKey, contentType: row.contentType, expiresAtMs };
	return {
		id: row.id,
		renderId: row.renderId,
		kind: row.kind,
		assetClass: row.assetClass,
		contentType: row.contentType,
		byteLength: row.byteLength,
		width: row.width,
		height: row.height,
		seconds: row.durationMs === null ? null : row.durationMs / 1000,
		url: await signGet(deps.urlSigningKey, { ...claims, purpose: 'view' }),
		downloadUrl: await signGet(deps.urlSigningKey, { ...claims, purpose: 'download', fileName: fileNameOf(row) }),
		urlExpiresAt: new Date(expiresAtMs).toISOString(),
		disclosure: basis.tool?.disclosure ?? 'Made by AI',
		publish: judgePublishing(row.assetClass, basis.consent, nowMs, basis),
	};
}

const EXTENSIONS: Readonly<Record<string, string>> = {
	'image/jpeg': 'jpg',
	'image/png': 'png',
	'image/webp': 'webp',
	'video/mp4': 'mp4',
};

/** Says what it is and nothing of whom. */
function fileNameOf(row: AssetRow): string {
	return `${row.kind}-${row.id.slice(-6)}.${EXTENSIONS[row.contentType] ?? 'bin'}`;
}
