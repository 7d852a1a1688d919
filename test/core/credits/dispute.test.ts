import { expect, test } from 'vitest';

import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { freezeCredits, loseCredits, thawCredits } from '../../../workers/core/credits/dispute-credits';
import { expireCredits } from '../../../workers/core/credits/expire-credits';
import { holdCredits } from '../../../workers/core/credits/hold-credits';
import { reinstateCredits } from '../../../workers/core/credits/reinstate-credits';
import { reverseCredits } from '../../../workers/core/credits/reverse-credits';
import { freshDeps } from '../../support/deps';
import { faultyD1, firstWrites } from '../../support/faulty-d1';
import { aHold, givenHold, ledgerOf } from '../../support/given';
import { entriesOf, givenGrant, givenPack, leftOf, sumsOf } from './given-grants';

/** A pack of 100 credits, of which `spent` were spent, and a dispute about `amount` of them. */
async function givenDispute({ amount = 100, spent = 0 }: { amount?: number; spent?: number } = {}) {
	const pack = await givenPack();
	const { deps, accountId, purchaseId } = pack;
	if (spent > 0) await captureCredits(deps, await givenHold(deps, accountId, spent));
	const disputed = { disputeId: `dp_${crypto.randomUUID()}`, purchaseId, amount };
	const verbs = {
		freeze: () => freezeCredits(deps, disputed),
		thaw: () => thawCredits(deps, disputed),
		lose: () => loseCredits(deps, disputed),
		win: () => reinstateCredits(deps, { causeId: disputed.disputeId }),
	};
	return { ...pack, disputed, verbs };
}

type Verb = keyof Awaited<ReturnType<typeof givenDispute>>['verbs'];

test('a freeze sets what is left of the disputed credits aside, so that they cannot be spent', async () => {
	const { deps, accountId, bucketId, disputed, verbs } = await givenDispute({ amount: 60, spent: 70 });

	await verbs.freeze();

	expect(await leftOf(deps, accountId)).toEqual({ [bucketId]: [30, 30] });
	expect((await ledgerOf(deps, accountId)).entries.at(-1)).toMatchObject({
		id: `freeze:${disputed.disputeId}`,
		amount: 60,
		posted: 0,
		held: 30,
		balance: 0,
		causeId: disputed.disputeId,
	});
	const before = await ledgerOf(deps, accountId);
	await expect(holdCredits(deps, aHold(accountId, 1))).rejects.toMatchObject({
		code: 'insufficient_credits',
		details: { available: 0, required: 1 },
	});
	expect(await ledgerOf(deps, accountId)).toEqual(before);
});

test('a freeze leaves what renders hold, and other credits', async () => {
	const { deps, accountId, bucketId, verbs } = await givenDispute();
	await givenHold(deps, accountId, 25);
	const other = await givenGrant(deps, accountId, 10);
	await verbs.freeze();
	expect(await leftOf(deps, accountId)).toEqual({ [bucketId]: [100, 100], [other]: [10, 0] });
	await givenHold(deps, accountId, 10);
});

test('a dispute that is won gives back what was set aside', async () => {
	const { deps, accountId, verbs } = await givenDispute({ spent: 30 });
	await verbs.freeze();
	await verbs.thaw();
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 70, held: 0, owed: 0 });
	await givenHold(deps, accountId, 70);
});

test('a dispute that is lost takes what was set aside first, then other credits, and the rest is owed', async () => {
	const { deps, accountId, bucketId, disputed, verbs } = await givenDispute({ spent: 60 });
	const other = await givenGrant(deps, accountId, 15);
	await verbs.freeze();
	await verbs.lose();
	expect(await leftOf(deps, accountId)).toEqual({ [bucketId]: [0, 0], [other]: [0, 0] });
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 0, held: 0, owed: 45 });
	expect((await ledgerOf(deps, accountId)).entries.at(-1)).toMatchObject({
		id: `loss:${disputed.disputeId}`,
		amount: 100,
		posted: -55,
		held: -40,
		owed: 45,
		resolvesId: `freeze:${disputed.disputeId}`,
	});
});

/** What an order of answers comes to, of 100 credits of which 30 were spent: the first end stands, whatever comes late. */
const ORDERS: [order: Verb[], entries: string[], left: { posted: number; held: number; owed: number }][] = [
	[['freeze'], ['freeze 100'], { posted: 70, held: 70, owed: 0 }],
	[['freeze', 'freeze'], ['freeze 100'], { posted: 70, held: 70, owed: 0 }],
	[['thaw'], ['thaw 100'], { posted: 70, held: 0, owed: 0 }],
	[['thaw', 'freeze'], ['thaw 100'], { posted: 70, held: 0, owed: 0 }],
	[['thaw', 'lose'], ['thaw 100'], { posted: 70, held: 0, owed: 0 }],
	[['freeze', 'thaw', 'thaw'], ['freeze 100', 'thaw 100'], { posted: 70, held: 0, owed: 0 }],
	[['freeze', 'thaw', 'freeze'], ['freeze 100', 'thaw 100'], { posted: 70, held: 0, owed: 0 }],
	[['freeze', 'thaw', 'lose', 'freeze'], ['freeze 100', 'thaw 100'], { posted: 70, held: 0, owed: 0 }],
	[['lose'], ['loss 100'], { posted: 0, held: 0, owed: 30 }],
	[['lose', 'lose'], ['loss 100'], { posted: 0, held: 0, owed: 30 }],
	[['lose', 'freeze'], ['loss 100'], { posted: 0, held: 0, owed: 30 }],
	[['lose', 'thaw'], ['loss 100'], { posted: 0, held: 0, owed: 30 }],
	[['freeze', 'lose', 'thaw'], ['freeze 100', 'loss 100'], { posted: 0, held: 0, owed: 30 }],
	[['freeze', 'lose', 'freeze', 'lose'], ['freeze 100', 'loss 100'], { posted: 0, held: 0, owed: 30 }],
	[['lose', 'win'], ['loss 100', 'reinstatement 100'], { posted: 70, held: 0, owed: 0 }],
	[['freeze', 'lose', 'win'], ['freeze 100', 'loss 100', 'reinstatement 100'], { posted: 70, held: 0, owed: 0 }],
	[['lose', 'win', 'lose'], ['loss 100', 'reinstatement 100'], { posted: 70, held: 0, owed: 0 }],
	[['lose', 'win', 'freeze', 'thaw', 'win'], ['loss 100', 'reinstatement 100'], { posted: 70, held: 0, owed: 0 }],
	[['win'], [], { posted: 70, held: 0, owed: 0 }],
	[['freeze', 'win'], ['freeze 100'], { posted: 70, held: 70, owed: 0 }],
];

test.each(ORDERS.map(([order, ...rest]) => [order.join(', '), order, ...rest] as const))(
	'of %s the first end stands',
	async (_told, order, entries, left) => {
		const { deps, accountId, verbs } = await givenDispute({ spent: 30 });
		for (const verb of order) await verbs[verb]();
		expect(await entriesOf(deps, accountId, 4)).toEqual(entries);
		expect(await sumsOf(deps, accountId)).toEqual(left);
	},
);

test('of two ends that race one stands, whole', async () => {
	const { deps, accountId, verbs } = await givenDispute({ spent: 30 });
	await verbs.freeze();
	await Promise.all([verbs.thaw(), verbs.lose(), verbs.thaw(), verbs.lose(), verbs.freeze()]);
	const [freeze, end, ...more] = await entriesOf(deps, accountId, 4);
	expect([freeze, more]).toEqual(['freeze 100', []]);
	const left = { posted: 70, held: 0, owed: 0 };
	expect(await sumsOf(deps, accountId)).toEqual(end === 'thaw 100' ? left : { posted: 0, held: 0, owed: 30 });
});

test('a lost dispute takes no credits a second time that a refund took; when that is all, what was set aside comes back', async () => {
	const { deps, accountId, purchaseId, verbs } = await givenDispute({ spent: 10 });
	await verbs.freeze();
	const other = await givenGrant(deps, accountId, 300);
	await reverseCredits(deps, { refundId: `re_${purchaseId}`, purchaseId, targetCredits: 100 });
	expect((await leftOf(deps, accountId))[other]).toEqual([200, 0]);

	await verbs.lose();

	expect(await entriesOf(deps, accountId, 6)).toEqual(['reversal 100', 'thaw 100']);
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 290, held: 0, owed: 0 });
});

test('after a refund of a part a lost dispute takes the other part', async () => {
	const { deps, accountId, purchaseId, verbs } = await givenDispute();
	await reverseCredits(deps, { refundId: `re_${purchaseId}`, purchaseId, targetCredits: 40 });
	await verbs.freeze();
	await verbs.lose();
	expect(await entriesOf(deps, accountId, 2)).toEqual(['reversal 40', 'freeze 100', 'loss 60']);
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 0, held: 0, owed: 0 });
});

test('a dispute about a part of the payment takes that part, and gives back what was set aside beyond what is not gone', async () => {
	const { deps, accountId, purchaseId, verbs } = await givenDispute({ amount: 50 });
	await verbs.freeze();
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 100, held: 50, owed: 0 });
	await reverseCredits(deps, { refundId: `re_${purchaseId}`, purchaseId, targetCredits: 70 });
	await verbs.lose();
	expect(await entriesOf(deps, accountId, 2)).toEqual(['freeze 50', 'reversal 70', 'loss 30']);
	// The refund found 50 free and 20 owed; of the 50 set aside 30 were lost, and 20 are there to pay that.
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 20, held: 0, owed: 20 });
});

test('what a dispute holds outlives the end of its bucket, and ends when it comes back', async () => {
	const { deps, accountId, bucketId, verbs } = await givenDispute({ amount: 60 });
	await verbs.freeze();
	deps.clock.advance({ hours: 365 * 24 });
	const expire = () => expireCredits(deps, { dueMs: deps.now().getTime(), limit: 1000 });
	await expire();
	expect(await leftOf(deps, accountId)).toEqual({ [bucketId]: [60, 60] });
	await verbs.thaw();
	await expire();
	expect(await entriesOf(deps, accountId, 2)).toEqual(['freeze 60', 'expiry 40', 'thaw 60', 'expiry 60']);
});

test('two disputes about one purchase take it once between them', async () => {
	const { deps, accountId, purchaseId, disputed, verbs } = await givenDispute();
	const other = { ...disputed, disputeId: `dp_${crypto.randomUUID()}` };
	await givenGrant(deps, accountId, 500);
	await verbs.freeze();
	await freezeCredits(deps, other);
	await loseCredits(deps, other);
	await verbs.lose();
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 500, held: 0, owed: 0 });
	expect(purchaseId).toBe(other.purchaseId);
});

test.each(['freeze', 'thaw', 'lose'] as const)(
	'a dispute about a purchase that granted nothing is not found: %s',
	async (verb) => {
		const verbs = { freeze: freezeCredits, thaw: thawCredits, lose: loseCredits };
		const disputing = verbs[verb](freshDeps(), { disputeId: 'dp_1', purchaseId: 'pi_unknown', amount: 1 });
		await expect(disputing).rejects.toMatchObject({ code: 'not_found' });
	},
);

test.each([
	['freeze', 'before'],
	['freeze', 'after'],
	['thaw', 'before'],
	['thaw', 'after'],
	['lose', 'before'],
	['lose', 'after'],
	['win', 'before'],
	['win', 'after'],
] as const)('%s survives a connection lost %s the commit, done once', async (verb, fault) => {
	const { deps, accountId, disputed, verbs } = await givenDispute({ spent: 30 });
	if (verb !== 'freeze') await verbs.freeze();
	if (verb === 'win') await verbs.lose();
	const before = await entriesOf(deps, accountId);
	const { db, happened } = faultyD1(deps.d1, firstWrites(fault));
	const faulty = freshDeps({ d1: db });
	const act = {
		freeze: () => freezeCredits(faulty, disputed),
		thaw: () => thawCredits(faulty, disputed),
		lose: () => loseCredits(faulty, disputed),
		win: () => reinstateCredits(faulty, { causeId: disputed.disputeId }),
	};

	await act[verb]();

	expect(happened[fault]).toBe(1);
	const kind = { freeze: 'freeze', thaw: 'thaw', lose: 'loss', win: 'reinstatement' }[verb];
	expect(await entriesOf(deps, accountId)).toEqual([...before, `${kind} 100`]);
});
