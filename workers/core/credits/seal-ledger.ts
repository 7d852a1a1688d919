import { and, eq, sql } from 'drizzle-orm';

import { creditAccounts, creditSeals } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { eachByItself } from './each-by-itself';
import { CHAIN_START, entryHash } from './entry-hash';
import { readChain } from './read-chain';

/** Entries of one account that one run seals; the next goes on. */
const ENTRIES_AT_ONCE = 500;

/**
 * Extends the chains of at most `limit` accounts by the entries written since; answers how many accounts. What a seal says
 * follows from rows that never change, so two runs at once write the same, and the second writes nothing (L5).
 */
export async function sealLedger(deps: Pick<Deps, 'db'>, { limit }: { limit: number }): Promise<number> {
	const { db } = deps;
	const unsealed = await withD1Retry(() =>
		db
			.select({ id: creditAccounts.id, sealedSeq: creditAccounts.sealedSeq })
			.from(creditAccounts)
			// As the partial index has it.
			.where(sql`sealed_seq < seq`)
			// Whoever is always first would keep the last one waiting.
			.orderBy(sql`random()`)
			.limit(limit),
	);
	await eachByItself(unsealed, (account) => sealAccount(deps, account));
	return unsealed.length;
}

/** The same for one account, from where its chain ends. */
export async function sealAccount(
	deps: Pick<Deps, 'db'>,
	{ id: accountId, sealedSeq }: { id: string; sealedSeq: number },
): Promise<void> {
	const { db } = deps;
	const after = { accountId, seq: sealedSeq };
	const entries = await readChain(deps, { after, isAlone: true, limit: ENTRIES_AT_ONCE });
	let hash = await hashAt(deps, accountId, sealedSeq);
	const seals: { seq: number; hash: string }[] = [];
	for (const { entry } of entries) {
		hash = await entryHash(hash, entry);
		seals.push({ seq: entry.seq, hash });
	}
	const last = seals.at(-1);
	if (last === undefined) return;
	await withD1Retry(() =>
		db.batch([
			db
				.insert(creditSeals)
				.select(
					sql`select ${accountId}, value ->> 'seq', value ->> 'hash' from json_each(${JSON.stringify(seals)}) where true`,
				)
				.onConflictDoNothing(),
			db
				.update(creditAccounts)
				.set({ sealedSeq: sql`max(${creditAccounts.sealedSeq}, ${last.seq})` })
				.where(eq(creditAccounts.id, accountId)),
		]),
	);
}

/** The hash that an account's chain has at an entry; the chain's start before the first. */
export async function hashAt({ db }: Pick<Deps, 'db'>, accountId: string, seq: number): Promise<string> {
	if (seq === 0) return CHAIN_START;
	const [seal] = await withD1Retry(() =>
		db
			.select({ hash: creditSeals.hash })
			.from(creditSeals)
			.where(and(eq(creditSeals.accountId, accountId), eq(creditSeals.seq, seq))),
	);
	// A seal that is gone makes every later one wrong, which the audit then finds.
	return seal?.hash ?? CHAIN_START;
}
