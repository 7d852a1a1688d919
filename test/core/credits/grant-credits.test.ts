import { expect, test } from 'vitest';

import { grantCredits } from '../../../workers/core/credits/grant-credits';
import type { Grant } from '../../../workers/core/credits/statements';
import { toCredits } from '../../../workers/core/money';
import { freshDeps } from '../../support/deps';
import { faultyD1, firstWrites, OBJECT_RESET } from '../../support/faulty-d1';
import { balanceOf, givenAccount, ledgerOf } from '../../support/given';

function aGrant(accountId: string, credits = 12): Grant {
	return { entryId: `grant:${accountId}`, accountId, amount: toCredits(credits), source: 'promo' };
}

test('a grant is posted as one entry and one bucket at the time of the clock', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 0 });
	deps.clock.advance({ hours: 2 });

	await grantCredits(deps, aGrant(accountId));

	const id = `grant:${accountId}`;
	const createdAtMs = deps.now().getTime();
	expect(await ledgerOf(deps, accountId)).toEqual({
		balance: [{ id: accountId, posted: 12, held: 0, owed: 0, seq: 1, sealedSeq: 0 }],
		buckets: [
			{
				id,
				accountId,
				source: 'promo',
				granted: 12,
				remaining: 12,
				held: 0,
				expiresAtMs: null,
				purchaseId: null,
				createdAtMs,
				toldAtMs: null,
			},
		],
		entries: [
			{
				id,
				accountId,
				seq: 1,
				kind: 'grant',
				amount: 12,
				posted: 12,
				held: 0,
				owed: 0,
				balance: 12,
				renderId: null,
				purchaseId: null,
				causeId: null,
				resolvesId: null,
				createdAtMs,
			},
		],
		parts: [{ entryId: id, bucketId: id, posted: 12, held: 0 }],
	});
});

test('repeating a grant posts it once', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 0 });
	await Promise.all([1, 2, 3].map(() => grantCredits(deps, aGrant(accountId))));
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 12, held: 0 });
});

test("a grant's id with another amount, account, source, end or purchase is a conflict and posts nothing", async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 0 });
	const other = await givenAccount(deps, { credits: 0 });
	await grantCredits(deps, aGrant(accountId));

	await expect(grantCredits(deps, aGrant(accountId, 13))).rejects.toMatchObject({ code: 'conflict' });
	const elsewhere = { ...aGrant(accountId), accountId: other.accountId };
	await expect(grantCredits(deps, elsewhere)).rejects.toMatchObject({ code: 'conflict' });
	const wrongs: Partial<Grant>[] = [{ source: 'pack' }, { expiresAtMs: 1 }, { purchaseId: 'in_1' }];
	for (const wrong of wrongs) {
		const contradiction = grantCredits(deps, { ...aGrant(accountId), ...wrong });
		await expect(contradiction).rejects.toMatchObject({ code: 'conflict' });
	}

	expect(await balanceOf(deps, accountId)).toEqual({ posted: 12, held: 0 });
	expect(await balanceOf(deps, other.accountId)).toEqual({ posted: 0, held: 0 });
});

test('a grant of 0 credits is refused', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 0 });
	await expect(grantCredits(deps, aGrant(accountId, 0))).rejects.toMatchObject({ code: 'invalid_input' });
	expect(await ledgerOf(deps, accountId)).toMatchObject({ balance: [{ posted: 0, seq: 0 }], buckets: [], entries: [] });
});

test('a grant to an account that does not exist leaves no trace', async () => {
	const deps = freshDeps();
	await expect(grantCredits(deps, aGrant('acc_unknown'))).rejects.toMatchObject({ code: 'not_found' });
	expect(await ledgerOf(deps, 'acc_unknown')).toEqual({ balance: [], buckets: [], entries: [], parts: [] });
});

test.each(['before', 'after'] as const)('a connection lost %s the commit is survived, posted once', async (fault) => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 0 });
	const { db, happened } = faultyD1(deps.d1, firstWrites(fault));

	await grantCredits(freshDeps({ d1: db }), aGrant(accountId));

	expect(happened[fault]).toBe(1);
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 12, held: 0 });
});

test.each([
	['before', 0],
	['after', 12],
] as const)(
	'an error %s the commit that may not be retried is shown, and the next call completes it',
	async (fault, posted) => {
		const deps = freshDeps();
		const { accountId } = await givenAccount(deps, { credits: 0 });
		const faulty = freshDeps({ d1: faultyD1(deps.d1, firstWrites(fault), OBJECT_RESET).db });

		await expect(grantCredits(faulty, aGrant(accountId))).rejects.toThrow(OBJECT_RESET);
		expect(await balanceOf(deps, accountId)).toEqual({ posted, held: 0 });

		await grantCredits(faulty, aGrant(accountId));
		expect(await balanceOf(deps, accountId)).toEqual({ posted: 12, held: 0 });
	},
);
