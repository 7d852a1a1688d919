import { and, asc, eq, exists, gt, inArray, isNull, lte, sql } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { creditBuckets } from '../../../schema/credits';
import { memberships } from '../../../schema/memberships';
import { users } from '../../../schema/users';
import { rolesAllowed } from '../../../studios/roles';
import { withD1Retry } from '../d1-retry';
import type { Deps, MailDeps } from '../deps';
import { mailStatementWhile, tellMail } from '../mail/queue-mail';
import { ENDING_MS } from './ends-soon';
import { inOneBatch } from './post-entry';

/** Packs that end within two weeks after `dueMs`, of which something can be spent and nobody was told: at most `limit`, the soonest first. */
export async function listEnding(
	{ db }: Pick<Deps, 'db'>,
	{ dueMs, limit }: { dueMs: number; limit: number },
): Promise<string[]> {
	const rows = await withD1Retry(() =>
		db
			.select({ id: creditBuckets.id })
			.from(creditBuckets)
			.where(
				and(
					// As the partial index has it.
					sql`${creditBuckets.expiresAtMs} is not null and ${creditBuckets.remaining} > 0`,
					gt(creditBuckets.expiresAtMs, dueMs),
					lte(creditBuckets.expiresAtMs, dueMs + ENDING_MS),
					isUntold(),
				),
			)
			.orderBy(asc(creditBuckets.expiresAtMs))
			.limit(limit),
	);
	return rows.map(({ id }) => id);
}

/** What is set aside may still be charged: it is told of when it came back. */
function isUntold() {
	return and(
		eq(creditBuckets.source, 'pack'),
		isNull(creditBuckets.toldAtMs),
		gt(creditBuckets.remaining, creditBuckets.held),
	);
}

/**
 * Mails an account's owner and those who look after its billing that a pack's credits end, and notes that it was said, in one
 * batch. Each statement holds only while nothing was said, so that of two at once, or of one that comes again after a lost
 * answer, one mails. Nobody to tell is noted too. Two D1 round trips.
 */
export async function tellEnding(
	deps: Pick<MailDeps, 'db' | 'now' | 'newId' | 'queue' | 'mailKey'>,
	{ bucketId }: { bucketId: string },
): Promise<void> {
	const { db, now } = deps;
	const pack = and(eq(creditBuckets.id, bucketId), isUntold());
	const isStill = exists(
		db
			.select({ one: sql`1` })
			.from(creditBuckets)
			.where(pack),
	);
	const told = await readTold(deps, bucketId);
	const letters = await Promise.all(
		told.map(({ to, accountName, credits, boughtAtMs, endsAtMs }) =>
			mailStatementWhile(deps, { kind: 'credits_ending', to, accountName, credits, boughtAtMs, endsAtMs }, isStill),
		),
	);
	const note = db.update(creditBuckets).set({ toldAtMs: now().getTime() }).where(pack);
	await withD1Retry(() => db.batch(inOneBatch([...letters.map(({ statement }) => statement), note])));
	for (const { mailId } of letters) await tellMail(deps, mailId);
}

/** Who is told, with what each is told. */
async function readTold({ db }: Pick<Deps, 'db'>, bucketId: string) {
	const rows = await withD1Retry(() =>
		db
			.select({
				to: users.email,
				accountName: accounts.name,
				credits: sql<number>`${creditBuckets.remaining} - ${creditBuckets.held}`,
				boughtAtMs: creditBuckets.createdAtMs,
				endsAtMs: creditBuckets.expiresAtMs,
			})
			.from(creditBuckets)
			.innerJoin(accounts, eq(accounts.id, creditBuckets.accountId))
			.innerJoin(memberships, eq(memberships.accountId, accounts.id))
			.innerJoin(users, eq(users.id, memberships.userId))
			.where(
				and(
					eq(creditBuckets.id, bucketId),
					isUntold(),
					inArray(memberships.role, [...rolesAllowed('billing:write')]),
					eq(users.emailVerified, true),
				),
			),
	);
	return rows.flatMap(({ endsAtMs, ...row }) => (endsAtMs === null ? [] : [{ ...row, endsAtMs }]));
}
