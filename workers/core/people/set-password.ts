import { eq } from 'drizzle-orm';

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
