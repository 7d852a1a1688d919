import { and, eq, exists, gt, sql } from 'drizzle-orm';

import { memberships } from '../../../schema/memberships';
import { sessions } from '../../../schema/users';
import type { Deps } from '../deps';
import { isNotErased } from '../erasure/is-not-erased';
import { notFound } from '../errors';

/** Lets a session act in another of its person's accounts, without signing out. Refuses one they do not belong to as unknown. */
export async function chooseAccount(
	{ db }: Pick<Deps, 'db'>,
	input: { person: { userId: string; sessionId: string }; accountId: string },
): Promise<void> {
	const { userId, sessionId } = input.person;
	const membership = db
		.select({ one: sql`1` })
		.from(memberships)
		.where(
			and(
				eq(memberships.accountId, input.accountId),
				eq(memberships.userId, userId),
				isNotErased(sql`${input.accountId}`),
			),
		);
	// Sessions end by the machine's clock.
	const chosen = await db
		.update(sessions)
		.set({ accountId: input.accountId })
		.where(
			and(
				eq(sessions.id, sessionId),
				eq(sessions.userId, userId),
				gt(sessions.expiresAt, new Date()),
				exists(membership),
			),
		)
		.returning({ id: sessions.id });
	if (chosen.length === 0) throw notFound('account');
}
