import { and, eq, isNull, sql } from 'drizzle-orm';

import { consentLinks } from '../../../schema/consents';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor, Whence } from '../actor';
import { auditGateStatement, isGateShut } from '../audit/audit-statement';
import type { Deps } from '../deps';
import { notFound } from '../errors';

/**
 * Ends a patient's link at once, with an audit entry. Repeating it answers the same; somebody else's is not found. The consent stays
 * what it is: whoever takes the link away gives the patient another, or the paper's address.
 */
export async function endLink(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	input: { actor: Actor; whence: Whence; linkId: string },
): Promise<{ id: string; endedAt: string }> {
	const { db } = deps;
	const { actor, whence, linkId } = input;
	const nowMs = deps.now().getTime();
	const own = and(eq(consentLinks.id, linkId), eq(consentLinks.accountId, actor.accountId));
	const open = and(own, isNull(consentLinks.endedAtMs));
	const isOpen = sql`exists ${db
		.select({ one: sql`1` })
		.from(consentLinks)
		.where(open)}`;
	const entry = { action: 'consent_link.ended', targetId: linkId } as const;
	try {
		const standing = hasStanding(deps, actor, 'consents:write');
		await db.batch([
			auditGateStatement(deps, { actor, whence }, entry, sql`${standing} and ${isOpen}`),
			// Its time is over, too, so that the sweep finds it by the index that all of them are found by.
			db
				.update(consentLinks)
				.set({
					endedAtMs: nowMs,
					expiresAtMs: sql`min(${consentLinks.expiresAtMs}, max(${nowMs}, ${consentLinks.createdAtMs} + 1))`,
				})
				.where(open),
		]);
	} catch (cause) {
		if (!isGateShut(cause)) throw cause;
	}
	const [row] = await db.select({ endedAtMs: consentLinks.endedAtMs }).from(consentLinks).where(own);
	if (row === undefined) throw notFound('link');
	if (row.endedAtMs === null) throw (await refusalOfStanding(deps, actor, 'consents:write')) ?? notFound('link');
	return { id: linkId, endedAt: new Date(row.endedAtMs).toISOString() };
}
