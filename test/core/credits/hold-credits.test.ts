import { expect, test } from 'vitest';

import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { holdCredits } from '../../../workers/core/credits/hold-credits';
import { toCredits } from '../../../workers/core/money';
import { countD1 } from '../../support/counting-d1';
import { freshDeps } from '../../support/deps';
import { faultyD1, firstWrites, OBJECT_RESET } from '../../support/faulty-d1';
import { aHold, balanceOf, givenAccount, givenHold, ledgerOf } from '../../support/given';

test('a hold sets credits aside, and nothing is charged', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });
	const before = await ledgerOf(deps, accountId);
	const hold = aHold(accountId, 24);

	await holdCredits(deps, hold);

	const after = await ledgerOf(deps, accountId);
	expect(after.balance).toMatchObject([{ posted: 60, held: 24, owed: 0, seq: 2 }]);
	expect(after.buckets).toMatchObject([{ remaining: 60, held: 24 }]);
	expect(after.entries).toEqual([
		...before.entries,
		{
			id: hold.holdId,
			accountId,
			seq: 2,
			kind: 'hold',
			amount: 24,
			posted: 0,
			held: 24,
			owed: 0,
			balance: 36,
			renderId: hold.renderId,
			purchaseId: null,
			causeId: null,
			resolvesId: null,
			createdAtMs: deps.now().getTime(),
		},
	]);
	const bucketId = after.buckets[0]!.id;
	expect(after.parts).toContainEqual({ entryId: hold.holdId, bucketId, posted: 0, held: 24 });
});

test('the whole balance can be held', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 10 });
	await holdCredits(deps, aHold(accountId, 10));
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 10, held: 10 });
});

test('holding more than the balance is refused with both figures and changes nothing', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 18 });
	const before = await ledgerOf(deps, accountId);

	await expect(holdCredits(deps, aHold(accountId, 24))).rejects.toMatchObject({
		code: 'insufficient_credits',
		message: '18 credits, and this costs 24. Add credits first.',
		details: { available: 18, required: 24 },
	});

	expect(await ledgerOf(deps, accountId)).toEqual(before);
});

test('of racing holds only as many succeed as the balance covers', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });
	const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => holdCredits(deps, aHold(accountId, 24))));
	expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 60, held: 48 });
});

test('repeating a hold holds once, also when nothing is left and after it was captured', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 24 });
	const hold = aHold(accountId, 24);
	await Promise.all([1, 2, 3].map(() => holdCredits(deps, hold)));
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 24, held: 24 });

	await captureCredits(deps, hold);
	await holdCredits(deps, hold);
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 0, held: 0 });
});

test("a hold's id with another amount, render or account is a conflict and changes nothing", async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps);
	const other = await givenAccount(deps);
	const hold = await givenHold(deps, accountId, 24);
	const before = await ledgerOf(deps, accountId);

	for (const wrong of [{ amount: toCredits(23) }, { renderId: 'rnd_other' }, { accountId: other.accountId }]) {
		await expect(holdCredits(deps, { ...hold, ...wrong })).rejects.toMatchObject({ code: 'conflict' });
	}

	expect(await ledgerOf(deps, accountId)).toEqual(before);
	expect(await balanceOf(deps, other.accountId)).toEqual({ posted: 60, held: 0 });
});

test('a hold of 0 credits is refused', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps);
	const before = await ledgerOf(deps, accountId);
	await expect(holdCredits(deps, aHold(accountId, 0))).rejects.toMatchObject({ code: 'invalid_input' });
	expect(await ledgerOf(deps, accountId)).toEqual(before);
});

test('a hold for an account that does not exist leaves no trace', async () => {
	const deps = freshDeps();
	await expect(holdCredits(deps, aHold('acc_unknown', 1))).rejects.toMatchObject({ code: 'not_found' });
	expect(await ledgerOf(deps, 'acc_unknown')).toEqual({ balance: [], buckets: [], entries: [], parts: [] });
});

test('a hold is one batch of four statements', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps);
	const { db, count } = countD1(deps.d1);
	await holdCredits(freshDeps({ d1: db }), aHold(accountId, 24));
	expect(count).toEqual({ batches: 1, statements: 4 });
});

test.each(['before', 'after'] as const)('a connection lost %s the commit is survived, held once', async (fault) => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 24 });
	const { db, happened } = faultyD1(deps.d1, firstWrites(fault));

	await holdCredits(freshDeps({ d1: db }), aHold(accountId, 24));

	expect(happened[fault]).toBe(1);
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 24, held: 24 });
});

test('a hold that failed before the commit leaves no trace', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps);
	const before = await ledgerOf(deps, accountId);
	const { db } = faultyD1(deps.d1, firstWrites('before'), OBJECT_RESET);

	await expect(holdCredits(freshDeps({ d1: db }), aHold(accountId, 24))).rejects.toThrow(OBJECT_RESET);

	expect(await ledgerOf(deps, accountId)).toEqual(before);
});
