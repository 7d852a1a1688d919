import { newId } from '../../workers/core/ids';
import { issueReceipt } from '../../workers/core/receipts/issue-receipt';
import type { ReceiptFacts } from '../../workers/core/receipts/receipt-facts';
import type { TestDeps } from './deps';
import { testReceiptKey } from './receipt-key';

/** What is said of a patient photo that was deleted on time. */
export function sourceDeleted(changes: Partial<ReceiptFacts> = {}): ReceiptFacts {
	return {
		kind: 'source_deleted',
		objectId: newId('upload'),
		deleted: [{ what: 'patient photo', count: 1 }],
		places: [
			{ name: 'Private store', state: 'deleted', checkedAt: '2026-11-22T12:00:01.000Z' },
			{ name: 'fal.ai', state: 'nothing_held', checkedAt: '2026-11-22T12:00:02.000Z' },
		],
		kept: [{ what: 'video', why: 'It is yours until you delete it', until: null }],
		reason: 'window_ended',
		dueAt: '2026-11-22T12:00:00.000Z',
		deletedAt: '2026-11-22T12:00:01.000Z',
		...changes,
	};
}

/** A stored receipt of an account, signed with the tests' key. */
export async function givenReceipt(deps: TestDeps, accountId: string, facts = sourceDeleted()) {
	const receiptKey = await testReceiptKey();
	return issueReceipt({ ...deps, receiptKey }, { receiptId: newId('receipt'), accountId, facts, alongside: [] });
}
