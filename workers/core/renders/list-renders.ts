import { and, desc, eq, isNull, lt, or, sql } from 'drizzle-orm';

import { consents, subjects } from '../../../schema/consents';
import { assets, renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import type { Actor } from '../actor';
import { CONSENT_BASIS } from '../assets/read-asset';
import { type ConsentStanding, needsAttention, standingOf } from '../consents/consent-standing';
import { openReferenceOf } from '../consents/subject-reference';
import type { Deps } from '../deps';
import { AppError } from '../errors';
import { signGet } from '../media/sign-url';
import type { RenderState } from './render-state';
import { openShownInput } from './stored-input';

const VIEW_MINUTES = 5;

export interface ListedRender {
	id: string;
	tool: string;
	state: RenderState;
	subjectReference: string | null;
	input: Record<string, unknown>;
	creditsCharged: number;
	sourceDeleteAt: string | null;
	sourceDeletedAt: string | null;
	pictureUrl: string | null;
	/** What it rests on; null: no consent is known. */
	consent: ConsentStanding | null;
	createdAt: string;
	finishedAt: string | null;
}

/**
 * One's own renders, newest first, each with a picture to show where there is one and how its consent stands. `needsAttention`: those
 * alone of which something is still here and whose consent is missing, not in force, or ends within 30 days. One D1 statement, and
 * the vault once for each person.
 */
export async function listRenders(
	deps: Pick<Deps, 'db' | 'now' | 'mediaOrigin' | 'urlSigningKey' | 'vault'>,
	input: { actor: Actor; cursor: string | undefined; limit: number; needsAttention?: boolean | undefined },
): Promise<{ items: ListedRender[]; nextCursor: string | null }> {
	const { limit } = input;
	const rows = await deps.db
		.select({
			render: renders,
			reference: subjects.reference,
			deleteAtMs: uploads.deleteAtMs,
			deletedAtMs: uploads.deletedAtMs,
			pictureKey: assets.objectKey,
			pictureType: assets.contentType,
			consent: CONSENT_BASIS,
		})
		.from(renders)
		.leftJoin(subjects, eq(subjects.id, renders.subjectId))
		.leftJoin(uploads, eq(uploads.id, renders.uploadId))
		.leftJoin(consents, eq(consents.id, renders.consentId))
		.leftJoin(
			assets,
			// One at most, so that an order is one row: what a stage drew, else the newest still that a device made.
			sql`${assets.id} = (select s.id from ${assets} s where s.render_id = ${renders.id} and s.state = 'ready'
				and s.kind in ('after', 'picture', 'pair', 'still')
				order by s.kind in ('after', 'picture') desc, s.kind = 'pair' desc, s.created_at_ms desc limit 1)`,
		)
		.where(
			and(
				eq(renders.accountId, input.actor.accountId),
				afterCursor(input.cursor),
				input.needsAttention === true ? wantsAttention(deps.now().getTime()) : undefined,
			),
		)
		.orderBy(desc(renders.createdAtMs), desc(renders.id))
		.limit(limit + 1);
	const shown = rows.slice(0, limit);
	const last = shown.at(-1);
	return {
		items: await Promise.all(shown.map((row) => toItem(deps, row))),
		nextCursor: rows.length > limit && last !== undefined ? `${last.render.createdAtMs}.${last.render.id}` : null,
	};
}

/** What is deleted needs nobody any more. */
function wantsAttention(nowMs: number) {
	const isHere = sql`(${uploads.state} = 'ready' or exists (select 1 from assets made
		where made.render_id = ${renders.id} and made.state = 'ready'))`;
	return and(or(isNull(consents.id), needsAttention(nowMs)), isHere);
}

function afterCursor(cursor: string | undefined) {
	if (cursor === undefined) return undefined;
	const match = /^(\d{1,15})\.(rnd_[0-9a-z]{26})$/.exec(cursor);
	if (match?.[1] === undefined || match[2] === undefined) {
		throw new AppError('invalid_input', 'This cursor is not one we gave. Begin the list anew.');
	}
	const createdAtMs = Number(match[1]);
	return or(lt(renders.createdAtMs, createdAtMs), and(eq(renders.createdAtMs, createdAtMs), lt(renders.id, match[2])));
}

async function toItem(
	deps: Pick<Deps, 'now' | 'mediaOrigin' | 'urlSigningKey' | 'vault'>,
	row: {
		render: typeof renders.$inferSelect;
		reference: string | null;
		deleteAtMs: number | null;
		deletedAtMs: number | null;
		pictureKey: string | null;
		pictureType: string | null;
		consent: Parameters<typeof standingOf>[1];
	},
): Promise<ListedRender> {
	const { render } = row;
	return {
		id: render.id,
		tool: render.tool,
		state: render.state,
		subjectReference: await openReferenceOf(deps, { subjectId: render.subjectId, reference: row.reference }),
		input: await openShownInput(deps, render),
		creditsCharged: render.creditsCharged,
		sourceDeleteAt: toIso(row.deleteAtMs),
		sourceDeletedAt: toIso(row.deletedAtMs),
		pictureUrl:
			row.pictureKey === null || row.pictureType === null
				? null
				: await signGet(deps.urlSigningKey, {
						origin: deps.mediaOrigin,
						objectKey: row.pictureKey,
						contentType: row.pictureType,
						purpose: 'view',
						expiresAtMs: deps.now().getTime() + VIEW_MINUTES * 60_000,
					}),
		consent: standingOf(render.consentId, row.consent, deps.now().getTime()),
		createdAt: new Date(render.createdAtMs).toISOString(),
		finishedAt: toIso(render.finishedAtMs),
	};
}

function toIso(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString();
}
