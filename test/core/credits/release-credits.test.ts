import { expect, test } from 'vitest';

import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { releaseCredits } from '../../../workers/core/credits/release-credits';
import { toCredits } from '../../../workers/core/money';
import { freshDeps } from '../../support/deps';
import { faultyD1, firstWrites, OBJECT_RESET } from '../../support/faulty-d1';
import { aHold, balanceOf, givenAccount, givenHold, ledgerOf } from '../../support/given';

test('a release gives the credits back, and nothing is charged', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });
	const hold = await givenHold(deps, accountId, 24);
	deps.clock.advance({ minutes: 20 });

	await releaseCredits(deps, hold);

	const { balance, buckets, entries, parts } = await ledgerOf(deps, accountId);
	const releaseId = `release:${hold.renderId}`;
	expect(balance).toMatchObject([{ posted: 60, held: 0, owed: 0, seq: 3 }]);
	expect(buckets).toMatchObject([{ remaining: 60, held: 0 }]);
	expect(entries).toHaveLength(3);
	expect(entries[2]).toEqual({
		id: releaseId,
		accountId,
		seq: 3,
		kind: 'release',
		amount: 24,
		posted: 0,
		held: -24,
		owed: 0,
		balance: 60,
		renderId: hold.renderId,
		purchaseId: null,
		causeId: null,
		resolvesId: hold.holdId,
		createdAtMs: deps.now().getTime(),
	});
	expect(parts).toContainEqual({ entryId: releaseId, bucketId: buckets[0]!.id, posted: 0, held: -24 });
});

test('releasing twice gives back once', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });
	const hold = await givenHold(deps, accountId, 24);
	await givenHold(deps, accountId, 30);
	await Promise.all([1, 2, 3].map(() => releaseCredits(deps, hold)));
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 60, held: 30 });
});

test('what was captured cannot be released', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps);
	const hold = await givenHold(deps, accountId);
	await captureCredits(deps, hold);
	const before = await ledgerOf(deps, accountId);

	await expect(releaseCredits(deps, hold)).rejects.toMatchObject({ code: 'conflict' });

	expect(await ledgerOf(deps, accountId)).toEqual(before);
});

test('a release of another amount than was held is a conflict and gives nothing back', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps);
	const hold = await givenHold(deps, accountId, 24);
	const wrong = releaseCredits(deps, { ...hold, amount: toCredits(20) });
	await expect(wrong).rejects.toMatchObject({ code: 'conflict' });
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 60, held: 24 });
});

test("another account's hold answers what a missing one answers, and stays open", async () => {
	const deps = freshDeps();
	const owner = await givenAccount(deps);
	const other = await givenAccount(deps);
	const hold = await givenHold(deps, owner.accountId, 24);

	const foreign = releaseCredits(deps, { ...hold, accountId: other.accountId });
	const missing = releaseCredits(deps, aHold(other.accountId, 24));

	await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
	await expect(missing).rejects.toMatchObject({ code: 'not_found' });
	expect(await balanceOf(deps, owner.accountId)).toEqual({ posted: 60, held: 24 });
});

test.each(['before', 'after'] as const)('a connection lost %s the commit is survived, released once', async (fault) => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });
	const hold = await givenHold(deps, accountId, 24);
	await givenHold(deps, accountId, 24);
	const { db, happened } = faultyD1(deps.d1, firstWrites(fault));

	await releaseCredits(freshDeps({ d1: db }), hold);

	expect(happened[fault]).toBe(1);
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 60, held: 24 });
});

test('a release whose reply was lost can be repeated by the caller', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });
	const hold = await givenHold(deps, accountId, 24);
	const faulty = freshDeps({ d1: faultyD1(deps.d1, firstWrites('after'), OBJECT_RESET).db });

	await expect(releaseCredits(faulty, hold)).rejects.toThrow(OBJECT_RESET);
	await releaseCredits(faulty, hold);

	expect(await balanceOf(deps, accountId)).toEqual({ posted: 60, held: 0 });
});
