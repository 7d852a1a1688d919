import { expect, test } from 'vitest';

import { newId } from '../../../workers/core/ids';
import { keepLog } from '../../../workers/core/log/keep-log';
import { readProof } from '../../../workers/core/log/read-proof';
import { listReceipts } from '../../../workers/core/receipts/list-receipts';
import { readReceipt } from '../../../workers/core/receipts/read-receipt';
import { freshDeps } from '../../support/deps';
import { givenReceipt } from '../../support/given-receipt';
import { testReceiptKey } from '../../support/receipt-key';

test('an account reads its own receipt as it was issued', async () => {
	const deps = freshDeps();
	const accountId = newId('account');
	const receipt = await givenReceipt(deps, accountId);
	const { receiptId } = receipt.body;
	expect(await readReceipt(deps, { receiptId, accountId })).toEqual({ receipt, proof: null });
	await keepLog({ ...deps, receiptKey: await testReceiptKey() });
	expect(await readReceipt(deps, { receiptId, accountId })).toEqual({
		receipt,
		proof: await readProof(deps, { receiptId }),
	});
});

test("another account's receipt reads as one that does not exist", async () => {
	const deps = freshDeps();
	const { body } = await givenReceipt(deps, newId('account'));
	expect(await readReceipt(deps, { receiptId: body.receiptId, accountId: newId('account') })).toBeNull();
	expect(await readReceipt(deps, { receiptId: newId('receipt'), accountId: newId('account') })).toBeNull();
});

test('receipts are listed newest first, in pages, without those of others', async () => {
	const deps = freshDeps();
	const accountId = newId('account');
	const first = await givenReceipt(deps, accountId);
	await givenReceipt(deps, newId('account'));
	const second = await givenReceipt(deps, accountId);
	const third = await givenReceipt(deps, accountId);

	const page = await listReceipts(deps, { accountId, limit: 2 });
	expect(page.items).toEqual([third, second]);
	const rest = await listReceipts(deps, { accountId, limit: 2, cursor: page.nextCursor ?? undefined });
	expect(rest).toEqual({ items: [first], nextCursor: null });
});

test.each(['', '-1', 'x', '1 or 1=1'])('the cursor "%s" is refused', async (cursor) => {
	const listing = listReceipts(freshDeps(), { accountId: 'acc_any', cursor, limit: 2 });
	await expect(listing).rejects.toMatchObject({ code: 'invalid_input' });
});
