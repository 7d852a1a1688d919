import { and, desc, eq } from 'drizzle-orm';

import { consents, subjects } from '../../../schema/consents';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { consentStateAt, type ConsentState, type MissingElement, missingElements } from './consent-elements';

export interface Consent {
	id: string;
	subjectId: string;
	subjectReference: string;
	state: ConsentState;
	expiresAt: string | null;
	purposes: string[];
	missing: MissingElement[];
	textVersion: string;
	createdAt: string;
	revokedAt: string | null;
}

type ConsentRow = typeof consents.$inferSelect & { subjectReference: string };

const CONSENTS_LISTED_MAX = 50;

export async function readConsent(
	deps: Pick<Deps, 'db' | 'now'>,
	input: { actor: Actor; consentId: string },
): Promise<Consent> {
	const rows = await selectConsents(deps).where(
		and(eq(consents.id, input.consentId), eq(consents.accountId, input.actor.accountId)),
	);
	const [row] = rows;
	if (row === undefined) throw notFound('consent');
	return toConsent({ ...row.consent, subjectReference: row.subjectReference }, deps.now().getTime());
}

/** A subject's consents, newest first. */
export async function listConsents(
	deps: Pick<Deps, 'db' | 'now'>,
	input: { actor: Actor; subjectId: string },
): Promise<Consent[]> {
	const rows = await selectConsents(deps)
		.where(and(eq(consents.accountId, input.actor.accountId), eq(consents.subjectId, input.subjectId)))
		.orderBy(desc(consents.createdAtMs))
		.limit(CONSENTS_LISTED_MAX);
	const nowMs = deps.now().getTime();
	return rows.map((row) => toConsent({ ...row.consent, subjectReference: row.subjectReference }, nowMs));
}

export function toConsent(row: ConsentRow, nowMs: number): Consent {
	return {
		id: row.id,
		subjectId: row.subjectId,
		subjectReference: row.subjectReference,
		state: consentStateAt(row.state, row.expiresAtMs, nowMs),
		expiresAt: toIso(row.expiresAtMs),
		purposes: row.purposes,
		missing: missingElements(row),
		textVersion: row.textVersion,
		createdAt: new Date(row.createdAtMs).toISOString(),
		revokedAt: toIso(row.revokedAtMs),
	};
}

function selectConsents({ db }: Pick<Deps, 'db'>) {
	return db
		.select({ consent: consents, subjectReference: subjects.reference })
		.from(consents)
		.innerJoin(subjects, eq(subjects.id, consents.subjectId));
}

function toIso(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString();
}
