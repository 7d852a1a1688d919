import { expect, test } from 'vitest';

import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { expireCredits } from '../../../workers/core/credits/expire-credits';
import { reinstateCredits } from '../../../workers/core/credits/reinstate-credits';
import { releaseCredits } from '../../../workers/core/credits/release-credits';
import { reverseCredits } from '../../../workers/core/credits/reverse-credits';
import { freshDeps } from '../../support/deps';
import { faultyD1, firstWrites, OBJECT_RESET } from '../../support/faulty-d1';
import { givenHold, ledgerOf } from '../../support/given';
import { entriesOf, givenGrant, givenPack, leftOf, sumsOf } from './given-grants';

function aRefund(purchaseId: string, targetCredits: number) {
	return { refundId: `re_${crypto.randomUUID()}`, purchaseId, targetCredits };
}

test('a refund takes its credits out of what was bought, though other credits would be spent first', async () => {
	const { deps, accountId, purchaseId, bucketId } = await givenPack();
	const promo = await givenGrant(deps, accountId, 10);
	const refund = aRefund(purchaseId, 40);

	expect(await reverseCredits(deps, refund)).toBe(40);

	expect(await leftOf(deps, accountId)).toEqual({ [bucketId]: [60, 0], [promo]: [10, 0] });
	expect((await ledgerOf(deps, accountId)).entries.at(-1)).toMatchObject({
		id: `reversal:${refund.refundId}`,
		amount: 40,
		posted: -40,
		owed: 0,
		balance: 70,
		purchaseId,
		causeId: refund.refundId,
	});
});

test('what is missing comes from other credits in the order they are spent in, and the rest is owed', async () => {
	const { deps, accountId, purchaseId, bucketId } = await givenPack();
	await captureCredits(deps, await givenHold(deps, accountId, 70));
	const never = await givenGrant(deps, accountId, 10);
	const soon = await givenGrant(deps, accountId, 15, { endsInDays: 1 });

	await reverseCredits(deps, aRefund(purchaseId, 50));
	expect(await leftOf(deps, accountId)).toEqual({ [bucketId]: [0, 0], [soon]: [0, 0], [never]: [5, 0] });
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 5, held: 0, owed: 0 });

	expect(await reverseCredits(deps, aRefund(purchaseId, 100))).toBe(50);
	expect(await leftOf(deps, accountId)).toEqual({ [bucketId]: [0, 0], [soon]: [0, 0], [never]: [0, 0] });
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 0, held: 0, owed: 45 });
	expect((await ledgerOf(deps, accountId)).entries.at(-1)).toMatchObject({
		amount: 50,
		posted: -5,
		owed: 45,
		balance: 0,
	});
});

test('what renders hold is left to them', async () => {
	const { deps, accountId, purchaseId, bucketId } = await givenPack();
	const hold = await givenHold(deps, accountId, 80);
	await reverseCredits(deps, aRefund(purchaseId, 100));
	expect(await leftOf(deps, accountId)).toEqual({ [bucketId]: [80, 80] });
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 80, held: 80, owed: 80 });
	await captureCredits(deps, hold);
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 0, held: 0, owed: 80 });
});

test.each([
	['in order', [30, 70, 100]],
	['the other way round', [100, 70, 30]],
	['mixed', [70, 30, 100]],
	['each twice', [30, 30, 100, 70, 100, 70]],
])('refunds of 30, 70 and 100 in all that come %s take 100', async (_how, targets) => {
	const { deps, accountId, purchaseId } = await givenPack();
	const ids = new Map([30, 70, 100].map((target) => [target, aRefund(purchaseId, target)]));
	for (const target of targets) await reverseCredits(deps, ids.get(target)!);
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 0, held: 0, owed: 0 });
});

test.each([[[30, 40]], [[40, 30]]])(
	'refunds of their own parts (%j) that fail later give back what was theirs',
	async (order) => {
		const { deps, accountId, purchaseId } = await givenPack();
		const refundOf = (own: number) => ({
			...aRefund(purchaseId, 70),
			refundId: `re_${own}_${purchaseId}`,
			creditsMax: own,
		});
		for (const own of order) expect(await reverseCredits(deps, refundOf(own))).toBe(own);
		expect(await sumsOf(deps, accountId)).toEqual({ posted: 30, held: 0, owed: 0 });

		await reinstateCredits(deps, { causeId: refundOf(30).refundId });
		expect(await sumsOf(deps, accountId)).toEqual({ posted: 60, held: 0, owed: 0 });
	},
);

test('the same refund at once and once more takes once, and says what it took', async () => {
	const { deps, accountId, purchaseId } = await givenPack();
	const refund = aRefund(purchaseId, 40);
	expect(await Promise.all([1, 2, 3].map(() => reverseCredits(deps, refund)))).toEqual([40, 40, 40]);
	expect(await reverseCredits(deps, refund)).toBe(40);
	expect(await entriesOf(deps, accountId, 2)).toEqual(['reversal 40']);
});

test('no more is taken than was granted, and 0 when the target was met', async () => {
	const { deps, accountId, purchaseId } = await givenPack();
	expect(await reverseCredits(deps, aRefund(purchaseId, 1000))).toBe(100);
	const before = await ledgerOf(deps, accountId);
	expect(await reverseCredits(deps, aRefund(purchaseId, 1000))).toBe(0);
	expect(await reverseCredits(deps, aRefund(purchaseId, 0))).toBe(0);
	expect(await ledgerOf(deps, accountId)).toEqual(before);
});

test.each(['swept before the refund', 'swept after the refund'])(
	'what has ended is not taken a second time, %s',
	async (when) => {
		const { deps, accountId, purchaseId } = await givenPack();
		await captureCredits(deps, await givenHold(deps, accountId, 60));
		deps.clock.advance({ hours: 365 * 24 });
		const lasting = await givenGrant(deps, accountId, 500);
		const expire = () => expireCredits(deps, { dueMs: deps.now().getTime(), limit: 1000 });

		if (when === 'swept before the refund') await expire();
		await reverseCredits(deps, aRefund(purchaseId, 100));
		await expire();

		// 60 were spent, 40 had ended: the refund of all takes the 60 alone out of what is left.
		expect((await leftOf(deps, accountId))[lasting]).toEqual([440, 0]);
		expect(await sumsOf(deps, accountId)).toEqual({ posted: 440, held: 0, owed: 0 });
	},
);

test('a hold that comes back after a refund is not taken as well', async () => {
	const { deps, accountId, purchaseId } = await givenPack();
	const hold = await givenHold(deps, accountId, 30);
	await reverseCredits(deps, aRefund(purchaseId, 40));
	await releaseCredits(deps, hold);
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 60, held: 0, owed: 0 });
});

test("another account's credits pay no refund", async () => {
	const first = await givenPack();
	const second = await givenPack();
	await captureCredits(first.deps, await givenHold(first.deps, first.accountId, 100));
	await reverseCredits(first.deps, aRefund(first.purchaseId, 100));
	expect(await sumsOf(first.deps, first.accountId)).toEqual({ posted: 0, held: 0, owed: 100 });
	expect(await sumsOf(second.deps, second.accountId)).toEqual({ posted: 100, held: 0, owed: 0 });
});

test('a refund of a purchase that granted nothing is not found', async () => {
	const reversing = reverseCredits(freshDeps(), aRefund('pi_unknown', 10));
	await expect(reversing).rejects.toMatchObject({ code: 'not_found' });
});

test.each(['before', 'after'] as const)('a connection lost %s the commit is survived, taken once', async (fault) => {
	const { deps, accountId, purchaseId } = await givenPack();
	const { db, happened } = faultyD1(deps.d1, firstWrites(fault));
	expect(await reverseCredits(freshDeps({ d1: db }), aRefund(purchaseId, 40))).toBe(40);
	expect(happened[fault]).toBe(1);
	expect(await entriesOf(deps, accountId, 2)).toEqual(['reversal 40']);
});

test('a refund that failed before the commit leaves no trace', async () => {
	const { deps, accountId, purchaseId } = await givenPack();
	const before = await ledgerOf(deps, accountId);
	const { db } = faultyD1(deps.d1, firstWrites('before'), OBJECT_RESET);
	await expect(reverseCredits(freshDeps({ d1: db }), aRefund(purchaseId, 40))).rejects.toThrow(OBJECT_RESET);
	expect(await ledgerOf(deps, accountId)).toEqual(before);
});
