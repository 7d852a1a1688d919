import { APIError } from 'better-auth/api';
import { and, eq, notExists, sql } from 'drizzle-orm';

import { signInMethods, type sessions, type verifications } from '../../../schema/users';
import type { Deps } from '../deps';

/** The hash that a sign-in's password was right for; null: it is not by password. */
export interface ShownPassword {
	hash: string | null;
}

/** What better-auth calls a sign-in that waits for its second factor; its count of tries stands beside it, without a person. */
export const IS_CHALLENGE = /^2fa-(?!attempts-)/;

/** What better-auth has just stored for somebody: a session, or the challenge of their second factor. */
interface Stored {
	id: string;
	userId: string;
	table: typeof sessions | typeof verifications;
}

/**
 * Takes back what a sign-in stored when its password is not its person's any more, and refuses it as wrong. Asked after it is
 * stored, so that whichever comes last sees the other: a new password ends what is there, and this what came too late.
 * Compares the hash and not the time, for the clocks of two requests may differ (ASVS 7.4.3).
 */
export async function requireSamePassword(
	{ db }: Pick<Deps, 'db'>,
	shown: ShownPassword,
	{ id, userId, table }: Stored,
): Promise<void> {
	if (shown.hash === null) return;
	const { providerId, password } = signInMethods;
	const isTheirs = and(eq(signInMethods.userId, userId), eq(providerId, 'credential'), eq(password, shown.hash));
	const isGone = notExists(
		db
			.select({ one: sql`1` })
			.from(signInMethods)
			.where(isTheirs),
	);
	const ended = await db
		.delete(table)
		.where(and(eq(table.id, id), isGone))
		.returning({ id: table.id });
	if (ended.length === 0) return;
	throw new APIError('UNAUTHORIZED', { code: 'INVALID_EMAIL_OR_PASSWORD', message: 'The password was changed.' });
}
