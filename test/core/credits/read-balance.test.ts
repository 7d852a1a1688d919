import { expect, test } from 'vitest';

import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { grantCredits } from '../../../workers/core/credits/grant-credits';
import { readBalance } from '../../../workers/core/credits/read-balance';
import { toCredits } from '../../../workers/core/money';
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
		owed: 0,
		buckets: [
			{
				id: `grant:welcome:${accountId}`,
				source: 'promo',
				title: 'Credits to start with',
				remaining: 36,
				held: 10,
				expiresAt: null,
				endsSoon: false,
				createdAt: '2026-11-21T12:00:00.000Z',
			},
		],
	});
});

test('a spent source is not a bucket', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 24 });
	await captureCredits(deps, await givenHold(deps, accountId, 24));
	expect(await readBalance(deps, { accountId })).toEqual({ available: 0, held: 0, owed: 0, buckets: [] });
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

test('credits that end within two weeks and can still be spent end soon', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 0 });
	const inDays = (days: number) => deps.now().getTime() + days * 86_400_000;
	for (const [name, days] of [
		['sooner', 2],
		['at', 14],
		['later', 15],
	] as const) {
		const grant = { entryId: `grant:${name}:${accountId}`, accountId, amount: toCredits(10), source: 'pack' as const };
		await grantCredits(deps, { ...grant, expiresAtMs: inDays(days) });
	}
	const soon = async () =>
		(await readBalance(deps, { accountId })).buckets.map(({ id, endsSoon }) => [id.split(':')[1], endsSoon]);
	expect(await soon()).toEqual([
		['sooner', true],
		['at', true],
		['later', false],
	]);
	await givenHold(deps, accountId, 10);
	expect(await soon()).toEqual([
		['sooner', false],
		['at', true],
		['later', false],
	]);
	deps.clock.advance({ hours: 48 });
	expect(await readBalance(deps, { accountId })).toMatchObject({ available: 20, held: 10 });
});
