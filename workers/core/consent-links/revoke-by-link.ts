import { and, eq, gte, sql } from 'drizzle-orm';

import { consentLinks, consents } from '../../../schema/consents';
import { revokeWhile } from '../consents/revoke-consent';
import type { AccessDeps, Deps } from '../deps';
import { endedMeanwhile, findLink, isLinkOpen, type FindDeps, type FoundLink, type LinkHolder } from './find-link';
import { LINK_LIMITS } from './link-state';
import { unsigned } from './narrow-by-link';
import { patientStatement } from './note-by-patient';

const DAY_MS = 86_400_000;

export interface Kept {
	what: string;
	why: string;
}

/** What stays when a consent ends, as far as it is so: to be said, not to be found out. Whose matter a hold is, it does not tell. */
export function keptAfter({ isHeld }: Pick<FoundLink, 'isHeld'>): Kept[] {
	return [
		{ what: 'the signed consent, without any picture', why: 'it proves what was allowed until then' },
		...(isHeld === 1
			? [
					{
						what: 'photos, pictures and videos, shown to nobody',
						why: 'the law orders them kept for now; they are deleted when that ends',
					},
				]
			: []),
	];
}

export interface RevokedByLink {
	revokedAt: string;
	photosBeingDeleted: number;
	madeBeingDeleted: number;
	kept: Kept[];
	linkExpiresAt: string;
}

/**
 * The patient ends their consent by their link, without an account (N11, 45 CFR 164.508(b)(5)), whatever is restricted or being erased.
 * What rested on it is unreachable at once and deleted; a legal hold keeps it stored, which is said. Repeating it answers the same.
 * Refuses (`conflict`) what is not signed. The link then lives 90 more days, to show the deletion and its receipt.
 */
export async function revokeByLink(
	deps: FindDeps & Pick<AccessDeps, 'newId' | 'queue'>,
	input: { holder: LinkHolder },
): Promise<RevokedByLink> {
	const found = await findLink(deps, input.holder);
	const { consent } = found;
	if (consent.state === 'draft') throw unsigned();
	const revocation = await revokeWhile(deps, { consentId: consent.id, holds: isLinkOpen(deps, found) });
	if (revocation === null) throw endedMeanwhile();
	const { revokedAtMs, expiresAtMs } = await keepLink(deps, found);
	return {
		revokedAt: new Date(revokedAtMs).toISOString(),
		photosBeingDeleted: revocation.photosBeingDeleted,
		madeBeingDeleted: revocation.madeBeingDeleted,
		kept: keptAfter(found),
		linkExpiresAt: new Date(expiresAtMs).toISOString(),
	};
}

async function keepLink(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	found: FoundLink,
): Promise<{ revokedAtMs: number; expiresAtMs: number }> {
	const { db } = deps;
	const { link, consent } = found;
	const revokedAt = sql`(select c.revoked_at_ms from ${consents} c where c.id = ${consent.id})`;
	const isThis = eq(consentLinks.id, link.id);
	const [, [stored]] = await db.batch([
		db
			.update(consentLinks)
			.set({ expiresAtMs: sql`${revokedAt} + ${LINK_LIMITS.daysAfter * DAY_MS}` })
			// A link that was made for what was revoked already has its days from then on.
			.where(and(isThis, gte(revokedAt, consentLinks.createdAtMs))),
		db
			.select({ revokedAtMs: sql<number>`${revokedAt}`.as('revoked_at'), expiresAtMs: consentLinks.expiresAtMs })
			.from(consentLinks)
			.where(isThis),
	]);
	if (stored === undefined) throw new Error(`link ${link.id} went while it was used`);
	if (consent.state !== 'revoked') {
		await patientStatement(deps, found, { action: 'consent.revoked', at: String(stored.revokedAtMs) });
	}
	return stored;
}
