import { and, eq, exists, gt, sql } from 'drizzle-orm';

import { accounts, sessions, users } from '../../../schema/accounts';
import { creditAccounts } from '../../../schema/credits';
import type { Actor } from '../actor';
import { openCreditAccountStatements } from '../credits/statements';
import type { Deps } from '../deps';
import { toCredits } from '../money';

export interface SignedIn {
	actor: Actor;
	user: { name: string; email: string };
	account: { id: string; name: string };
	credits: { available: number; held: number };
}

/**
 * Who a session token belongs to, with what every page's header shows, in one D1 statement; null when it is unknown
 * or over. Sign-up is not one transaction with better-auth, so a person without an account gets theirs here, and with
 * it the welcome grant, once.
 */
export async function resolveActor(
	deps: Pick<Deps, 'db' | 'now' | 'studio'>,
	input: { sessionToken: string },
): Promise<SignedIn | null> {
	const found = await readSession(deps, input.sessionToken);
	if (found === undefined) return null;
	if (found.accountId !== null) return toSignedIn(found, found.accountId);

	await openAccount(deps, { userId: found.userId, name: found.name });
	const opened = await readSession(deps, input.sessionToken);
	return opened?.accountId == null ? null : toSignedIn(opened, opened.accountId);
}

/** The account's id follows from the user's, so opening it twice opens one. */
export async function openAccount(
	{ db, now, studio }: Pick<Deps, 'db' | 'now' | 'studio'>,
	input: { userId: string; name: string },
): Promise<void> {
	const accountId = accountIdOf(input.userId);
	const nowMs = now().getTime();
	await db.batch([
		db
			.insert(accounts)
			.values({ id: accountId, ownerUserId: input.userId, name: input.name, createdAtMs: nowMs })
			.onConflictDoNothing(),
		...openCreditAccountStatements(db, { accountId, welcomeCredits: toCredits(studio.welcomeCredits), nowMs }),
	]);
}

export function accountIdOf(userId: string): string {
	return `acc_${userId}`;
}

/** For a statement that is asked again and again: true while the session runs, so that signing out ends what it began. */
export function isSessionRunning({ db }: Pick<Deps, 'db'>, sessionToken: string) {
	return exists(
		db
			.select({ one: sql`1` })
			.from(sessions)
			.where(isRunning(sessionToken)),
	);
}

/** better-auth writes session times with the machine's clock, so they are compared with it, not with a moved one. */
function isRunning(sessionToken: string) {
	return and(eq(sessions.token, sessionToken), gt(sessions.expiresAt, new Date()));
}

type Row = NonNullable<Awaited<ReturnType<typeof readSession>>>;

async function readSession({ db }: Pick<Deps, 'db'>, token: string) {
	const rows = await db
		.select({
			userId: users.id,
			name: users.name,
			email: users.email,
			accountId: accounts.id,
			accountName: accounts.name,
			posted: creditAccounts.posted,
			held: creditAccounts.held,
		})
		.from(sessions)
		.innerJoin(users, eq(users.id, sessions.userId))
		.leftJoin(accounts, eq(accounts.ownerUserId, users.id))
		.leftJoin(creditAccounts, eq(creditAccounts.id, accounts.id))
		.where(isRunning(token))
		.limit(1);
	return rows[0];
}

function toSignedIn(row: Row, accountId: string): SignedIn {
	const held = row.held ?? 0;
	return {
		actor: { userId: row.userId, accountId },
		user: { name: row.name, email: row.email },
		account: { id: accountId, name: row.accountName ?? row.name },
		credits: { available: (row.posted ?? 0) - held, held },
	};
}
