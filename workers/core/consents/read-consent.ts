import { and, desc, eq } from 'drizzle-orm';

import { consents, subjects } from '../../../schema/consents';
import type { Channel } from '../../../studios/publish-rules';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { consentStateAt, type ConsentState, type MissingElement, missingElements } from './consent-elements';
import { openReference } from './subject-reference';

export interface Consent {
	id: string;
	subjectId: string;
	subjectReference: string;
	state: ConsentState;
	/** How it was signed; null: it is not yet, or it was before that was noted. */
	signedVia: 'staff' | 'link' | 'paper' | null;
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

export async function readConsent(
	deps: Pick<Deps, 'db' | 'now' | 'vault'>,
	input: { actor: Actor; consentId: string },
): Promise<Consent> {
	const rows = await deps.db
		.select({ consent: consents, subjectReference: subjects.reference })
		.from(consents)
		.innerJoin(subjects, eq(subjects.id, consents.subjectId))
		.where(and(eq(consents.id, input.consentId), eq(consents.accountId, input.actor.accountId)));
	const [row] = rows;
	if (row === undefined) throw notFound('consent');
	const { subjectId } = row.consent;
	const subjectReference = await openReference(deps, { subjectId, reference: row.subjectReference });
	return toConsent({ ...row.consent, subjectReference }, deps.now().getTime());
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
