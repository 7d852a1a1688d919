import { and, eq, isNull, sql, type SQL } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { consentLinks, consents, subjects } from '../../../schema/consents';
import { receipts } from '../../../schema/receipts';
import { RESTRICTED_AT } from '../assets/read-asset';
import type { AccessDeps, Deps } from '../deps';
import { isNotHeld } from '../erasure/is-held';
import { AppError, notFound } from '../errors';
import type { LimitDeps } from '../limits/limit-statements';
import { requireWithinLimits } from '../limits/require-within-limits';
import { linkTokenHash } from './link-token';

export type FindDeps = LimitDeps & Pick<AccessDeps, 'lookupKey'>;

/** Whoever holds a link: nobody is signed in. */
export interface LinkHolder {
	token: string;
	network: string | null;
}

export type FoundLink = NonNullable<Awaited<ReturnType<typeof readByHash>>>;

/**
 * What a token leads to at this moment, counted by the token and by the network. Two D1 statements. An unknown token is not found; one
 * whose link is over or ended, or whose draft was withdrawn or waited too long, is `gone`, with the reason in its details.
 */
export async function findLink(deps: FindDeps, { token, network }: LinkHolder): Promise<FoundLink> {
	await requireWithinLimits(deps, [
		{ what: 'patientLink', by: 'token', value: token },
		{ what: 'patientLink', by: 'network', value: network },
	]);
	const tokenHash = await linkTokenHash(deps, token);
	const found = tokenHash === null ? null : await readByHash(deps, tokenHash);
	if (found === null) throw notFound('link');
	const reason = reasonGone(found, deps.now().getTime());
	if (reason !== null) throw new AppError('gone', GONE[reason], { details: { reason } });
	return found;
}

const GONE = {
	ended: 'The practice has ended this link. Ask it for another.',
	over: 'This link has ended. Ask the practice for another.',
	withdrawn: 'The practice has taken this back before it was signed. There is nothing to do.',
	too_late: 'The day on which this was to end has passed. Ask the practice for a new one.',
} as const;

function reasonGone({ link, consent }: FoundLink, nowMs: number): keyof typeof GONE | null {
	if (link.endedAtMs !== null) return 'ended';
	if (link.expiresAtMs <= nowMs) return 'over';
	if (consent.state === 'revoked' && consent.signedAtMs === null) return 'withdrawn';
	if (consent.state === 'draft' && consent.expiresAtMs !== null && consent.expiresAtMs <= nowMs) return 'too_late';
	return null;
}

async function readByHash({ db }: Pick<Deps, 'db'>, tokenHash: string) {
	const [row] = await db
		.select({
			link: consentLinks,
			consent: consents,
			practice: accounts.name,
			jurisdiction: accounts.jurisdiction,
			restrictedAtMs: RESTRICTED_AT,
			erasedAtMs: sql<number | null>`coalesce(${accounts.erasedAtMs}, ${subjects.erasedAtMs})`,
			isHeld: sql<number>`not ${isNotHeld(consentLinks.accountId, consentLinks.subjectId)}`,
			hasReceipt: sql<number>`exists (select 1 from ${receipts} where ${receipts.id} = 'rct_' || substr(${consents.id}, 5))`,
		})
		.from(consentLinks)
		.innerJoin(consents, eq(consents.id, consentLinks.consentId))
		.innerJoin(accounts, eq(accounts.id, consentLinks.accountId))
		.innerJoin(subjects, eq(subjects.id, consentLinks.subjectId))
		.where(eq(consentLinks.tokenHash, tokenHash));
	return row ?? null;
}

/** True at the moment a statement runs while this link is open for its consent: what is done by it is guarded with this. */
export function isLinkOpen({ db, now }: Pick<Deps, 'db' | 'now'>, { link }: Pick<FoundLink, 'link'>): SQL {
	const open = db
		.select({ one: sql`1` })
		.from(consentLinks)
		.where(
			and(
				eq(consentLinks.id, link.id),
				eq(consentLinks.consentId, link.consentId),
				isNull(consentLinks.endedAtMs),
				sql`${consentLinks.expiresAtMs} > ${now().getTime()}`,
			),
		);
	return sql`exists ${open}`;
}

/** Of a link that ended between its reading and the write that was to rest on it. */
export function endedMeanwhile(): AppError {
	return new AppError('gone', GONE.over, { details: { reason: 'over' } });
}
