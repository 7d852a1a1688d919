import { and, eq, sql } from 'drizzle-orm';

import { signInMethods, users } from '../../../schema/users';
import type { Whence } from '../actor';
import type { AccessDeps } from '../deps';
import { violates } from '../errors';
import type { ProviderIdentity, SignInProvider } from '../gateways/sign-in/sign-in-gateway';
import { limitStatements, type Limit } from '../limits/limit-statements';
import { refusalOfLimit } from '../limits/require-within-limits';
import { acceptanceStatement } from '../policy/accept-policy';
import { isDisposable } from './disposable-mail';
import { dropUnprovedStatements, whileUnproved } from './prove-address';
import { SignInRefusal } from './sign-in-refusal';

/** Of the schema and of the sign-up page. */
const NAME_LENGTH_MAX = 120;

export interface KnownUser {
	userId: string;
	email: string;
	name: string;
	isVerified: boolean;
}

interface Entrance {
	provider: SignInProvider;
	identity: ProviderIdentity;
	whence: Pick<Whence, 'network'>;
}

/**
 * Who signs in with a provider's account: whoever it is connected to, by its subject and never by an address; else a new user
 * with the address that the provider verified, made whole in one batch. Refused, with nothing stored: without a verified
 * address, and with one that is a user's already. A provider's word is not enough to get into what somebody else has: they
 * connect it themselves, signed in (DS-03, ASVS 6.8.1). A user who never proved the address has nothing to keep, and
 * whatever was set up there goes.
 */
export async function enterByProvider(deps: AccessDeps, entrance: Entrance): Promise<KnownUser> {
	const { provider, identity } = entrance;
	// The same person twice at once: the second finds what the first made.
	for (let isSecondTry = false; ; isSecondTry = true) {
		const known = await findByProvider(deps, provider, identity.subject);
		if (known?.isVerified === true) return known;
		// Connected by whoever set up a user with an address that was not theirs to prove.
		if (known !== null && known.email !== identity.email) throw new SignInRefusal('address_unverified');
		try {
			const made = await makeUser(deps, entrance);
			if (made) continue;
		} catch (cause) {
			const isLost = violates(cause, 'users.email') || violates(cause, 'sign_in_methods.provider_id');
			if (!isLost || isSecondTry) throw (await refusalOfLimit(deps, cause, limitsOf(entrance))) ?? cause;
		}
		if (isSecondTry) throw new SignInRefusal('address_taken');
	}
}

/** The user a provider's account is connected to. */
export async function findByProvider(
	{ db }: Pick<AccessDeps, 'db'>,
	provider: SignInProvider,
	subject: string,
): Promise<KnownUser | null> {
	const [row] = await db
		.select({ userId: users.id, email: users.email, name: users.name, isVerified: users.emailVerified })
		.from(signInMethods)
		.innerJoin(users, eq(users.id, signInMethods.userId))
		.where(and(eq(signInMethods.providerId, provider), eq(signInMethods.accountId, subject)))
		.limit(1);
	return row ?? null;
}

function limitsOf({ whence }: Entrance): Limit[] {
	return [{ what: 'signUp', by: 'network', value: whence.network }];
}

/** False when the unproved user that was found is not unproved any more. */
async function makeUser(deps: AccessDeps, entrance: Entrance): Promise<boolean> {
	const { provider, identity } = entrance;
	const { db, newId, now } = deps;
	const { email, subject } = identity;
	if (email === null) throw new SignInRefusal('address_unverified');
	const name = nameOf(identity.name, email);
	const [existing] = await db
		.select({ userId: users.id, isVerified: users.emailVerified })
		.from(users)
		.where(eq(users.email, email));
	if (existing?.isVerified === true) throw new SignInRefusal('address_taken');
	if (isDisposable(email)) throw new SignInRefusal('disposable_address');
	const at = { createdAt: now(), updatedAt: now() };
	const method = { id: newId('way'), providerId: provider, accountId: subject, ...at };
	if (existing === undefined) {
		const userId = newId('user');
		const acceptance = await acceptanceStatement(deps, { userId, surface: 'sign_up' });
		await db.batch([
			db.insert(users).values({ id: userId, name, email, emailVerified: true, ...at }),
			db.insert(signInMethods).values({ ...method, userId }),
			acceptance.statement,
			...limitStatements(deps, limitsOf(entrance)),
		]);
		return true;
	}
	const { userId } = existing;
	const { before, prove } = dropUnprovedStatements(deps, { userId, name });
	const whileItIs = sql<string>`(select ${userId} where ${whileUnproved(deps, userId)})`;
	try {
		const { statement: accept } = await acceptanceStatement(deps, { userId, surface: 'sign_up' });
		await db.batch([...before, db.insert(signInMethods).values({ ...method, userId: whileItIs }), accept, prove]);
	} catch (cause) {
		if (isUserMissing(cause)) return false;
		throw cause;
	}
	return true;
}

/** Whether the insert of a way to sign in was refused because its condition, and with it the user's id, was gone. */
export function isUserMissing(cause: unknown): boolean {
	for (let error: unknown = cause; error instanceof Error; error = error.cause) {
		if (error.message.includes('NOT NULL constraint failed: sign_in_methods.user_id')) return true;
	}
	return false;
}

/** What the provider calls them; else what stands before the @, which they can change. */
export function nameOf(name: string | null, email: string): string {
	const given = name?.replaceAll(/\s+/g, ' ').trim() ?? '';
	return (given === '' ? (email.split('@', 1)[0] ?? '') : given).slice(0, NAME_LENGTH_MAX);
}
