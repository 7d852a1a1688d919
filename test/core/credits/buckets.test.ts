import { expect, test } from 'vitest';

import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { holdCredits } from '../../../workers/core/credits/hold-credits';
import { readBalance } from '../../../workers/core/credits/read-balance';
import { releaseCredits } from '../../../workers/core/credits/release-credits';
import { aHold, givenHold, ledgerOf } from '../../support/given';
import { givenEmptyAccount, givenGrant, leftOf } from './given-grants';

/** One bucket of 10 of each sort, granted in another order than they are spent in; answers them as they are spent. */
async function givenFiveBuckets() {
	const { deps, accountId } = await givenEmptyAccount();
	const packLate = await givenGrant(deps, accountId, 10, { source: 'pack', endsInDays: 365 });
	const promoNever = await givenGrant(deps, accountId, 10);
	const packSoon = await givenGrant(deps, accountId, 10, { source: 'pack', endsInDays: 1 });
	const planLate = await givenGrant(deps, accountId, 10, { source: 'plan', endsInDays: 30 });
	const promoSoon = await givenGrant(deps, accountId, 10, { endsInDays: 2 });
	return { deps, accountId, inOrder: [promoSoon, planLate, promoNever, packSoon, packLate] };
}

test('what ends soonest is spent first, what never ends after it, and packs last', async () => {
	const { deps, accountId, inOrder } = await givenFiveBuckets();

	const spent: string[] = [];
	for (const _ of inOrder) {
		const hold = await givenHold(deps, accountId, 10);
		await captureCredits(deps, hold);
		const { parts } = await ledgerOf(deps, accountId);
		spent.push(...parts.filter(({ entryId }) => entryId === hold.holdId).map(({ bucketId }) => bucketId));
	}

	expect(spent).toEqual(inOrder);
	expect(Object.values(await leftOf(deps, accountId))).toEqual(inOrder.map(() => [0, 0]));
});

test('the balance lists buckets in the order they are spent in', async () => {
	const { deps, accountId, inOrder } = await givenFiveBuckets();
	const { available, buckets } = await readBalance(deps, { accountId });
	expect(available).toBe(50);
	expect(buckets.map(({ id }) => id)).toEqual(inOrder);
});

test('of two that end together the older one is spent first', async () => {
	const { deps, accountId } = await givenEmptyAccount();
	const older = await givenGrant(deps, accountId, 10, { endsInDays: 10 });
	deps.clock.advance({ hours: 24 });
	const newer = await givenGrant(deps, accountId, 10, { endsInDays: 9 });
	await givenHold(deps, accountId, 4);
	expect(await leftOf(deps, accountId)).toEqual({ [older]: [10, 4], [newer]: [10, 0] });
});

test('a hold takes from as many buckets as it needs, and is charged from the same', async () => {
	const { deps, accountId, inOrder } = await givenFiveBuckets();
	const [first, second, third] = inOrder as [string, string, string];

	const hold = await givenHold(deps, accountId, 24);

	expect(await leftOf(deps, accountId)).toMatchObject({ [first]: [10, 10], [second]: [10, 10], [third]: [10, 4] });
	const { entries, parts } = await ledgerOf(deps, accountId);
	expect(entries.at(-1)).toMatchObject({ id: hold.holdId, amount: 24, held: 24, balance: 26 });
	expect(parts.filter(({ entryId }) => entryId === hold.holdId)).toHaveLength(3);

	await captureCredits(deps, hold);
	expect(await leftOf(deps, accountId)).toMatchObject({ [first]: [0, 0], [second]: [0, 0], [third]: [6, 0] });
});

test('a hold that is released gives back to the buckets it came from, whatever was granted since', async () => {
	const { deps, accountId, inOrder } = await givenFiveBuckets();
	const before = await leftOf(deps, accountId);
	const hold = await givenHold(deps, accountId, 35);
	const sooner = await givenGrant(deps, accountId, 50, { endsInDays: 1 });
	await givenHold(deps, accountId, 7);

	await releaseCredits(deps, hold);

	expect(await leftOf(deps, accountId)).toEqual({ ...before, [sooner]: [50, 7] });
	expect(inOrder).toHaveLength(5);
});

test('what is held is not there for the next hold', async () => {
	const { deps, accountId } = await givenEmptyAccount();
	const first = await givenGrant(deps, accountId, 10, { endsInDays: 1 });
	const second = await givenGrant(deps, accountId, 10, { endsInDays: 2 });
	await givenHold(deps, accountId, 8);
	await givenHold(deps, accountId, 8);
	expect(await leftOf(deps, accountId)).toEqual({ [first]: [10, 10], [second]: [10, 6] });

	await expect(holdCredits(deps, aHold(accountId, 5))).rejects.toMatchObject({
		code: 'insufficient_credits',
		details: { available: 4, required: 5 },
	});
	expect(await leftOf(deps, accountId)).toEqual({ [first]: [10, 10], [second]: [10, 6] });
});

test('from the millisecond in which it ends a bucket is not spent, also before a sweep has ended it', async () => {
	const { deps, accountId } = await givenEmptyAccount();
	const ending = await givenGrant(deps, accountId, 10, { endsInDays: 1 });
	const lasting = await givenGrant(deps, accountId, 10, { endsInDays: 2 });
	deps.clock.set(new Date(deps.now().getTime() + 86_400_000 - 1));
	await givenHold(deps, accountId, 3);
	deps.clock.set(new Date(deps.now().getTime() + 1));
	await givenHold(deps, accountId, 3);
	expect(await leftOf(deps, accountId)).toEqual({ [ending]: [10, 3], [lasting]: [10, 3] });

	const before = await ledgerOf(deps, accountId);
	await expect(holdCredits(deps, aHold(accountId, 8))).rejects.toMatchObject({
		code: 'insufficient_credits',
		details: { available: 7, required: 8 },
	});
	expect(await ledgerOf(deps, accountId)).toEqual(before);
});

test("an account spends no other account's credits", async () => {
	const { deps, accountId } = await givenEmptyAccount();
	const other = await givenEmptyAccount();
	const bucketId = await givenGrant(other.deps, other.accountId, 10);
	await expect(holdCredits(deps, aHold(accountId, 1))).rejects.toMatchObject({ code: 'insufficient_credits' });
	expect(await leftOf(other.deps, other.accountId)).toEqual({ [bucketId]: [10, 0] });
});
