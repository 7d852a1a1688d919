import { expect, test } from 'vitest';

import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { expireCredits } from '../../../workers/core/credits/expire-credits';
import { releaseCredits } from '../../../workers/core/credits/release-credits';
import type { TestDeps } from '../../support/deps';
import { freshDeps } from '../../support/deps';
import { CONNECTION_LOST, faultyD1, OBJECT_RESET } from '../../support/faulty-d1';
import { balanceOf, givenHold, ledgerOf } from '../../support/given';
import { isWrite } from '../../support/intercepted-d1';
import { entriesOf, givenEmptyAccount, givenGrant, givenPack, leftOf, sumsOf } from './given-grants';

/** Ends everything that is due: storage is shared, so others' buckets may be among it. */
async function expireAll(deps: TestDeps): Promise<void> {
	while ((await expireCredits(deps, { dueMs: deps.now().getTime(), limit: 50 })) > 0);
}

test('what is left in a bucket ends with its time, as one entry that names what it was bought with', async () => {
	const { deps, accountId, purchaseId, bucketId } = await givenPack();
	await captureCredits(deps, await givenHold(deps, accountId, 24));
	const lasting = await givenGrant(deps, accountId, 5, { source: 'pack', endsInDays: 366 });
	deps.clock.advance({ hours: 365 * 24 });

	await expireAll(deps);

	expect(await leftOf(deps, accountId)).toEqual({ [bucketId]: [0, 0], [lasting]: [5, 0] });
	const { entries, parts } = await ledgerOf(deps, accountId);
	const id = `expiry:${bucketId}:5`;
	expect(entries.at(-1)).toMatchObject({
		id,
		kind: 'expiry',
		amount: 76,
		posted: -76,
		held: 0,
		balance: 5,
		purchaseId,
	});
	expect(parts.filter(({ entryId }) => entryId === id)).toEqual([{ entryId: id, bucketId, posted: -76, held: 0 }]);
});

test('nothing ends a millisecond before its time, and nothing that has no end', async () => {
	const { deps, accountId } = await givenEmptyAccount();
	await givenGrant(deps, accountId, 10, { endsInDays: 1 });
	await givenGrant(deps, accountId, 10);
	deps.clock.set(new Date(deps.now().getTime() + 86_400_000 - 1));
	const before = await ledgerOf(deps, accountId);
	await expireAll(deps);
	expect(await ledgerOf(deps, accountId)).toEqual(before);
});

test('what is held stays until it is charged or comes back, and what comes back ends with the next run', async () => {
	const { deps, accountId } = await givenEmptyAccount();
	const bucketId = await givenGrant(deps, accountId, 50, { endsInDays: 1 });
	const charged = await givenHold(deps, accountId, 20);
	const released = await givenHold(deps, accountId, 10);
	deps.clock.advance({ hours: 24 });

	await expireAll(deps);
	expect(await leftOf(deps, accountId)).toEqual({ [bucketId]: [30, 30] });

	await captureCredits(deps, charged);
	await releaseCredits(deps, released);
	expect(await leftOf(deps, accountId)).toEqual({ [bucketId]: [10, 0] });
	await expireAll(deps);
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 0, held: 0, owed: 0 });
	expect(await entriesOf(deps, accountId, 4)).toEqual(['expiry 20', 'capture 20', 'release 10', 'expiry 10']);
});

test('runs at once and once more end everything once', async () => {
	const { deps, accountId } = await givenEmptyAccount();
	await givenGrant(deps, accountId, 10, { endsInDays: 1 });
	await givenGrant(deps, accountId, 20, { endsInDays: 1 });
	deps.clock.advance({ hours: 24 });
	await Promise.all([expireAll(deps), expireAll(deps), expireAll(deps)]);
	await expireAll(deps);
	expect((await entriesOf(deps, accountId, 3)).toSorted()).toEqual(['expiry 10', 'expiry 20']);
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 0, held: 0 });
});

test('one run ends no more buckets than it was told to', async () => {
	const { deps, accountId } = await givenEmptyAccount();
	await expireAll(deps);
	for (const credits of [1, 2, 3]) await givenGrant(deps, accountId, credits, { endsInDays: -1000 });
	const dueMs = deps.now().getTime();
	expect(await expireCredits(deps, { dueMs, limit: 2 })).toBe(2);
	expect(await entriesOf(deps, accountId, 4)).toHaveLength(2);
	expect(await expireCredits(deps, { dueMs, limit: 2 })).toBe(1);
	expect(await expireCredits(deps, { dueMs, limit: 2 })).toBe(0);
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 0, held: 0 });
});

test.each([
	['before', CONNECTION_LOST],
	['after', CONNECTION_LOST],
	['before', OBJECT_RESET],
	['after', OBJECT_RESET],
] as const)('a write lost %s the commit (%s) leaves nothing ended twice and nothing behind', async (fault, message) => {
	const { deps, accountId } = await givenEmptyAccount();
	await expireAll(deps);
	await givenGrant(deps, accountId, 10, { endsInDays: -1 });
	let isFirst = true;
	const { db, happened } = faultyD1(
		deps.d1,
		(call) => {
			if (!isWrite(call) || !isFirst) return null;
			isFirst = false;
			return fault;
		},
		message,
	);

	await expireAll(freshDeps({ d1: db })).catch((error: unknown) => {
		if (message !== OBJECT_RESET) throw error;
	});
	await expireAll(deps);

	expect(happened[fault]).toBe(1);
	expect(await entriesOf(deps, accountId)).toEqual(['grant 10', 'expiry 10']);
});
