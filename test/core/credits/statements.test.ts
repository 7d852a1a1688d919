import { expect, test } from 'vitest';

import { auditLedger } from '../../../workers/core/credits/audit-ledger';
import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { grantCredits } from '../../../workers/core/credits/grant-credits';
import { holdCredits } from '../../../workers/core/credits/hold-credits';
import { listEntries } from '../../../workers/core/credits/list-entries';
import { readBalance } from '../../../workers/core/credits/read-balance';
import { releaseCredits } from '../../../workers/core/credits/release-credits';
import { toCredits } from '../../../workers/core/money';
import { freshDeps } from '../../support/deps';
import { balanceOf, givenAccount } from '../../support/given';

test('an account opens with its welcome credits', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 60, held: 0 });
	const hold = { holdId: 'hold:' + accountId, renderId: 'rnd' + accountId, accountId, amount: toCredits(24) };
	await holdCredits(deps, hold);
	await holdCredits(deps, hold);
	await holdCredits(deps, { ...hold, holdId: hold.holdId + '2', renderId: hold.renderId + '2' });
	await expect(holdCredits(deps, { ...hold, holdId: '3' + hold.holdId })).rejects.toMatchObject({
		code: 'insufficient_credits',
	});
	await captureCredits(deps, hold);
	await captureCredits(deps, hold);
	await releaseCredits(deps, { ...hold, holdId: hold.holdId + '2' });
	await expect(releaseCredits(deps, hold)).rejects.toMatchObject({ code: 'conflict' });
	await grantCredits(deps, { entryId: accountId, accountId, amount: toCredits(5), source: 'promo' });
	expect(await readBalance(deps, { accountId })).toMatchObject({ available: 41, held: 0 });
	expect((await listEntries(deps, { accountId, limit: 10 })).items).toHaveLength(4);
	expect(await auditLedger(deps)).toEqual({ accounts: 1, violations: [] });
});
