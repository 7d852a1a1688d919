import { and, eq, exists, or, sql } from 'drizzle-orm';

import { signInMethods, users } from '../../../schema/users';
import { PASSWORD_LENGTH_MIN, passwordLength } from '../accounts/password';
import type { Deps } from '../deps';

/** Sets a person's password, the first one or another, and notes whether it may stand alone. For the batch of what it comes with. */
export function passwordStatements(
	{ db, now, newId }: Pick<Deps, 'db' | 'now' | 'newId'>,
	input: { userId: string; password: string; passwordHash: string },
) {
	const { userId, password, passwordHash } = input;
	const at = now();
	const method = { id: newId('way'), userId, providerId: 'credential', accountId: userId, createdAt: at };
	return [
		db
			.insert(signInMethods)
			.values({ ...method, password: passwordHash, updatedAt: at })
			.onConflictDoUpdate({
				target: [signInMethods.providerId, signInMethods.accountId],
				set: { password: passwordHash, updatedAt: at },
			}),
		db
			.update(users)
			.set({ hasShortPassword: passwordLength(password) < PASSWORD_LENGTH_MIN, updatedAt: at })
			.where(eq(users.id, userId)),
	] as const;
}

/**
 * Whether a password may stand for a person at the moment the statement runs: a short one only beside a second factor, so that
 * switching it off meanwhile cannot leave it alone (NIST SP 800-63B-4).
 */
export function mayStand({ db }: Pick<Deps, 'db'>, { userId, password }: { userId: string; password: string }) {
	const isLong = passwordLength(password) >= PASSWORD_LENGTH_MIN;
	return exists(
		db
			.select({ one: sql`1` })
			.from(users)
			.where(and(eq(users.id, userId), or(eq(users.twoFactorEnabled, true), isLong ? sql`true` : sql`false`))),
	);
}
