import { expect, test } from 'vitest';

import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { readBalance } from '../../../workers/core/credits/read-balance';
import { countD1 } from '../../support/counting-d1';
import { freshDeps } from '../../support/deps';
import { givenAccount, givenHold } from '../../support/given';

test('a balance tells what can be spent, what is set aside, and what is left of each source', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });
	await captureCredits(deps, await givenHold(deps, accountId, 24));
	await givenHold(deps, accountId, 10);

	expect(await readBalance(deps, { accountId })).toEqual({
		available: 26,
		held: 10,
		buckets: [{ source: 'promo', remaining: 36, expiresAt: null }],
	});
});

test('a spent source is not a bucket', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 24 });
	await captureCredits(deps, await givenHold(deps, accountId, 24));
	expect(await readBalance(deps, { accountId })).toEqual({ available: 0, held: 0, buckets: [] });
});

test("another account's credits are not counted", async () => {
	const deps = freshDeps();
	await givenAccount(deps, { credits: 60 });
	const { accountId } = await givenAccount(deps, { credits: 7 });
	expect(await readBalance(deps, { accountId })).toMatchObject({ available: 7, held: 0 });
});

test('an account that was never opened has no balance', async () => {
	await expect(readBalance(freshDeps(), { accountId: 'acc_unknown' })).rejects.toMatchObject({ code: 'not_found' });
});

test('a balance is one batch', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps);
	const { db, count } = countD1(deps.d1);
	await readBalance(freshDeps({ d1: db }), { accountId });
	expect(count).toEqual({ batches: 1, statements: 2 });
});
