import { asc, eq, sql } from 'drizzle-orm';

import { accounts } from '../../schema/accounts';
import { memberships } from '../../schema/memberships';
import { sessions, users } from '../../schema/users';
import { creditAccounts, creditBuckets, creditEntries, creditParts } from '../../schema/credits';
import { STUDIOS } from '../../studios/all';
import type { Role } from '../../studios/roles';
import type { Actor } from '../../workers/core/actor';
import { holdCredits } from '../../workers/core/credits/hold-credits';
import { inOneBatch } from '../../workers/core/credits/post-entry';
import { openCreditAccountStatements, type Hold } from '../../workers/core/credits/statements';
import type { Deps } from '../../workers/core/deps';
import { newId } from '../../workers/core/ids';
import { toCredits } from '../../workers/core/money';
import { acceptanceStatement } from '../../workers/core/policy/accept-policy';

const SESSION_MS = 3_600_000;

/** A signed-up person without an account. */
export async function givenUser(deps: Pick<Deps, 'db' | 'now'>): Promise<{ userId: string; email: string }> {
	const { db, now } = deps;
	const userId = crypto.randomUUID();
	const email = `${userId}@practice.test`;
	await db
		.insert(users)
		.values({ id: userId, name: 'Ada', email, emailVerified: true, createdAt: now(), updatedAt: now() });
	await givenAcceptance(deps, userId);
	return { userId, email };
}

/** Somebody has accepted the policy as it begins, as a sign-up records it. */
export async function givenAcceptance({ db, now }: Pick<Deps, 'db' | 'now'>, userId: string): Promise<void> {
	const { statement } = await acceptanceStatement({ db, now, studio: STUDIOS.dental }, { userId, surface: 'sign_up' });
	await statement;
}

/** A person with an account that holds `credits`, as its welcome grant; 60 unless told. */
export async function givenAccount(
	deps: Pick<Deps, 'db' | 'now'>,
	{ credits = 60 }: { credits?: number } = {},
): Promise<Actor> {
	const { db, now } = deps;
	const { userId } = await givenUser(deps);
	const accountId = newId('account');
	const nowMs = now().getTime();
	const rows = inOneBatch([
		db.insert(accounts).values({ id: accountId, name: 'Practice', createdAtMs: nowMs }),
		db.insert(memberships).values({ accountId, userId, role: 'owner', createdAtMs: nowMs }),
		...openCreditAccountStatements(db, {
			accountId,
			welcomeCredits: toCredits(credits),
			nowMs,
			isWelcome: sql`true`,
		}),
	]);
	await db.batch(rows);
	return { userId, accountId, via: await givenSession(deps, { userId, accountId }) };
}

/** Somebody else who belongs to the account, signed in there. */
export async function givenMember(
	deps: Pick<Deps, 'db' | 'now'>,
	{ accountId, role }: { accountId: string; role: Role },
): Promise<Actor & { email: string }> {
	const { userId, email } = await givenUser(deps);
	await deps.db.insert(memberships).values({ accountId, userId, role, createdAtMs: deps.now().getTime() });
	return { userId, accountId, email, via: await givenSession(deps, { userId, accountId }) };
}

/** A session that runs for an hour of the machine's clock, which sessions go by. */
export async function givenSession(
	{ db }: Pick<Deps, 'db'>,
	{ userId, accountId }: { userId: string; accountId: string | null },
): Promise<{ kind: 'session'; sessionId: string }> {
	const sessionId = crypto.randomUUID();
	const at = new Date();
	const times = { createdAt: at, updatedAt: at, expiresAt: new Date(at.getTime() + SESSION_MS) };
	await db.insert(sessions).values({ id: sessionId, userId, accountId, token: `token of ${sessionId}`, ...times });
	return { kind: 'session', sessionId };
}

/** A hold as an order describes it, for a render of its own; nothing is stored. */
export function aHold(accountId: string, credits: number): Hold {
	const renderId = newId('render');
	return { holdId: `hold:${renderId}`, accountId, renderId, amount: toCredits(credits) };
}

/** A stored hold. */
export async function givenHold(deps: Pick<Deps, 'db' | 'now'>, accountId: string, credits = 24): Promise<Hold> {
	const hold = aHold(accountId, credits);
	await holdCredits(deps, hold);
	return hold;
}

/** The stored balance, as its columns say it. */
export async function balanceOf({ db }: Pick<Deps, 'db'>, accountId: string) {
	const [row] = await db
		.select({ posted: creditAccounts.posted, held: creditAccounts.held })
		.from(creditAccounts)
		.where(eq(creditAccounts.id, accountId));
	return row;
}

/** Every stored row of an account's ledger, to show that a refusal changed none. */
export async function ledgerOf({ db }: Pick<Deps, 'db'>, accountId: string) {
	const [balance, buckets, entries, parts] = await db.batch([
		db.select().from(creditAccounts).where(eq(creditAccounts.id, accountId)),
		db.select().from(creditBuckets).where(eq(creditBuckets.accountId, accountId)).orderBy(asc(creditBuckets.id)),
		db.select().from(creditEntries).where(eq(creditEntries.accountId, accountId)).orderBy(asc(creditEntries.seq)),
		db
			.select()
			.from(creditParts)
			.where(
				sql`${creditParts.bucketId} in (select ${creditBuckets.id} from ${creditBuckets} where ${creditBuckets.accountId} = ${accountId})`,
			)
			.orderBy(asc(creditParts.entryId), asc(creditParts.bucketId)),
	]);
	return { balance, buckets, entries, parts };
}
