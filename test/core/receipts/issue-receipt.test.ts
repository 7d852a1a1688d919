import { expect, test } from 'vitest';

import { newId } from '../../../workers/core/ids';
import { issueReceipt } from '../../../workers/core/receipts/issue-receipt';
import { publicKeySet } from '../../../workers/core/receipts/receipt-key';
import { verifyChain } from '../../../workers/core/receipts/verify-chain';
import { freshDeps } from '../../support/deps';
import { testReceiptKey } from '../../support/receipt-key';

test('racing receipts form one chain', async () => {
	const receiptKey = await testReceiptKey();
	const deps = { ...freshDeps(), receiptKey };
	const at = deps.now().toISOString();
	await Promise.all(
		Array.from({ length: 5 }, () =>
			issueReceipt(deps, {
				receiptId: newId('receipt'),
				accountId: 'acc',
				alongside: [],
				facts: {
					kind: 'source_deleted',
					objectId: newId('upload'),
					deleted: [{ what: 'patient photo', count: 1 }],
					places: [{ name: 'Private store', state: 'deleted', checkedAt: at }],
					kept: [],
					reason: 'window_ended',
					dueAt: at,
					deletedAt: at,
				},
			}),
		),
	);
	expect(await verifyChain(deps, { keys: publicKeySet(receiptKey) })).toMatchObject({ receipts: 5, problems: [] });
});
