import { expect, test } from 'vitest';

import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { collectOwed } from '../../../workers/core/credits/collect-owed';
import { holdCredits } from '../../../workers/core/credits/hold-credits';
import { readBalance } from '../../../workers/core/credits/read-balance';
import { releaseCredits } from '../../../workers/core/credits/release-credits';
import { reverseCredits } from '../../../workers/core/credits/reverse-credits';
import { freshDeps } from '../../support/deps';
import { faultyD1, OBJECT_RESET } from '../../support/faulty-d1';
import { aHold, givenHold, ledgerOf } from '../../support/given';
import { isWrite } from '../../support/intercepted-d1';
import { entriesOf, givenEmptyAccount, givenGrant, givenPack, leftOf, sumsOf } from './given-grants';

/** Others' debts in the shared storage are looked at too; one run is enough for all. */
const LIMIT = 10_000;

/** An account whose pack was spent and refunded: it owes 100. */
async function givenOwing() {
	const pack = await givenPack();
	const { deps, accountId, purchaseId } = pack;
	await captureCredits(deps, await givenHold(deps, accountId, 100));
	await reverseCredits(deps, { refundId: `re_${purchaseId}`, purchaseId, targetCredits: 100 });
	return pack;
}

test('an account that owes can hold nothing, however much came since', async () => {
	const { deps, accountId } = await givenOwing();
	await givenGrant(deps, accountId, 500);
	const before = await ledgerOf(deps, accountId);
	await expect(holdCredits(deps, aHold(accountId, 1))).rejects.toMatchObject({
		code: 'insufficient_credits',
		details: { available: 0, required: 1 },
	});
	expect(await readBalance(deps, { accountId })).toMatchObject({ available: 0, owed: 100 });
	expect(await ledgerOf(deps, accountId)).toEqual(before);
});

test('what comes pays what is owed in the order it is spent in, and what is left can be spent', async () => {
	const { deps, accountId, bucketId } = await givenOwing();
	const pack = await givenGrant(deps, accountId, 500, { source: 'pack', endsInDays: 1 });
	const promo = await givenGrant(deps, accountId, 30);

	await collectOwed(deps, { limit: LIMIT });

	expect(await leftOf(deps, accountId)).toEqual({ [bucketId]: [0, 0], [promo]: [0, 0], [pack]: [430, 0] });
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 430, held: 0, owed: 0 });
	expect((await ledgerOf(deps, accountId)).entries.at(-1)).toMatchObject({
		id: `repayment:${accountId}:7`,
		kind: 'repayment',
		amount: 100,
		posted: -100,
		owed: -100,
		balance: 430,
	});
	await givenHold(deps, accountId, 430);
});

test('less than is owed pays a part, and the next that comes the rest', async () => {
	const { deps, accountId } = await givenOwing();
	await givenGrant(deps, accountId, 40);
	await collectOwed(deps, { limit: LIMIT });
	await collectOwed(deps, { limit: LIMIT });
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 0, held: 0, owed: 60 });
	await givenGrant(deps, accountId, 70);
	await collectOwed(deps, { limit: LIMIT });
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 10, held: 0, owed: 0 });
	expect(await entriesOf(deps, accountId, 5)).toEqual(['grant 40', 'repayment 40', 'grant 70', 'repayment 60']);
});

test('what renders hold pays nothing until it comes back', async () => {
	const { deps, accountId, purchaseId } = await givenPack();
	const hold = await givenHold(deps, accountId, 100);
	await reverseCredits(deps, { refundId: `re_${purchaseId}`, purchaseId, targetCredits: 100 });
	await collectOwed(deps, { limit: LIMIT });
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 100, held: 100, owed: 100 });
	await releaseCredits(deps, hold);
	await collectOwed(deps, { limit: LIMIT });
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 0, held: 0, owed: 0 });
});

test('credits that have ended pay nothing', async () => {
	const { deps, accountId } = await givenOwing();
	await givenGrant(deps, accountId, 40, { endsInDays: -1 });
	const before = await ledgerOf(deps, accountId);
	await collectOwed(deps, { limit: LIMIT });
	expect(await ledgerOf(deps, accountId)).toEqual(before);
});

test('runs at once pay once', async () => {
	const { deps, accountId } = await givenOwing();
	await givenGrant(deps, accountId, 250);
	await Promise.all([1, 2, 3].map(() => collectOwed(deps, { limit: LIMIT })));
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 150, held: 0, owed: 0 });
});

test('an account that owes nothing is left alone', async () => {
	const { deps, accountId } = await givenEmptyAccount();
	await givenGrant(deps, accountId, 40);
	const before = await ledgerOf(deps, accountId);
	await collectOwed(deps, { limit: LIMIT });
	expect(await ledgerOf(deps, accountId)).toEqual(before);
});

test('one run looks at no more accounts than it was told to', async () => {
	const { deps, accountId } = await givenOwing();
	await collectOwed(deps, { limit: LIMIT });
	await givenGrant(deps, accountId, 40);
	expect(await collectOwed(deps, { limit: 0 })).toBe(0);
	expect(await sumsOf(deps, accountId)).toMatchObject({ owed: 100 });
	expect(await collectOwed(deps, { limit: 1 })).toBe(1);
	expect(await sumsOf(deps, accountId)).toMatchObject({ owed: 60 });
});

test.each(['before', 'after'] as const)('a run that stops %s a commit is made good by the next', async (fault) => {
	const { deps, accountId } = await givenOwing();
	await collectOwed(deps, { limit: LIMIT });
	await givenGrant(deps, accountId, 40);
	let isFirst = true;
	const { db } = faultyD1(
		deps.d1,
		(call) => {
			// The look for accounts is a read that begins like any other.
			if (!isWrite(call) || call.kind !== 'batch' || !isFirst) return null;
			isFirst = false;
			return fault;
		},
		OBJECT_RESET,
	);
	await expect(collectOwed(freshDeps({ d1: db }), { limit: LIMIT })).rejects.toThrow(OBJECT_RESET);
	await collectOwed(deps, { limit: LIMIT });
	expect(await entriesOf(deps, accountId, 5)).toEqual(['grant 40', 'repayment 40']);
});
