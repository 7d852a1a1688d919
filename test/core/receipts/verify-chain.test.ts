import { eq } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';

import { receipts } from '../../../schema/receipts';
import { GENESIS_HASH } from '../../../workers/core/receipts/receipt-facts';
import { importReceiptKey, publicKeySet } from '../../../workers/core/receipts/receipt-key';
import { verifyChain } from '../../../workers/core/receipts/verify-chain';
import { freshDeps } from '../../support/deps';
import { givenEmptyLog } from '../../support/given-empty-log';
import { givenReceipt } from '../../support/given-receipt';
import { testReceiptKey } from '../../support/receipt-key';

const deps = freshDeps();
const keys = publicKeySet(await testReceiptKey());

/* The chain is one for the whole database, so here each test starts with an empty one. */
beforeEach(() => givenEmptyLog(deps));

test('an empty chain is whole', async () => {
	expect(await verifyChain(deps, { keys })).toEqual({
		receipts: 0,
		head: { seq: 0, hash: GENESIS_HASH },
		problems: [],
	});
});

test('a chain of receipts is whole, and its head is the last one', async () => {
	await givenReceipt(deps, 'acc_1');
	const { seq, hash } = await givenReceipt(deps, 'acc_2');
	expect(await verifyChain(deps, { keys })).toEqual({ receipts: 2, head: { seq, hash }, problems: [] });
});

test('a receipt that was taken out is noticed', async () => {
	for (const accountId of ['acc_1', 'acc_2', 'acc_3']) await givenReceipt(deps, accountId);
	await deps.db.delete(receipts).where(eq(receipts.seq, 2));
	expect(await verifyChain(deps, { keys })).toMatchObject({
		problems: ['receipt 3: it follows 1, so receipts between are missing'],
	});
});

test.each([
	['its text', { body: '{}' }, 'its stored text is damaged'],
	['its hash', { hash: 'f'.repeat(64) }, 'its hash does not fit its text'],
	['its signature', { signature: 'A'.repeat(86) }, 'its signature does not fit its text'],
	['the form of its signature', { signature: 'AAAA' }, 'it is not in the form of a receipt'],
	['its predecessor', { previousHash: 'f'.repeat(64) }, 'it does not name its predecessor'],
	['its id', { id: 'rct_other' }, 'its id differs from the signed one'],
])('a change to %s is noticed', async (_what, change, problem) => {
	await givenReceipt(deps, 'acc_1');
	await givenReceipt(deps, 'acc_1');
	await deps.db.update(receipts).set(change).where(eq(receipts.seq, 2));
	expect(await verifyChain(deps, { keys })).toMatchObject({ receipts: 2, problems: [`receipt 2: ${problem}`] });
});

test('a receipt of a key that is not published is noticed', async () => {
	await givenReceipt(deps, 'acc_1');
	const other = publicKeySet(await importReceiptKey(btoa('another seed of 32 bytes length.')));
	expect((await verifyChain(deps, { keys: other })).problems).toHaveLength(1);
});
