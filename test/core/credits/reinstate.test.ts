import { expect, test } from 'vitest';

import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { collectOwed } from '../../../workers/core/credits/collect-owed';
import { expireCredits } from '../../../workers/core/credits/expire-credits';
import { reinstateCredits } from '../../../workers/core/credits/reinstate-credits';
import { reverseCredits } from '../../../workers/core/credits/reverse-credits';
import { givenHold, ledgerOf } from '../../support/given';
import { entriesOf, givenGrant, givenPack, leftOf, sumsOf } from './given-grants';

/** A pack of 100 of which 60 were spent, 15 other credits, and a refund of all: 40 and 15 taken, 45 owed. */
async function givenRefunded() {
	const pack = await givenPack();
	const { deps, accountId, purchaseId } = pack;
	await captureCredits(deps, await givenHold(deps, accountId, 60));
	const other = await givenGrant(deps, accountId, 15);
	const causeId = `re_${crypto.randomUUID()}`;
	await reverseCredits(deps, { refundId: causeId, purchaseId, targetCredits: 100 });
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 0, held: 0, owed: 45 });
	return { ...pack, other, causeId };
}

test('a refund that failed is undone: into the buckets it came from, and off what is owed', async () => {
	const { deps, accountId, purchaseId, bucketId, other, causeId } = await givenRefunded();

	await reinstateCredits(deps, { causeId });

	expect(await leftOf(deps, accountId)).toEqual({ [bucketId]: [40, 0], [other]: [15, 0] });
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 55, held: 0, owed: 0 });
	expect((await ledgerOf(deps, accountId)).entries.at(-1)).toMatchObject({
		id: `reinstatement:${causeId}`,
		amount: 100,
		posted: 55,
		owed: -45,
		purchaseId,
		causeId,
		resolvesId: `reversal:${causeId}`,
	});
	await givenHold(deps, accountId, 55);
});

test('what was paid of the debt meanwhile comes back into the bucket of the purchase', async () => {
	const { deps, accountId, bucketId, other, causeId } = await givenRefunded();
	const later = await givenGrant(deps, accountId, 20);
	await collectOwed(deps, { limit: 1000 });
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 0, held: 0, owed: 25 });

	await reinstateCredits(deps, { causeId });

	expect(await leftOf(deps, accountId)).toEqual({ [bucketId]: [60, 0], [other]: [15, 0], [later]: [0, 0] });
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 75, held: 0, owed: 0 });
});

test('of two debts each is undone with its own credits, whichever was paid', async () => {
	const { deps, accountId, causeId } = await givenRefunded();
	const purchaseId = `pi_${crypto.randomUUID()}`;
	await givenGrant(deps, accountId, 30, { source: 'pack', purchaseId });
	await collectOwed(deps, { limit: 1000 });
	const second = `re_${crypto.randomUUID()}`;
	await reverseCredits(deps, { refundId: second, purchaseId, targetCredits: 30 });
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 0, held: 0, owed: 45 });

	await reinstateCredits(deps, { causeId: second });
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 0, held: 0, owed: 15 });
	await reinstateCredits(deps, { causeId });
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 85, held: 0, owed: 0 });
});

test('it is undone once, at once and once more', async () => {
	const { deps, accountId, causeId } = await givenRefunded();
	await Promise.all([1, 2, 3].map(() => reinstateCredits(deps, { causeId })));
	await reinstateCredits(deps, { causeId });
	expect(await entriesOf(deps, accountId, 5)).toEqual(['reversal 100', 'reinstatement 100']);
});

test('what took nothing is not undone', async () => {
	const { deps, accountId } = await givenRefunded();
	const before = await ledgerOf(deps, accountId);
	await reinstateCredits(deps, { causeId: 're_unknown' });
	expect(await ledgerOf(deps, accountId)).toEqual(before);
});

test('a refund that was undone and comes again late takes nothing; another one can', async () => {
	const { deps, accountId, purchaseId, causeId } = await givenRefunded();
	await reinstateCredits(deps, { causeId });
	expect(await reverseCredits(deps, { refundId: causeId, purchaseId, targetCredits: 100 })).toBe(100);
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 55, held: 0, owed: 0 });
	expect(await reverseCredits(deps, { refundId: `${causeId}_2`, purchaseId, targetCredits: 30 })).toBe(30);
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 25, held: 0, owed: 0 });
});

test('what comes back after its end ends with the next run', async () => {
	const { deps, accountId, bucketId, other, causeId } = await givenRefunded();
	deps.clock.advance({ hours: 365 * 24 });
	await reinstateCredits(deps, { causeId });
	await expireCredits(deps, { dueMs: deps.now().getTime(), limit: 1000 });
	expect(await leftOf(deps, accountId)).toEqual({ [bucketId]: [0, 0], [other]: [15, 0] });
});
