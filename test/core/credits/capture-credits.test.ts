import { expect, test } from 'vitest';

import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { holdCredits } from '../../../workers/core/credits/hold-credits';
import { releaseCredits } from '../../../workers/core/credits/release-credits';
import { toCredits } from '../../../workers/core/money';
import { countD1 } from '../../support/counting-d1';
import { freshDeps } from '../../support/deps';
import { faultyD1, firstWrites, OBJECT_RESET } from '../../support/faulty-d1';
import { aHold, balanceOf, givenAccount, givenHold, ledgerOf } from '../../support/given';
import { interceptD1, isWrite } from '../../support/intercepted-d1';

test('a capture posts what was held, for its render, and ends the hold', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });
	const hold = await givenHold(deps, accountId, 24);
	deps.clock.advance({ minutes: 2 });

	await captureCredits(deps, hold);

	const { balance, buckets, entries, parts } = await ledgerOf(deps, accountId);
	const captureId = `capture:${hold.renderId}`;
	expect(balance).toMatchObject([{ posted: 36, held: 0, owed: 0, seq: 3 }]);
	expect(buckets).toMatchObject([{ remaining: 36, held: 0 }]);
	expect(entries).toHaveLength(3);
	expect(entries[2]).toEqual({
		id: captureId,
		accountId,
		seq: 3,
		kind: 'capture',
		amount: 24,
		posted: -24,
		held: -24,
		owed: 0,
		balance: 36,
		renderId: hold.renderId,
		purchaseId: null,
		causeId: null,
		resolvesId: hold.holdId,
		createdAtMs: deps.now().getTime(),
	});
	expect(parts).toContainEqual({ entryId: captureId, bucketId: buckets[0]!.id, posted: -24, held: -24 });
});

test("a capture leaves the account's other holds alone", async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });
	const hold = await givenHold(deps, accountId, 24);
	await givenHold(deps, accountId, 10);
	await captureCredits(deps, hold);
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 36, held: 10 });
});

test('capturing twice charges once', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });
	const hold = await givenHold(deps, accountId, 24);
	await Promise.all([1, 2, 3].map(() => captureCredits(deps, hold)));
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 36, held: 0 });
});

test('what was released cannot be captured', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps);
	const hold = await givenHold(deps, accountId);
	await releaseCredits(deps, hold);
	const before = await ledgerOf(deps, accountId);

	await expect(captureCredits(deps, hold)).rejects.toMatchObject({ code: 'conflict' });

	expect(await ledgerOf(deps, accountId)).toEqual(before);
});

test('a capture and a release that race end in exactly one of them', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });
	const hold = await givenHold(deps, accountId, 24);

	const outcomes = await Promise.allSettled([captureCredits(deps, hold), releaseCredits(deps, hold)]);

	expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
	const isCaptured = outcomes[0].status === 'fulfilled';
	expect(await balanceOf(deps, accountId)).toEqual({ posted: isCaptured ? 36 : 60, held: 0 });
});

test('a capture that describes the hold wrongly is a conflict, before and after the right one', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps);
	const hold = await givenHold(deps, accountId, 24);
	const wrong = { ...hold, amount: toCredits(25) };

	await expect(captureCredits(deps, wrong)).rejects.toMatchObject({ code: 'conflict' });
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 60, held: 24 });

	await captureCredits(deps, hold);
	await expect(captureCredits(deps, wrong)).rejects.toMatchObject({ code: 'conflict' });
	await expect(captureCredits(deps, { ...hold, renderId: 'rnd_other' })).rejects.toMatchObject({ code: 'conflict' });
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 36, held: 0 });
});

test("another account's hold answers what a missing one answers, and stays open", async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const other = await givenAccount(deps);
	const hold = await givenHold(deps, owner.accountId, 24);

	const foreign = captureCredits(deps, { ...hold, accountId: other.accountId });
	const missing = captureCredits(deps, aHold(other.accountId, 24));

	await expect(foreign).rejects.toMatchObject({
		code: 'not_found',
		message: 'There is no such hold, or it is not yours.',
	});
	await expect(missing).rejects.toMatchObject({
		code: 'not_found',
		message: 'There is no such hold, or it is not yours.',
	});
	expect(await balanceOf(deps, owner.accountId)).toEqual({ posted: 60, held: 24 });
	expect(await balanceOf(deps, other.accountId)).toEqual({ posted: 60, held: 0 });
});

test('a capture is one batch of four statements', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps);
	const hold = await givenHold(deps, accountId);
	const { db, count } = countD1(deps.d1);
	await captureCredits(freshDeps({ d1: db }), hold);
	expect(count).toEqual({ batches: 1, statements: 4 });
});

test.each(['before', 'after'] as const)('a connection lost %s the commit is survived, charged once', async (fault) => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });
	const hold = await givenHold(deps, accountId, 24);
	const { db, happened } = faultyD1(deps.d1, firstWrites(fault, 2));

	await captureCredits(freshDeps({ d1: db }), hold);

	expect(happened[fault]).toBe(2);
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 36, held: 0 });
});

test('a capture that failed before the commit leaves the hold open', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps);
	const hold = await givenHold(deps, accountId);
	const before = await ledgerOf(deps, accountId);
	const { db } = faultyD1(deps.d1, firstWrites('before'), OBJECT_RESET);

	await expect(captureCredits(freshDeps({ d1: db }), hold)).rejects.toThrow(OBJECT_RESET);

	expect(await ledgerOf(deps, accountId)).toEqual(before);
});

test('a capture that arrives just before its hold charges all the same', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });
	const hold = aHold(accountId, 24);
	let isFirst = true;
	const early = interceptD1(deps.d1, async (call, run) => {
		const isRefused = isFirst && isWrite(call);
		isFirst = false;
		if (!isRefused) return run();
		return run().finally(() => holdCredits(deps, hold));
	});

	await captureCredits(freshDeps({ d1: early }), hold);

	expect(await balanceOf(deps, accountId)).toEqual({ posted: 36, held: 0 });
});
