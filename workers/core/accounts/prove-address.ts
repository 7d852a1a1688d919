import { and, eq, exists, sql } from 'drizzle-orm';

import {
	passkeys,
	secondFactors,
	sessions,
	signInMethods,
	statements,
	users,
	verifications,
} from '../../../schema/users';
import type { Deps } from '../deps';

/**
 * For somebody who has just proved that an address is theirs, where a user with it never did: takes away all that was set up
 * before, by whoever that was, and marks the address as proved. A stranger who came first keeps no password, no provider, no
 * passkey, no second factor and no session, and the name is the owner's own (DS-03). Each statement holds only while the
 * address is unproved, so at a user whose it is they change nothing. `between` runs before the address counts as proved: there
 * a caller adds what the owner brings, under `whileUnproved`.
 */
export function dropUnprovedStatements(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	{ userId, name }: { userId: string; name: string },
) {
	const unproved = whileUnproved({ db }, userId);
	const at = now();
	return {
		before: [
			db.delete(sessions).where(and(eq(sessions.userId, userId), unproved)),
			db.delete(signInMethods).where(and(eq(signInMethods.userId, userId), unproved)),
			db.delete(secondFactors).where(and(eq(secondFactors.userId, userId), unproved)),
			db.delete(passkeys).where(and(eq(passkeys.userId, userId), unproved)),
			db.delete(statements).where(and(eq(statements.userId, userId), unproved)),
			// What somebody began in that user's name: a provider to connect, a passkey to add.
			db
				.delete(verifications)
				.where(
					and(
						sql`instr(${verifications.value}, ${userId}) + instr(${verifications.identifier}, ${userId}) > 0`,
						unproved,
					),
				),
		] as const,
		prove: db
			.update(users)
			.set({
				name,
				image: null,
				emailVerified: true,
				twoFactorEnabled: false,
				hasShortPassword: false,
				lastSignInAtMs: null,
				createdAt: at,
				updatedAt: at,
			})
			.where(and(eq(users.id, userId), eq(users.emailVerified, false))),
	};
}

/** True at the moment a statement runs while nobody proved that the user's address is theirs. */
export function whileUnproved({ db }: Pick<Deps, 'db'>, userId: string) {
	return exists(
		db
			.select({ one: sql`1` })
			.from(users)
			.where(and(eq(users.id, userId), eq(users.emailVerified, false))),
	);
}
