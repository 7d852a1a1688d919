import { expect, test } from 'vitest';

import { reverseCredits } from '../../../workers/core/credits/reverse-credits';
import { expectLedgerIsSound } from '../../support/ledger-invariant';
import { givenPack, leftOf, sumsOf } from './given-grants';

test('refunds of one purchase that come at once take the highest target together, whoever is first', async () => {
	const { deps, accountId, purchaseId, bucketId } = await givenPack();
	const targets = [10, 80, 30, 60, 20, 70, 40, 50];

	const taken = await Promise.all(
		targets.map((targetCredits) =>
			reverseCredits(deps, { refundId: `re_${crypto.randomUUID()}`, purchaseId, targetCredits }),
		),
	);

	expect(taken.reduce((sum, credits) => sum + credits, 0)).toBe(80);
	expect(await leftOf(deps, accountId)).toEqual({ [bucketId]: [20, 0] });
	expect(await sumsOf(deps, accountId)).toEqual({ posted: 20, held: 0, owed: 0 });
	await expectLedgerIsSound(deps.db);
});

test('of a target that several refunds make up each takes no more than its own part', async () => {
	const { deps, accountId, purchaseId, bucketId } = await givenPack();
	const part = { purchaseId, targetCredits: 80, creditsMax: 30 };

	const first = await reverseCredits(deps, { refundId: `re_${crypto.randomUUID()}`, ...part });
	const second = await reverseCredits(deps, { refundId: `re_${crypto.randomUUID()}`, ...part });
	const third = await reverseCredits(deps, { refundId: `re_${crypto.randomUUID()}`, ...part });

	expect([first, second, third]).toEqual([30, 30, 20]);
	expect(await leftOf(deps, accountId)).toEqual({ [bucketId]: [20, 0] });
	await expectLedgerIsSound(deps.db);
});
