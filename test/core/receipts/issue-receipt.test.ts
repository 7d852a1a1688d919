import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { users } from '../../../schema/users';
import { receipts } from '../../../schema/receipts';
import { newId } from '../../../workers/core/ids';
import { canonicalJson } from '../../../workers/core/receipts/canonical-json';
import { issueReceipt } from '../../../workers/core/receipts/issue-receipt';
import { GENESIS_HASH, type ReceiptFacts } from '../../../workers/core/receipts/receipt-facts';
import { publicKeySet } from '../../../workers/core/receipts/receipt-key';
import { verifyChain } from '../../../workers/core/receipts/verify-chain';
import { verifyReceipt } from '../../../workers/core/receipts/verify-receipt';
import { freshDeps, START, type TestDeps } from '../../support/deps';
import { CONNECTION_LOST, faultyD1, firstWrites, OBJECT_RESET } from '../../support/faulty-d1';
import { sourceDeleted } from '../../support/given-receipt';
import { testReceiptKey } from '../../support/receipt-key';

const receiptKey = await testReceiptKey();
const keys = publicKeySet(receiptKey);

function depsWithKey(d1?: D1Database) {
	return { ...freshDeps(d1 === undefined ? {} : { d1 }), receiptKey };
}

/** A row of another noun that has to be there if and only if the receipt is. */
function marker({ db }: TestDeps, id: string) {
	return db.insert(users).values({ id, name: 'Ada', email: `${id}@practice.test`, createdAt: START, updatedAt: START });
}

async function storedOf({ db }: TestDeps, receiptId: string, markerId: string) {
	const rows = await db.select().from(receipts).where(eq(receipts.id, receiptId));
	const markers = await db.select().from(users).where(eq(users.id, markerId));
	return { receipts: rows.length, markers: markers.length };
}

async function chainOf({ db }: TestDeps) {
	const { receipts: length, head, problems } = await verifyChain({ db }, { keys });
	expect(problems).toEqual([]);
	return { length, head };
}

test('a receipt is signed, stored with the rows beside it, and follows its predecessor', async () => {
	const deps = depsWithKey();
	const facts = sourceDeleted();
	const before = await chainOf(deps);
	const receiptId = newId('receipt');
	const id = crypto.randomUUID();

	const receipt = await issueReceipt(deps, { receiptId, accountId: 'acc_1', facts, alongside: [marker(deps, id)] });

	expect(receipt).toMatchObject({ seq: before.head.seq + 1, previousHash: before.head.hash, keyId: receiptKey.keyId });
	expect(receipt.body).toMatchObject({ ...facts, receiptId, issuedAt: '2026-11-21T12:00:00.000Z' });
	expect(await verifyReceipt(receipt, keys)).toEqual({ isValid: true, body: receipt.body });
	expect(await storedOf(deps, receiptId, id)).toEqual({ receipts: 1, markers: 1 });
	const [row] = await deps.db.select().from(receipts).where(eq(receipts.id, receiptId));
	expect(row).toMatchObject({ accountId: 'acc_1', body: canonicalJson(receipt.body), hash: receipt.hash });
});

test('the first receipt follows the genesis hash', async () => {
	const { db } = depsWithKey();
	const [first] = await db.select().from(receipts).where(eq(receipts.seq, 1));
	expect(first?.previousHash).toBe(GENESIS_HASH);
});

test('a receipt says nothing of whose it is', async () => {
	const deps = depsWithKey();
	const input = { receiptId: newId('receipt'), accountId: 'acc_secret', facts: sourceDeleted(), alongside: [] };
	expect(JSON.stringify(await issueReceipt(deps, input))).not.toContain('acc_secret');
});

test('repeating a receipt returns the stored one and commits nothing beside it', async () => {
	const deps = depsWithKey();
	const input = { receiptId: newId('receipt'), accountId: 'acc_1', facts: sourceDeleted() };
	const first = await issueReceipt(deps, { ...input, alongside: [] });
	const before = await chainOf(deps);
	const id = crypto.randomUUID();
	deps.clock.advance({ hours: 1 });

	const again = await issueReceipt(deps, { ...input, alongside: [marker(deps, id)] });

	expect(again).toEqual(first);
	expect(await chainOf(deps)).toEqual(before);
	expect(await storedOf(deps, input.receiptId, id)).toEqual({ receipts: 1, markers: 0 });
});

test("a receipt's id for another account or object is a conflict and changes nothing", async () => {
	const deps = depsWithKey();
	const input = { receiptId: newId('receipt'), accountId: 'acc_1', facts: sourceDeleted(), alongside: [] };
	await issueReceipt(deps, input);
	const before = await chainOf(deps);

	await expect(issueReceipt(deps, { ...input, accountId: 'acc_2' })).rejects.toMatchObject({ code: 'conflict' });
	await expect(issueReceipt(deps, { ...input, facts: sourceDeleted() })).rejects.toMatchObject({ code: 'conflict' });

	expect(await chainOf(deps)).toEqual(before);
});

test('racing receipts form one chain without a gap', async () => {
	const deps = depsWithKey();
	const before = await chainOf(deps);
	await Promise.all(
		Array.from({ length: 8 }, () =>
			issueReceipt(deps, { receiptId: newId('receipt'), accountId: 'acc_1', facts: sourceDeleted(), alongside: [] }),
		),
	);
	expect((await chainOf(deps)).length).toBe(before.length + 8);
});

test('one receipt that is issued twice at once is stored once', async () => {
	const deps = depsWithKey();
	const before = await chainOf(deps);
	const input = { receiptId: newId('receipt'), accountId: 'acc_1', facts: sourceDeleted(), alongside: [] };
	const [first, second] = await Promise.all([issueReceipt(deps, input), issueReceipt(deps, input)]);
	expect(second).toEqual(first);
	expect((await chainOf(deps)).length).toBe(before.length + 1);
});

test.each(['before', 'after'] as const)('a connection lost %s the commit is survived, issued once', async (fault) => {
	const plain = depsWithKey();
	const before = await chainOf(plain);
	const { db, happened } = faultyD1(plain.d1, firstWrites(fault), CONNECTION_LOST);
	const deps = depsWithKey(db);
	const receiptId = newId('receipt');
	const id = crypto.randomUUID();

	const facts = sourceDeleted();
	const receipt = await issueReceipt(deps, { receiptId, accountId: 'a', facts, alongside: [marker(deps, id)] });

	expect(happened[fault]).toBe(1);
	expect(await verifyReceipt(receipt, keys)).toMatchObject({ isValid: true });
	expect(await storedOf(plain, receiptId, id)).toEqual({ receipts: 1, markers: 1 });
	expect((await chainOf(plain)).length).toBe(before.length + 1);
});

test('an error that may not be retried is shown, and neither the receipt nor the rows beside it are there', async () => {
	const plain = depsWithKey();
	const deps = depsWithKey(faultyD1(plain.d1, firstWrites('before'), OBJECT_RESET).db);
	const receiptId = newId('receipt');
	const id = crypto.randomUUID();
	const facts = sourceDeleted();

	const issuing = issueReceipt(deps, { receiptId, accountId: 'a', facts, alongside: [marker(deps, id)] });

	await expect(issuing).rejects.toThrow(OBJECT_RESET);
	expect(await storedOf(plain, receiptId, id)).toEqual({ receipts: 0, markers: 0 });
});

test('a row beside it that is refused takes the receipt with it', async () => {
	const deps = depsWithKey();
	const before = await chainOf(deps);
	const id = crypto.randomUUID();
	await deps.db.batch([marker(deps, id)]);
	const input = { receiptId: newId('receipt'), accountId: 'a', facts: sourceDeleted() };

	await expect(issueReceipt(deps, { ...input, alongside: [marker(deps, id)] })).rejects.toThrow(
		'UNIQUE constraint failed: users',
	);

	expect(await chainOf(deps)).toEqual(before);
});

test('a chain that never yields a place is given up, to be tried again later', async () => {
	const plain = depsWithKey();
	const { db } = faultyD1(plain.d1, firstWrites('before', Infinity), CONNECTION_LOST);
	const input = { receiptId: newId('receipt'), accountId: 'a', facts: sourceDeleted(), alongside: [] };
	await expect(issueReceipt(depsWithKey(db), input)).rejects.toMatchObject({
		code: 'upstream_unavailable',
		isRetryable: true,
	});
});

test.each<[string, object]>([
	['a place that was not checked', { places: [] }],
	['a place that still holds something', { places: [{ name: 'fal.ai', state: 'pending', checkedAt: START }] }],
	['nothing deleted', { deleted: [] }],
	['an object that is not named by a random id', { objectId: 'Maria Lopez, 4 May' }],
	['a field of its own', { patient: 'Maria Lopez' }],
])('facts with %s are refused and leave no trace', async (_what, wrong) => {
	const deps = depsWithKey();
	const before = await chainOf(deps);
	const facts: ReceiptFacts = { ...sourceDeleted(), ...wrong };
	const issuing = issueReceipt(deps, { receiptId: newId('receipt'), accountId: 'a', facts, alongside: [] });
	await expect(issuing).rejects.toThrow(Error);
	expect(await chainOf(deps)).toEqual(before);
});
