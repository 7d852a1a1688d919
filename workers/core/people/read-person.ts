import { and, asc, desc, eq, isNull } from 'drizzle-orm';

import { auditEntries } from '../../../schema/audit';
import { secondFactors, signInMethods, statements, users } from '../../../schema/users';
import { listPasskeys } from '../passkeys/list-passkeys';
import { notFound } from '../errors';
import { countRecoveryCodes } from './recovery-codes';
import type { FactorDeps } from './second-factor';

/** More than anybody looks through; the newest count. */
const EVENTS_MAX = 50;

/** better-auth's word for a password. */
const WAYS: Readonly<Record<string, 'password' | 'google' | 'apple' | 'github'>> = {
	credential: 'password',
	google: 'google',
	apple: 'apple',
	github: 'github',
};

/** A person's own profile: what they are called, how they get in, what they stated. */
export async function readOwnPerson(deps: FactorDeps, { userId }: { userId: string }) {
	const { db } = deps;
	const [[user], methods, [factor], stated, passkeys] = await Promise.all([
		db.select({ id: users.id, name: users.name, email: users.email }).from(users).where(eq(users.id, userId)),
		db
			.select({ id: signInMethods.id, providerId: signInMethods.providerId, linkedAt: signInMethods.createdAt })
			.from(signInMethods)
			.where(eq(signInMethods.userId, userId))
			.orderBy(asc(signInMethods.createdAt), asc(signInMethods.id)),
		db
			.select({ codes: secondFactors.backupCodes })
			.from(secondFactors)
			.where(and(eq(secondFactors.userId, userId), eq(secondFactors.verified, true))),
		db
			.select({ kind: statements.kind, textVersion: statements.textVersion, madeAtMs: statements.madeAtMs })
			.from(statements)
			.where(eq(statements.userId, userId))
			.orderBy(asc(statements.madeAtMs)),
		listPasskeys(deps, { userId }),
	]);
	if (user === undefined) throw notFound('person');
	const ways = methods.flatMap(({ id, providerId, linkedAt }) => {
		const way = WAYS[providerId];
		return way === undefined ? [] : [{ id, way, linkedAt: linkedAt.toISOString() }];
	});
	return {
		...user,
		ways,
		passkeys: passkeys.map(({ createdAt, ...passkey }) => ({ ...passkey, createdAt: createdAt.toISOString() })),
		secondFactor: {
			isOn: factor !== undefined,
			recoveryCodesLeft: factor === undefined ? 0 : await countRecoveryCodes(deps, factor.codes),
		},
		hasPassword: ways.some(({ way }) => way === 'password'),
		statements: stated.map(({ madeAtMs, ...statement }) => ({
			...statement,
			madeAt: new Date(madeAtMs).toISOString(),
		})),
	};
}

/** Calls a person something else; it stands in their accounts, nowhere else. */
export async function renamePerson(
	{ db, now }: Pick<FactorDeps, 'db' | 'now'>,
	{ userId, name }: { userId: string; name: string },
): Promise<void> {
	await db.update(users).set({ name, updatedAt: now() }).where(eq(users.id, userId));
}

/** What happened to how somebody signs in, the newest first: rows about the person alone, who may read them. */
export async function listOwnEvents({ db }: Pick<FactorDeps, 'db'>, { userId }: { userId: string }) {
	const rows = await db
		.select({
			id: auditEntries.id,
			action: auditEntries.action,
			facts: auditEntries.facts,
			network: auditEntries.network,
			country: auditEntries.country,
			browser: auditEntries.browser,
			createdAtMs: auditEntries.createdAtMs,
		})
		.from(auditEntries)
		.where(and(eq(auditEntries.userId, userId), isNull(auditEntries.accountId)))
		.orderBy(desc(auditEntries.createdAtMs), desc(auditEntries.id))
		.limit(EVENTS_MAX);
	return rows.map(({ createdAtMs, ...row }) => ({ ...row, at: new Date(createdAtMs).toISOString() }));
}
