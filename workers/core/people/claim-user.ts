import { eq, sql } from 'drizzle-orm';

import { signInMethods, users } from '../../../schema/users';
import { isUserMissing, nameOf } from '../accounts/enter-by-provider';
import { dropUnprovedStatements, whileUnproved } from '../accounts/prove-address';
import type { Deps } from '../deps';
import { acceptanceStatement } from '../policy/accept-policy';

type ClaimDeps = Pick<Deps, 'db' | 'now' | 'newId' | 'studio'>;

/**
 * For whoever has just proved that an unproved user's address is theirs: nothing that was set up there before is left, and the name
 * is theirs, or what stands before the @. Changes nothing at a user whose address was proved.
 */
export async function claimUser(deps: ClaimDeps, input: { userId: string; email: string }): Promise<void> {
	const { userId, email } = input;
	const { before, prove } = dropUnprovedStatements(deps, { userId, name: nameOf(null, email) });
	const { statement: accept } = await acceptanceStatement(deps, { userId, surface: 'sign_up' });
	await deps.db.batch([...before, accept, prove]);
}

/** The same with the name and the password of a sign-up. Null when there is no such user, or the address was proved already. */
export async function claimUserBySignUp(
	deps: ClaimDeps,
	input: { email: string; name: string; passwordHash: string },
): Promise<string | null> {
	const { db, newId, now } = deps;
	const { email, name, passwordHash } = input;
	const [user] = await db
		.select({ id: users.id, isProved: users.emailVerified })
		.from(users)
		.where(eq(users.email, email));
	if (user === undefined || user.isProved) return null;
	const { before, prove } = dropUnprovedStatements(deps, { userId: user.id, name });
	const at = { createdAt: now(), updatedAt: now() };
	const method = { id: newId('way'), providerId: 'credential', accountId: user.id, password: passwordHash, ...at };
	// Refused by the column, and with it the batch, when somebody proved it meanwhile.
	const whileItIs = sql<string>`(select ${user.id} where ${whileUnproved(deps, user.id)})`;
	try {
		const { statement: accept } = await acceptanceStatement(deps, { userId: user.id, surface: 'sign_up' });
		await db.batch([...before, db.insert(signInMethods).values({ ...method, userId: whileItIs }), accept, prove]);
	} catch (cause) {
		if (isUserMissing(cause)) return null;
		throw cause;
	}
	return user.id;
}
