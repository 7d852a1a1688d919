import { and, desc, eq, sql } from 'drizzle-orm';

import { consents, subjects } from '../../../schema/consents';
import { assets, renders } from '../../../schema/renders';
import { postings, shares } from '../../../schema/shares';
import { uploads } from '../../../schema/uploads';
import type { Channel } from '../../../studios/publish-rules';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { consentStateAt, type ConsentState, type MissingElement, missingElements } from './consent-elements';
import { openElements } from './sealed-elements';
import { openReference } from './subject-reference';

export interface Consent {
	id: string;
	subjectId: string;
	subjectReference: string;
	state: ConsentState;
	/** How it was signed; null: it is not yet, or it was before that was noted. */
	signedVia: 'staff' | 'link' | 'paper' | null;
	/** Whether the paper that it was signed on is here; `seePaper` shows it. */
	hasPaper: boolean;
	/** Whether the patient signed, or somebody for them; null: nobody has yet. */
	signerRole: 'patient' | 'representative' | null;
	/** In force, with an end within 30 days. */
	endsSoon: boolean;
	expiresAt: string | null;
	purposes: string[];
	/** The uses that are still allowed; fewer than the purposes mean once it was narrowed. */
	channels: Channel[];
	missing: MissingElement[];
	textVersion: string;
	createdAt: string;
	revokedAt: string | null;
	narrowedAt: string | null;
}

type ConsentRow = typeof consents.$inferSelect & { subjectReference: string };

const CONSENTS_LISTED_MAX = 50;
/** Long enough to ask the patient at their next visit, or by a link. */
export const ENDS_SOON_DAYS = 30;
const DAY_MS = 86_400_000;

/** What a signed consent says, in the words that were signed, and who signed it. */
export interface SignedElements {
	description: string | null;
	discloser: string | null;
	recipient: string | null;
	signerName: string | null;
	representativeAuthority: string | null;
	signedAt: string | null;
	/** Drawn by finger; the name was typed, or stands on paper, where not. */
	isDrawn: boolean;
	/** When somebody compared the paper with these; null: it is not on paper, or nobody has yet. */
	paperCheckedAt: string | null;
}

/** What is here, or out there, because of a consent: all that ends with it. */
export interface RestsOnConsent {
	photos: number;
	/** Pictures, videos and compositions. */
	made: number;
	/** Renders under way, which are cancelled. */
	underWay: number;
	/** Links that can still be opened. */
	links: number;
	/** Copies posted elsewhere that nobody has seen to be gone. */
	posted: number;
}

export interface ConsentDetail extends Consent {
	elements: SignedElements;
	rests: RestsOnConsent;
}

/** One's own consent with the words that were signed and all that rests on it. One D1 statement. */
export async function readConsent(
	deps: Pick<Deps, 'db' | 'now' | 'vault'>,
	input: { actor: Actor; consentId: string },
): Promise<ConsentDetail> {
	const nowMs = deps.now().getTime();
	const rows = await deps.db
		.select({ consent: consents, subjectReference: subjects.reference, rests: restsOn(nowMs) })
		.from(consents)
		.innerJoin(subjects, eq(subjects.id, consents.subjectId))
		.where(and(eq(consents.id, input.consentId), eq(consents.accountId, input.actor.accountId)));
	const [row] = rows;
	if (row === undefined) throw notFound('consent');
	const { consent, rests } = row;
	const { subjectId } = consent;
	const [subjectReference, elements] = await Promise.all([
		openReference(deps, { subjectId, reference: row.subjectReference }),
		openElements(deps, { subjectId, elements: consent }),
	]);
	return {
		...toConsent({ ...consent, subjectReference }, nowMs),
		elements: {
			...elements,
			signedAt: toIso(consent.signedAtMs),
			isDrawn: consent.signature !== null,
			paperCheckedAt: toIso(consent.checkedAtMs),
		},
		rests,
	};
}

/** Counted in the same statement; what is deleted rests on nothing any more. */
function restsOn(nowMs: number) {
	const made = sql`from ${assets} s join ${renders} r on r.id = s.render_id where r.consent_id = ${consents.id}`;
	return {
		photos: sql<number>`(select count(*) from ${uploads} u
			where u.consent_id = ${consents.id} and u.kind = 'source' and u.state in ('awaiting', 'ready'))`,
		made: sql<number>`(select count(*) ${made} and s.state = 'ready')`,
		underWay: sql<number>`(select count(*) from ${renders} r
			where r.consent_id = ${consents.id} and r.state in ('queued', 'running'))`,
		links: sql<number>`(select count(*) from ${shares} h where h.revoked_at_ms is null and h.expires_at_ms > ${nowMs}
			and h.asset_id in (select s.id ${made} and s.state = 'ready'))`,
		posted: sql<number>`(select count(*) from ${postings} p where p.removed_at_ms is null
			and p.asset_id in (select s.id ${made}))`,
	};
}

/** A subject with its consents, newest first; somebody else's subject is not found. */
export async function listConsents(
	deps: Pick<Deps, 'db' | 'now' | 'vault'>,
	input: { actor: Actor; subjectId: string },
): Promise<{ subject: { id: string; reference: string }; items: Consent[] }> {
	const rows = await deps.db
		.select({ subject: { id: subjects.id, reference: subjects.reference }, consent: consents })
		.from(subjects)
		.leftJoin(consents, eq(consents.subjectId, subjects.id))
		.where(and(eq(subjects.id, input.subjectId), eq(subjects.accountId, input.actor.accountId)))
		.orderBy(desc(consents.createdAtMs))
		.limit(CONSENTS_LISTED_MAX);
	const [first] = rows;
	if (first === undefined) throw notFound('patient');
	const { id, reference: stored } = first.subject;
	const reference = await openReference(deps, { subjectId: id, reference: stored });
	const nowMs = deps.now().getTime();
	const items = rows.flatMap(({ consent }) =>
		consent === null ? [] : [toConsent({ ...consent, subjectReference: reference }, nowMs)],
	);
	return { subject: { id, reference }, items };
}

export function toConsent(row: ConsentRow, nowMs: number): Consent {
	const state = consentStateAt(row.state, row.expiresAtMs, nowMs);
	return {
		id: row.id,
		subjectId: row.subjectId,
		subjectReference: row.subjectReference,
		state,
		signedVia: row.signedVia,
		hasPaper: row.paperUploadId !== null,
		signerRole: row.signerRole,
		endsSoon: endsSoon(state, row.expiresAtMs, nowMs),
		expiresAt: toIso(row.expiresAtMs),
		purposes: row.purposes,
		channels: row.channels,
		missing: missingElements(row),
		textVersion: row.textVersion,
		createdAt: new Date(row.createdAtMs).toISOString(),
		revokedAt: toIso(row.revokedAtMs),
		narrowedAt: toIso(row.narrowedAtMs),
	};
}

/** Whether a consent that is `state` at `nowMs` ends within 30 days. Pure. */
export function endsSoon(state: ConsentState, expiresAtMs: number | null, nowMs: number): boolean {
	return state === 'active' && expiresAtMs !== null && expiresAtMs <= nowMs + ENDS_SOON_DAYS * DAY_MS;
}

function toIso(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString();
}
