import { and, eq, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';

import { accounts } from '../../../schema/accounts';
import { consents, subjects } from '../../../schema/consents';
import { assets, attempts, renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import { ASSET_KINDS, toolOf, type AssetKind, type Tool } from '../../../studios/studio';
import type { Actor } from '../actor';
import { hasStanding } from '../accounts/standing';
import { type Asset, type AssetRow, GATE_BASIS, type GateBasis, toAsset, treatmentIn } from '../assets/read-asset';
import { type ConsentStanding, standingOf } from '../consents/consent-standing';
import { openReferenceOf } from '../consents/subject-reference';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { toUpload, type Upload, type UploadRow } from '../uploads/read-upload';
import type { UploadState } from '../uploads/upload-state';
import { keepingOf, type ProcessorKeeping } from './keeping-summary';
import { progressOf, type StageView, viewStages } from './progress';
import type { RenderState } from './render-state';
import { openShownInput } from './stored-input';

export interface Render {
	id: string;
	tool: string;
	state: RenderState;
	stage: string | null;
	progress: number;
	stages: StageView[];
	assets: { id: string; kind: AssetKind; state: 'ready' | 'deleting' | 'deleted'; receiptId: string }[];
	input: Record<string, unknown>;
	subjectReference: string | null;
	credits: { held: number; charged: number };
	error?: { code: string; message: string };
	source: {
		uploadId: string;
		state: UploadState;
		deleteAt: string;
		deletedAt: string | null;
		receiptId: string;
	} | null;
	sourceDeleteAt: string | null;
	processorsForgotAt: string | null;
	processors: ProcessorKeeping[];
	/** What it rests on; null: no consent is known. */
	consent: ConsentStanding | null;
	createdAt: string;
	finishedAt: string | null;
}

export interface RenderView {
	render: Render;
	source: Upload | null;
	assets: Asset[];
}

const AttemptJson = z.array(
	z.object({
		stage: z.string(),
		number: z.number(),
		state: z.enum(['intent', 'submitted', 'unknown', 'done', 'failed', 'abandoned']),
		createdAtMs: z.number(),
		finishedAtMs: z.number().nullable(),
		processor: z.enum(['fal', 'openai']),
		hygiene: z.unknown(),
	}),
);

const ASSET_CLASSES = ['source', 'simulation', 'genuine_pair', 'generated', 'composition'] as const;

const AssetJson = z.array(
	z.object({
		id: z.string(),
		accountId: z.string(),
		renderId: z.string(),
		stage: z.string(),
		kind: z.enum(ASSET_KINDS),
		assetClass: z.enum(ASSET_CLASSES),
		madeOf: z.array(z.enum(ASSET_CLASSES)).nullable(),
		state: z.enum(['ready', 'deleting', 'deleted']),
		objectKey: z.string(),
		contentType: z.string(),
		byteLength: z.number(),
		width: z.number().nullable(),
		height: z.number().nullable(),
		durationMs: z.number().nullable(),
		createdAtMs: z.number(),
		deletedAtMs: z.number().nullable(),
		receiptId: z.string(),
	}),
);

/** One's own render, as its page and its events show it. One D1 statement. */
export async function readRender(
	deps: Pick<Deps, 'db' | 'now' | 'studio' | 'vault'>,
	input: { actor: Actor; renderId: string },
): Promise<Render> {
	return toRender(deps, await selectRender(deps, input));
}

/** The same for somebody who keeps looking: not found any more once they signed out or lost their role. One D1 statement. */
export async function watchRender(
	deps: Pick<Deps, 'db' | 'now' | 'studio' | 'vault'>,
	input: { actor: Actor; renderId: string },
): Promise<Render> {
	return toRender(deps, await selectRender(deps, input, hasStanding(deps, input.actor, 'renders:read')));
}

/** The render with its photo and everything it made, with views of each: all that its page needs. One D1 statement. */
export async function readRenderView(
	deps: Pick<Deps, 'db' | 'now' | 'studio' | 'mediaOrigin' | 'urlSigningKey' | 'vault'>,
	input: { actor: Actor; renderId: string },
): Promise<RenderView> {
	const row = await selectRender(deps, input);
	const tool = toolOf(deps.studio, row.render.tool);
	const shown = row.assets.filter((asset) => asset.state === 'ready');
	const { consent, restrictedAtMs, jurisdiction } = row;
	const basis = { consent, restrictedAtMs, jurisdiction, tool, procedure: treatmentIn(row.input) };
	return {
		render: toRender(deps, row),
		source: row.upload === null ? null : await toUpload(deps, row.upload, row.subjectReference),
		assets: await Promise.all(shown.map((asset) => toAsset(deps, asset, basis))),
	};
}

interface RenderRow extends GateBasis {
	render: typeof renders.$inferSelect;
	input: Record<string, unknown>;
	upload: UploadRow | null;
	subjectReference: string | null;
	attempts: z.infer<typeof AttemptJson>;
	assets: AssetRow[];
}

async function selectRender(
	deps: Pick<Deps, 'db' | 'vault'>,
	input: { actor: Actor; renderId: string },
	condition?: SQL,
): Promise<RenderRow> {
	const [row] = await deps.db
		.select({
			render: renders,
			upload: uploads,
			subjectReference: subjects.reference,
			...GATE_BASIS,
			attempts: sql<string>`(select json_group_array(json_object(
				'stage', a.stage, 'number', a.number, 'state', a.state,
				'createdAtMs', a.created_at_ms, 'finishedAtMs', a.finished_at_ms,
				'processor', a.processor, 'hygiene', json(a.hygiene)
			)) from ${attempts} a where a.render_id = ${renders.id})`,
			assets: sql<string>`(select json_group_array(json_object(
				'id', s.id, 'accountId', s.account_id, 'renderId', s.render_id, 'stage', s.stage, 'kind', s.kind,
				'assetClass', s.asset_class, 'madeOf', json(s.made_of), 'state', s.state, 'objectKey', s.object_key, 'contentType', s.content_type,
				'byteLength', s.byte_length, 'width', s.width, 'height', s.height, 'durationMs', s.duration_ms,
				'createdAtMs', s.created_at_ms, 'deletedAtMs', s.deleted_at_ms, 'receiptId', s.receipt_id
			)) from ${assets} s where s.render_id = ${renders.id} and s.state <> 'pending')`,
		})
		.from(renders)
		.leftJoin(uploads, eq(uploads.id, renders.uploadId))
		.innerJoin(accounts, eq(accounts.id, renders.accountId))
		.leftJoin(subjects, eq(subjects.id, renders.subjectId))
		.leftJoin(consents, eq(consents.id, renders.consentId))
		.where(and(eq(renders.id, input.renderId), eq(renders.accountId, input.actor.accountId), condition));
	if (row === undefined) throw notFound('render');
	return {
		...row,
		input: await openShownInput(deps, row.render),
		subjectReference: await openReferenceOf(deps, {
			subjectId: row.render.subjectId,
			reference: row.subjectReference,
		}),
		attempts: AttemptJson.parse(JSON.parse(row.attempts)),
		assets: AssetJson.parse(JSON.parse(row.assets)),
	};
}

function toRender({ now, studio }: Pick<Deps, 'now' | 'studio'>, row: RenderRow): Render {
	const { render, upload } = row;
	const tool: Tool | undefined = toolOf(studio, render.tool);
	const stages = viewStages(tool?.stages ?? [], row.attempts, render.state);
	const isOpen = render.finishedAtMs === null;
	// Only fal is asked to forget, and only of what was tried there: of others nothing was looked at.
	const isAtFal = row.attempts.some(({ stage }) => processorOf(tool, stage) === 'fal');
	return {
		id: render.id,
		tool: render.tool,
		state: render.state,
		stage: render.stage,
		progress: progressOf(stages, render.state, now().getTime()),
		stages,
		assets: row.assets.map(({ id, kind, state, receiptId }) => ({ id, kind, state: shownState(state), receiptId })),
		input: row.input,
		subjectReference: row.subjectReference,
		credits: { held: isOpen ? render.creditsHeld : 0, charged: render.creditsCharged },
		...(render.errorCode === null || render.errorMessage === null
			? {}
			: { error: { code: render.errorCode, message: render.errorMessage } }),
		source:
			upload === null
				? null
				: {
						uploadId: upload.id,
						state: upload.state,
						deleteAt: new Date(upload.deleteAtMs).toISOString(),
						deletedAt: toIso(upload.deletedAtMs),
						receiptId: upload.receiptId,
					},
		sourceDeleteAt: upload === null ? null : new Date(upload.deleteAtMs).toISOString(),
		processorsForgotAt: isAtFal ? toIso(render.forgottenAtMs) : null,
		processors: keepingOf(row.attempts),
		consent: standingOf(render.consentId, row.consent, now().getTime()),
		createdAt: new Date(render.createdAtMs).toISOString(),
		finishedAt: toIso(render.finishedAtMs),
	};
}

function processorOf(tool: Tool | undefined, stageId: string) {
	return tool?.stages.find(({ id }) => id === stageId)?.processor;
}

function shownState(state: AssetRow['state']): 'ready' | 'deleting' | 'deleted' {
	return state === 'pending' ? 'deleting' : state;
}

function toIso(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString();
}
