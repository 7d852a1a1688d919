import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { listAudit } from '../../../workers/core/audit/list-audit';
import { grantByOperator } from '../../../workers/core/operations/grant-by-operator';
import { returnByOperator } from '../../../workers/core/operations/return-by-operator';
import { freshDeps } from '../../support/deps';
import { CONNECTION_LOST, faultyD1, firstWrites, OBJECT_RESET } from '../../support/faulty-d1';
import { balanceOf, givenAccount, ledgerOf } from '../../support/given';
import { expectLedgerIsSound } from '../../support/ledger-invariant';
import { givenCharged, givenOrdered } from '../credits/given-work';
import { recordOf, WHENCE } from './given-operator';

async function given() {
	const deps = freshDeps();
	const owner = await givenAccount(deps, { credits: 60 });
	const { accountId } = owner;
	const key = `k-${crypto.randomUUID()}`;
	const grant = { whence: WHENCE, accountId, credits: 50, reason: 'A green video', key, expiresAtMs: null };
	return { deps, owner, accountId, grant };
}

test('a grant adds credits and stands in the record that the owner reads, as done by support', async () => {
	const { deps, owner, accountId, grant } = await given();
	const entryId = `grant:operator:${grant.key}`;
	expect(await grantByOperator(deps, grant)).toEqual({ entryId, isNew: true });
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 110, held: 0 });
	const { items } = await listAudit(deps, { actor: owner, whence: WHENCE, filter: {}, limit: 10 });
	expect(items.find(({ action }) => action === 'credits.granted')).toMatchObject({
		who: { id: 'operator', name: 'Support' },
		target: { id: entryId, name: null },
		facts: { credits: '50' },
		reason: 'A green video',
	});
	await expectLedgerIsSound(deps.db);
});

test('the same grant again changes nothing, with another reason or after its end too', async () => {
	const { deps, accountId, grant } = await given();
	const ending = { ...grant, expiresAtMs: deps.now().getTime() + 1000 };
	await grantByOperator(deps, ending);
	deps.clock.advance({ hours: 1 });
	const before = [await ledgerOf(deps, accountId), await recordOf(deps, accountId)];
	expect(await grantByOperator(deps, { ...ending, reason: 'Another' })).toMatchObject({ isNew: false });
	expect([await ledgerOf(deps, accountId), await recordOf(deps, accountId)]).toEqual(before);
});

test.each([{ credits: 51 }, { expiresAtMs: Date.UTC(2030, 0, 1) }])(
	'%j under the key of another grant is refused',
	async (changed) => {
		const { deps, accountId, grant } = await given();
		await grantByOperator(deps, grant);
		const before = [await ledgerOf(deps, accountId), await recordOf(deps, accountId)];
		await expect(grantByOperator(deps, { ...grant, ...changed })).rejects.toMatchObject({ code: 'conflict' });
		expect([await ledgerOf(deps, accountId), await recordOf(deps, accountId)]).toEqual(before);
	},
);

test('a grant that has ended already, or for nobody, leaves no trace', async () => {
	const { deps, accountId, grant } = await given();
	const before = await ledgerOf(deps, accountId);
	const ended = grantByOperator(deps, { ...grant, expiresAtMs: deps.now().getTime() });
	await expect(ended).rejects.toMatchObject({ code: 'invalid_input' });
	await expect(grantByOperator(deps, { ...grant, accountId: 'acc_none' })).rejects.toMatchObject({ code: 'not_found' });
	expect(await ledgerOf(deps, accountId)).toEqual(before);
	expect(await recordOf(deps, accountId)).toEqual([]);
	expect(await recordOf(deps, 'acc_none')).toEqual([]);
});

test('a connection that is lost leaves one grant with one entry, or neither', async () => {
	const { deps, accountId, grant } = await given();
	const reset = faultyD1(deps.d1, firstWrites('before'), OBJECT_RESET);
	await expect(grantByOperator({ ...deps, db: drizzle(reset.db) }, grant)).rejects.toThrow(/Failed query|to be reset/);
	expect(await recordOf(deps, accountId)).toEqual([]);
	expect(await balanceOf(deps, accountId)).toMatchObject({ posted: 60 });

	const lost = faultyD1(deps.d1, firstWrites('after'), CONNECTION_LOST);
	await grantByOperator({ ...deps, db: drizzle(lost.db) }, grant);
	expect(lost.happened.after).toBe(1);
	expect(await recordOf(deps, accountId)).toHaveLength(1);
	expect(await balanceOf(deps, accountId)).toMatchObject({ posted: 110 });
});

test('the credits of a charged render come back once, with one entry', async () => {
	const { deps, owner, accountId } = await given();
	const { renderId } = await givenCharged(deps, owner, 24);
	const order = { whence: WHENCE, renderId, reason: 'Somebody else’s teeth' };
	expect(await returnByOperator(deps, order)).toEqual({ accountId, credits: 24 });
	expect(await returnByOperator(deps, order)).toEqual({ accountId, credits: 24 });
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 60, held: 0 });
	expect(await recordOf(deps, accountId)).toMatchObject([
		{
			userId: 'operator',
			action: 'credits.returned',
			targetId: renderId,
			facts: { credits: '24' },
			reason: order.reason,
		},
	]);
	await expectLedgerIsSound(deps.db);
});

test.each(['before', 'after'] as const)(
	'a return that breaks off %s a write is finished by the next try',
	async (fault) => {
		const { deps, owner, accountId } = await given();
		const { renderId } = await givenCharged(deps, owner, 24);
		const order = { whence: WHENCE, renderId, reason: 'Why' };
		let writes = 0;
		const second = faultyD1(
			deps.d1,
			(call) => (/^\s*select/i.test(call.sql[0]!) || ++writes !== 2 ? null : fault),
			OBJECT_RESET,
		);
		await expect(returnByOperator({ ...deps, db: drizzle(second.db) }, order)).rejects.toThrow(
			/Failed query|to be reset/,
		);
		await returnByOperator(deps, order);
		expect(await balanceOf(deps, accountId)).toEqual({ posted: 60, held: 0 });
		expect(await recordOf(deps, accountId)).toHaveLength(1);
	},
);

test('what was not charged has nothing to return, and nothing says it had', async () => {
	const { deps, owner, accountId } = await given();
	const { renderId } = await givenOrdered(deps, owner, 24);
	for (const each of [renderId, 'rnd_none']) {
		const returning = returnByOperator(deps, { whence: WHENCE, renderId: each, reason: 'Why' });
		await expect(returning).rejects.toMatchObject({ code: 'not_found' });
	}
	expect(await recordOf(deps, accountId)).toEqual([]);
});
