import { and, asc, eq, ne, or } from 'drizzle-orm';

import { auditEntries } from '../../../../schema/audit';
import { mails } from '../../../../schema/mail';
import { passkeys, secondFactors, sessions, signInMethods, users } from '../../../../schema/users';
import type { ProviderIdentity } from '../../../../workers/core/gateways/sign-in/sign-in-gateway';
import type { TestDeps } from '../../../support/deps';
import { givenSession, givenUser } from '../../../support/given';

export const WHENCE = { network: '192.0.2.0/24', country: 'US', browser: 'Firefox on Linux' };

/** From no network that is known, so that no test uses up another's rate. */
export const ANYWHERE = { ...WHENCE, network: null };

/** Somebody as a provider vouches for them; with a subject that nobody else has. */
export function anIdentity(change: Partial<ProviderIdentity> = {}): ProviderIdentity {
	const subject = crypto.randomUUID();
	return { subject, email: `${subject}@practice.test`, name: 'Ada Lovelace', ...change };
}

/** A signed-in person with a password, and what they change their ways in with. */
export async function givenPerson(deps: TestDeps) {
	const { userId, email } = await givenUser(deps);
	const { sessionId } = await givenSession(deps, { userId, accountId: null });
	const person = { userId, sessionId, email, name: 'Ada' };
	return { person, changer: { person, whence: WHENCE } };
}

export async function givenPassword(deps: TestDeps, userId: string): Promise<void> {
	const at = { createdAt: deps.now(), updatedAt: deps.now() };
	const row = { id: deps.newId('way'), userId, providerId: 'credential', accountId: userId, password: 'a hash', ...at };
	await deps.db.insert(signInMethods).values(row);
}

/** Everything that is stored of a person and their ways in. */
export async function storedOf(deps: TestDeps, userId: string) {
	const { db } = deps;
	const [person, ways, keys, factors, running, audit, mailed] = await Promise.all([
		db.select().from(users).where(eq(users.id, userId)),
		db.select().from(signInMethods).where(eq(signInMethods.userId, userId)),
		db.select().from(passkeys).where(eq(passkeys.userId, userId)),
		db.select().from(secondFactors).where(eq(secondFactors.userId, userId)),
		db.select().from(sessions).where(eq(sessions.userId, userId)),
		db.select().from(auditEntries).where(eq(auditEntries.userId, userId)),
		db.select({ id: mails.id }).from(mails),
	]);
	return { person, ways, keys, factors, running, audit, mailed };
}

/** The providers that somebody linked, the oldest first. */
export function providersOf({ db }: TestDeps, { userId }: { userId: string }) {
	return db
		.select({ id: signInMethods.id, way: signInMethods.providerId })
		.from(signInMethods)
		.where(and(eq(signInMethods.userId, userId), ne(signInMethods.providerId, 'credential')))
		.orderBy(asc(signInMethods.createdAt), asc(signInMethods.id));
}

/** The users that an address or a provider's account leads to. */
export function usersOf({ db }: TestDeps, { subject, email }: { subject: string; email: string }) {
	return db
		.selectDistinct({ id: users.id, email: users.email })
		.from(users)
		.leftJoin(signInMethods, eq(signInMethods.userId, users.id))
		.where(or(eq(users.email, email), eq(signInMethods.accountId, subject)));
}
