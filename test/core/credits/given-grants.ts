import { grantCredits } from '../../../workers/core/credits/grant-credits';
import type { GrantSource } from '../../../workers/core/credits/statements';
import { toCredits } from '../../../workers/core/money';
import { freshDeps, type TestDeps } from '../../support/deps';
import { givenAccount, ledgerOf } from '../../support/given';

export const DAY_MS = 86_400_000;

/** An account without credits, to be granted what a test names. */
export async function givenEmptyAccount(): Promise<{ deps: TestDeps; accountId: string }> {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 0 });
	return { deps, accountId };
}

/** Credits of one origin, that end so many days after the clock's now; never, unless told. Answers the bucket's id. */
export async function givenGrant(
	deps: TestDeps,
	accountId: string,
	credits: number,
	told: { source?: GrantSource; endsInDays?: number; purchaseId?: string } = {},
): Promise<string> {
	const { source = 'promo', endsInDays, purchaseId = null } = told;
	const entryId = `grant:${crypto.randomUUID()}`;
	const expiresAtMs = endsInDays === undefined ? null : deps.now().getTime() + endsInDays * DAY_MS;
	await grantCredits(deps, { entryId, accountId, amount: toCredits(credits), source, expiresAtMs, purchaseId });
	return entryId;
}

/** A pack of 100 credits that was paid for and ends in a year, in an account that has nothing else. */
export async function givenPack(credits = 100) {
	const { deps, accountId } = await givenEmptyAccount();
	const purchaseId = `pi_${crypto.randomUUID()}`;
	const bucketId = await givenGrant(deps, accountId, credits, { source: 'pack', endsInDays: 365, purchaseId });
	return { deps, accountId, purchaseId, bucketId };
}

/** What is left and held in each bucket of an account, by bucket. */
export async function leftOf(deps: TestDeps, accountId: string): Promise<Record<string, [left: number, held: number]>> {
	const { buckets } = await ledgerOf(deps, accountId);
	return Object.fromEntries(buckets.map(({ id, remaining, held }) => [id, [remaining, held]]));
}

/** An account's sums. */
export async function sumsOf(deps: TestDeps, accountId: string) {
	const { balance } = await ledgerOf(deps, accountId);
	const { posted, held, owed } = balance[0]!;
	return { posted, held, owed };
}

/** The entries of an account from one on, as `kind amount`. */
export async function entriesOf(deps: TestDeps, accountId: string, from = 1): Promise<string[]> {
	const { entries } = await ledgerOf(deps, accountId);
	return entries.filter(({ seq }) => seq >= from).map(({ kind, amount }) => `${kind} ${amount}`);
}
