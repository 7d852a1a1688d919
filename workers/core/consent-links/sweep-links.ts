import { and, lte, sql } from 'drizzle-orm';

import { consentLinks } from '../../../schema/consents';
import type { Deps } from '../deps';
import { isNotHeld } from '../erasure/is-held';
import { LINK_LIMITS } from './link-state';

const DAY_MS = 86_400_000;
/** Of one sweep; what is more goes a minute later. */
const SWEPT_AT_ONCE_MAX = 500;

/**
 * Removes patients' links 30 days after their end, signed by or not; until then whoever opens one is told that it has ended. One statement.
 */
export async function sweepLinks({ db }: Pick<Deps, 'db'>, { dueMs }: { dueMs: number }): Promise<void> {
	const isOver = and(
		lte(consentLinks.expiresAtMs, dueMs - LINK_LIMITS.keptDays * DAY_MS),
		isNotHeld(consentLinks.accountId, consentLinks.subjectId),
	);
	await db
		.delete(consentLinks)
		.where(sql`rowid in (select rowid from ${consentLinks} where ${isOver} limit ${SWEPT_AT_ONCE_MAX})`);
}
