import { and, eq, gt, isNull, sql, type SQL } from 'drizzle-orm';

import { consentLinks, consents, subjects } from '../../../schema/consents';
import { accountIdWhile, refusalOfStanding } from '../accounts/standing';
import type { Actor, Whence } from '../actor';
import { auditStatement } from '../audit/audit-statement';
import { missingElements } from '../consents/consent-elements';
import type { AccessDeps } from '../deps';
import { AppError, lacks, notFound } from '../errors';
import { LINK_LIMITS, newLinkEndMs } from './link-state';
import { linkTokenHash, linkUrl, newLinkToken } from './link-token';

export interface CreatedLink {
	id: string;
	/** Answered this once. */
	url: string;
	expiresAt: string;
}

type CreateDeps = Pick<AccessDeps, 'db' | 'now' | 'newId' | 'lookupKey' | 'appOrigin'>;

/** What the practice says; the rest is the signer's. */
const PREPARED: ReadonlySet<string> = new Set(['description', 'discloser', 'recipient', 'purposes']);

/**
 * A patient's own link to a consent (N11): to sign a draft, or for one whose patient has lost theirs. The link is answered this once and
 * stored nowhere; an audit entry says who made it. Refuses (`invalid_input`) a draft that says too little to be read, and (`conflict`)
 * one link too many, a draft that was withdrawn, and a patient who is erased.
 */
export async function createLink(
	deps: CreateDeps,
	input: { actor: Actor; whence: Whence; consentId: string },
): Promise<CreatedLink> {
	const { db } = deps;
	const { actor, whence, consentId } = input;
	const [found] = await db
		.select({ consent: consents, erasedAtMs: subjects.erasedAtMs })
		.from(consents)
		.innerJoin(subjects, eq(subjects.id, consents.subjectId))
		.where(and(eq(consents.id, consentId), eq(consents.accountId, actor.accountId)));
	if (found === undefined) throw notFound('consent');
	const { consent } = found;
	if (consent.state === 'draft') requirePrepared(consent);
	if (found.erasedAtMs !== null) throw new AppError('conflict', 'This patient is erased. No link was made.');
	if (consent.state === 'revoked' && consent.signedAtMs === null) throw withdrawn();

	const nowMs = deps.now().getTime();
	const token = newLinkToken();
	const row = {
		id: deps.newId('consentLink'),
		accountId: accountIdWhile(deps, actor, 'consents:write', { and: hasRoom(deps, consent, nowMs) }),
		subjectId: consent.subjectId,
		consentId,
		tokenHash: (await linkTokenHash(deps, token)) ?? '',
		createdBy: actor.userId,
		createdAtMs: nowMs,
		expiresAtMs: newLinkEndMs(consent, nowMs),
	};
	const entry = { action: 'consent_link.made', targetId: row.id, facts: { consentId } } as const;
	try {
		await db.batch([db.insert(consentLinks).values(row), auditStatement(deps, { actor, whence }, entry)]);
	} catch (cause) {
		if (!lacks(cause, 'consent_links.account_id')) throw cause;
		throw (await refusalOfStanding(deps, actor, 'consents:write')) ?? tooMany(cause);
	}
	return { id: row.id, url: linkUrl(deps, token), expiresAt: new Date(row.expiresAtMs).toISOString() };
}

function requirePrepared(consent: typeof consents.$inferSelect): void {
	const missing = missingElements(consent).filter(({ element }) => PREPARED.has(element));
	if (missing.length === 0) return;
	throw new AppError('invalid_input', `The patient could not read it yet. ${missing[0]?.sentence ?? ''}`, {
		details: { fields: missing.map(({ element }) => element) },
	});
}

/** True when the row is written: the consent is as it was read, and there is room for one more link. */
function hasRoom(
	{ db }: Pick<CreateDeps, 'db'>,
	consent: Pick<typeof consents.$inferSelect, 'id' | 'state'>,
	nowMs: number,
): SQL {
	const isAsRead = db
		.select({ one: sql`1` })
		.from(consents)
		.where(and(eq(consents.id, consent.id), eq(consents.state, consent.state)));
	const open = db
		.select({ n: sql`count(*)` })
		.from(consentLinks)
		.where(
			and(eq(consentLinks.consentId, consent.id), isNull(consentLinks.endedAtMs), gt(consentLinks.expiresAtMs, nowMs)),
		);
	return sql`exists ${isAsRead} and ${open} < ${LINK_LIMITS.openMax}`;
}

function withdrawn(): AppError {
	return new AppError('conflict', 'This consent was withdrawn before it was signed. Prepare a new one.');
}

function tooMany(cause: unknown): AppError {
	return new AppError(
		'conflict',
		`There are ${LINK_LIMITS.openMax} open links to this consent, or it was signed this very moment. No link was made. End one that nobody needs, or try again.`,
		{ cause },
	);
}
