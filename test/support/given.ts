import { eq } from 'drizzle-orm';

import { accounts, users } from '../../schema/accounts';
import { creditAccounts } from '../../schema/credits';
import type { Actor } from '../../workers/core/actor';
import { inOneBatch, openCreditAccountStatements } from '../../workers/core/credits/statements';
import type { Deps } from '../../workers/core/deps';
import { newId } from '../../workers/core/ids';
import { toCredits } from '../../workers/core/money';

/** A signed-up person without an account of credits. */
export async function givenUser({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<{ userId: string; email: string }> {
	const userId = crypto.randomUUID();
	const email = `${userId}@practice.test`;
	await db.insert(users).values({ id: userId, name: 'Ada', email, createdAt: now(), updatedAt: now() });
	return { userId, email };
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
		db.insert(accounts).values({ id: accountId, ownerUserId: userId, name: 'Practice', createdAtMs: nowMs }),
		...openCreditAccountStatements(db, { accountId, welcomeCredits: toCredits(credits), nowMs }),
	]);
	await db.batch(rows);
	return { userId, accountId };
}

/** The stored balance, as its columns say it. */
export async function balanceOf({ db }: Pick<Deps, 'db'>, accountId: string) {
	const [row] = await db
		.select({ posted: creditAccounts.posted, held: creditAccounts.held })
		.from(creditAccounts)
		.where(eq(creditAccounts.id, accountId));
	return row;
}
