import { and, eq, sql } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { consents, subjects } from '../../../schema/consents';
import { assets, renders } from '../../../schema/renders';
import { judgedClass, jurisdictionOf, type Jurisdiction } from '../../../studios/publish-rules';
import { isTreatmentId, treatmentOf } from '../../../studios/treatments';
import { toolOf, type AssetClass, type AssetKind, type Tool } from '../../../studios/studio';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { AppError, notFound } from '../errors';
import { signGet } from '../media/sign-url';
import { openInput } from '../renders/stored-input';
import { type ConsentBasis, type GateFacts, judgePublishing, type Verdict } from './publish-gate';

/** A view ends in minutes, so that a copied address is soon worth nothing. */
export const VIEW_MINUTES = 5;

export type AssetRow = Omit<typeof assets.$inferSelect, 'triedAtMs' | 'attestedBy' | 'putExpiresAtMs'>;

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
	/** Null where the publish gate keeps copies from leaving. */
	downloadUrl: string | null;
	urlExpiresAt: string;
	disclosure: string;
	publish: Verdict[];
	/** By whose rules that is. */
	jurisdiction: Jurisdiction;
	/** False: nobody has said where the account is, and the studio's strictest place is assumed. */
	isJurisdictionChosen: boolean;
}

/** What of a consent the publish gate asks; to be selected through a left join. */
export const CONSENT_BASIS = {
	state: consents.state,
	expiresAtMs: consents.expiresAtMs,
	revokedAtMs: consents.revokedAtMs,
	narrowedAtMs: consents.narrowedAtMs,
	purposes: consents.purposes,
	channels: consents.channels,
	signerRole: consents.signerRole,
};

/** When the processing of the account or the patient was restricted, for a query that joins both; null: it is not. */
export const RESTRICTED_AT = sql<number | null>`coalesce(${accounts.restrictedAtMs}, ${subjects.restrictedAtMs})`;

/** What the gate asks beside the asset itself; for a query that joins accounts, subjects and consents. */
export const GATE_BASIS = {
	consent: CONSENT_BASIS,
	restrictedAtMs: RESTRICTED_AT,
	jurisdiction: accounts.jurisdiction,
};

export interface GateBasis {
	consent: ConsentBasis | null;
	restrictedAtMs: number | null;
	jurisdiction: Jurisdiction | null;
}

/** One's own asset with a view and a download on the media host. Deleted ones are `gone`, unfinished ones not found. */
export async function readAsset(
	deps: Pick<Deps, 'db' | 'now' | 'studio' | 'mediaOrigin' | 'urlSigningKey' | 'vault'>,
	input: { actor: Actor; assetId: string },
): Promise<Asset> {
	const found = await findAsset(deps, input);
	return toAsset(deps, found.asset, {
		...found.basis,
		tool: toolOf(deps.studio, found.render.tool),
		procedure: await procedureOf(deps, found),
	});
}

export interface FoundAsset {
	asset: AssetRow;
	render: Pick<typeof renders.$inferSelect, 'tool' | 'input' | 'accountId' | 'subjectId' | 'consentId'>;
	basis: GateBasis;
}

/** One's own asset as its rows say it. Deleted ones are `gone`, unfinished and somebody else's not found. One D1 statement. */
export async function findAsset(
	{ db }: Pick<Deps, 'db'>,
	input: { actor: Actor; assetId: string },
): Promise<FoundAsset> {
	const [row] = await db
		.select({
			asset: assets,
			render: {
				tool: renders.tool,
				input: renders.input,
				accountId: renders.accountId,
				subjectId: renders.subjectId,
				consentId: renders.consentId,
			},
			...GATE_BASIS,
		})
		.from(assets)
		.innerJoin(renders, eq(renders.id, assets.renderId))
		.innerJoin(accounts, eq(accounts.id, assets.accountId))
		.leftJoin(subjects, eq(subjects.id, renders.subjectId))
		.leftJoin(consents, eq(consents.id, renders.consentId))
		.where(and(eq(assets.id, input.assetId), eq(assets.accountId, input.actor.accountId)));
	if (row === undefined || row.asset.state === 'pending') throw notFound('asset');
	if (row.asset.state !== 'ready') throw new AppError('gone', 'This was deleted. Its receipt is what is left.');
	const { asset, render, ...basis } = row;
	return { asset, render, basis };
}

/** What was done, for a label that has to name it; null where no label does. It is sealed, so it is opened for pairs alone. */
export async function procedureOf(
	deps: Pick<Deps, 'vault'>,
	{ asset, render }: Pick<FoundAsset, 'asset' | 'render'>,
): Promise<string | null> {
	if (judgedClass(asset.assetClass, asset.madeOf) !== 'genuine_pair') return null;
	return treatmentIn((await openInput(deps, render)) ?? {});
}

/** The name of what was ordered, as a sentence has it. */
export function treatmentIn(input: Readonly<Record<string, unknown>>): string | null {
	const { treatment } = input;
	return isTreatmentId(treatment) ? treatmentOf(treatment).name.toLowerCase() : null;
}

/** All that the gate asks about one asset at this moment. */
export function gateFacts(
	{ now, studio }: Pick<Deps, 'now' | 'studio'>,
	asset: Pick<AssetRow, 'assetClass' | 'madeOf'>,
	{ consent, restrictedAtMs, jurisdiction, procedure }: GateBasis & { procedure: string | null },
): GateFacts {
	return {
		assetClass: asset.assetClass,
		madeOf: asset.madeOf,
		jurisdiction: jurisdictionOf(studio.slug, jurisdiction).jurisdiction,
		consent,
		isRestricted: restrictedAtMs !== null,
		procedure,
		nowMs: now().getTime(),
	};
}

export async function toAsset(
	deps: Pick<Deps, 'now' | 'studio' | 'mediaOrigin' | 'urlSigningKey'>,
	row: AssetRow,
	basis: GateBasis & { tool: Tool | undefined; procedure: string | null },
): Promise<Asset> {
	const nowMs = deps.now().getTime();
	const expiresAtMs = nowMs + VIEW_MINUTES * 60_000;
	const claims = { origin: deps.mediaOrigin, objectKey: row.objectKey, contentType: row.contentType, expiresAtMs };
	const publish = judgePublishing(gateFacts(deps, row, basis));
	const mayLeave = publish.some(({ use, isAllowed }) => use === 'download' && isAllowed);
	const { jurisdiction, isChosen } = jurisdictionOf(deps.studio.slug, basis.jurisdiction);
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
		downloadUrl: mayLeave
			? await signGet(deps.urlSigningKey, { ...claims, purpose: 'download', fileName: fileNameOf(row) })
			: null,
		urlExpiresAt: new Date(expiresAtMs).toISOString(),
		disclosure: row.assetClass === 'genuine_pair' ? GENUINE : (basis.tool?.disclosure ?? 'Made by AI'),
		publish,
		jurisdiction,
		isJurisdictionChosen: isChosen,
	};
}

/** What its member attested of a pair. */
const GENUINE = 'Photographs before and after, not retouched';

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
