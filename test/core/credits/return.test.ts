import { expect, test } from 'vitest';

import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { releaseCredits } from '../../../workers/core/credits/release-credits';
import { returnCredits } from '../../../workers/core/credits/return-credits';
import { freshDeps } from '../../support/deps';
import { faultyD1, firstWrites } from '../../support/faulty-d1';
import { givenHold, ledgerOf } from '../../support/given';
import { entriesOf, givenEmptyAccount, givenGrant, leftOf, sumsOf } from './given-grants';

/** A render of 24 that was charged to two buckets. */
async function givenCharged() {
	const { deps, accountId } = await givenEmptyAccount();
	const soon = await givenGrant(deps, accountId, 20, { endsInDays: 1 });
	const late = await givenGrant(deps, accountId, 20, { endsInDays: 2 });
	const hold = await givenHold(deps, accountId, 24);
	await captureCredits(deps, hold);
	return { deps, accountId, soon, late, hold };
}

test('the credits of a charged render come back to the buckets they came from', async () => {
	const { deps, accountId, soon, late, hold } = await givenCharged();

	expect(await returnCredits(deps, { renderId: hold.renderId })).toEqual({ accountId, credits: 24 });

	expect(await leftOf(deps, accountId)).toEqual({ [soon]: [20, 0], [late]: [20, 0] });
	expect((await ledgerOf(deps, accountId)).entries.at(-1)).toMatchObject({
		id: `return:${hold.renderId}`,
		amount: 24,
		posted: 24,
		balance: 40,
		resolvesId: `capture:${hold.renderId}`,
	});
});

test('they come back once, at once and once more', async () => {
	const { deps, accountId, hold } = await givenCharged();
	await Promise.all([1, 2, 3].map(() => returnCredits(deps, hold)));
	expect(await returnCredits(deps, hold)).toEqual({ accountId, credits: 24 });
	expect(await entriesOf(deps, accountId, 4)).toEqual(['capture 24', 'return 24']);
});

test('of a render that was not charged nothing comes back', async () => {
	const { deps, accountId } = await givenCharged();
	const open = await givenHold(deps, accountId, 5);
	const released = await givenHold(deps, accountId, 5);
	await releaseCredits(deps, released);
	const before = await ledgerOf(deps, accountId);
	for (const { renderId } of [open, released, { renderId: 'rnd_unknown' }]) {
		await expect(returnCredits(deps, { renderId })).rejects.toMatchObject({ code: 'not_found' });
	}
	expect(await ledgerOf(deps, accountId)).toEqual(before);
});

test.each(['before', 'after'] as const)(
	'a connection lost %s the commit is survived, given back once',
	async (fault) => {
		const { deps, accountId, hold } = await givenCharged();
		const { db, happened } = faultyD1(deps.d1, firstWrites(fault));
		await returnCredits(freshDeps({ d1: db }), hold);
		expect(happened[fault]).toBe(1);
		expect(await sumsOf(deps, accountId)).toEqual({ posted: 40, held: 0, owed: 0 });
	},
);
