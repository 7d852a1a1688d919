import { and, eq, sql } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { creditEntries } from '../../../schema/credits';
import { welcomeGrants } from '../../../schema/limits';
import { memberships } from '../../../schema/memberships';
import { sessions, users } from '../../../schema/users';
import type { Whence } from '../actor';
import { auditStatement } from '../audit/audit-statement';
import { openCreditAccountStatements, welcomeEntryId } from '../credits/statements';
import type { AccessDeps } from '../deps';
import { AppError, lacks, violates } from '../errors';
import { ID_PREFIXES } from '../ids';
import { toCredits } from '../money';
import { chooseAccount } from './choose-account';
import { statementStatements } from './make-statement';
import { lookupHash, personHashOf } from './person-hash';
import { isSignedIn, refusalOfSession } from './standing';

/** Accounts that one person may own. */
export const OWNED_ACCOUNTS_MAX = 10;

export interface OpenedAccount {
	id: string;
	/** What it began with: the studio's welcome, or 0 where the person had theirs before. */
	welcomeCredits: number;
}

/**
 * Opens a practice, a workspace or a person's own account, with its opener as owner, and lets the session act in it. `key`
 * is chosen by the caller: the same person with the same key opens one. The first account of a mailbox gets the welcome credits;
 * whether it had them is told by an HMAC of the address (BD-11). Refused, with nothing stored: without the studio's
 * statement, an eleventh account, and a session that ended meanwhile.
 */
export async function openAccount(
	deps: AccessDeps,
	input: {
		person: { userId: string; sessionId: string; email: string };
		whence: Whence;
		name: string;
		key: string;
		statementVersion: string | undefined;
	},
): Promise<OpenedAccount> {
	const { db, now, studio, lookupKey } = deps;
	const { userId, sessionId, email } = input.person;
	const nowMs = now().getTime();
	const accountId = `${ID_PREFIXES.account}_${(await lookupHash(lookupKey, 'account', userId, input.key)).slice(0, 26)}`;
	const personHash = await personHashOf(lookupKey, email);
	const actor = { userId, accountId, via: { kind: 'session', sessionId } } as const;
	const ownerUnderCap = sql<string>`(select ${userId} where ${isSignedIn(deps, input.person)} and (select count(*)
		from ${memberships} m where m.user_id = ${userId} and m.role = 'owner') < ${OWNED_ACCOUNTS_MAX})`;
	try {
		const [, , welcomed] = await db.batch([
			db.insert(accounts).values({ id: accountId, name: input.name, createdAtMs: nowMs }),
			db.insert(memberships).values({ accountId, userId: ownerUnderCap, role: 'owner', createdAtMs: nowMs }),
			db
				.insert(welcomeGrants)
				// A change of address takes a welcome along; one that comes after it would be the old address's, for nobody.
				.select(
					sql`select ${personHash}, ${accountId}, ${nowMs} from ${users} where ${and(eq(users.id, userId), eq(users.email, email))}`,
				)
				.onConflictDoNothing()
				.returning({ accountId: welcomeGrants.accountId }),
			...statementStatements(deps, { userId, textVersion: input.statementVersion }),
			...openCreditAccountStatements(db, {
				accountId,
				welcomeCredits: toCredits(studio.welcomeCredits),
				nowMs,
				isWelcome: sql`exists (select 1 from ${welcomeGrants} w where w.person_hash = ${personHash} and w.account_id = ${accountId})`,
			}),
			db
				.update(sessions)
				.set({ accountId })
				.where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId))),
			auditStatement(deps, { actor, whence: input.whence }, { action: 'account.opened' }),
		]);
		return { id: accountId, welcomeCredits: welcomed.length === 0 ? 0 : studio.welcomeCredits };
	} catch (cause) {
		if (violates(cause, 'accounts.id')) return answerOpened(deps, { person: input.person, accountId });
		if (!lacks(cause, 'memberships.user_id')) throw cause;
		throw (await refusalOfSession(deps, input.person)) ?? ownsTooMany(cause);
	}
}

/** The account that this key opened before, perhaps from another session: this one acts in it too. */
async function answerOpened(
	deps: AccessDeps,
	input: { person: { userId: string; sessionId: string }; accountId: string },
): Promise<OpenedAccount> {
	const { accountId } = input;
	await chooseAccount(deps, input);
	const [welcome] = await deps.db
		.select({ amount: creditEntries.amount })
		.from(creditEntries)
		.where(eq(creditEntries.id, welcomeEntryId(accountId)));
	return { id: accountId, welcomeCredits: welcome?.amount ?? 0 };
}

function ownsTooMany(cause: unknown): AppError {
	return new AppError(
		'conflict',
		`You own ${OWNED_ACCOUNTS_MAX} already, and that is the most. Hand one over or leave one first.`,
		{ cause, details: { ownedMax: OWNED_ACCOUNTS_MAX } },
	);
}
