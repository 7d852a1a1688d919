import { expect, test } from 'vitest';

import { sealLedger } from '../../../workers/core/credits/seal-ledger';
import { auditByOperator } from '../../../workers/core/operations/audit-by-operator';
import { readLedger } from '../../../workers/core/operations/read-ledger';
import { reconcileByOperator } from '../../../workers/core/operations/reconcile-by-operator';
import { freshDeps } from '../../support/deps';
import { givenAccount } from '../../support/given';
import { givenCharged } from '../credits/given-work';
import { recordOf, WHENCE } from './given-operator';

async function given() {
	const deps = freshDeps();
	const owner = await givenAccount(deps, { credits: 60 });
	await givenCharged(deps, owner, 24);
	while ((await sealLedger(deps, { limit: 100 })) > 0);
	return { deps, accountId: owner.accountId, order: { whence: WHENCE, accountId: owner.accountId, limit: 20 } };
}

test('a ledger is read with its balance, grants, entries and chain, and no name', async () => {
	const { deps, accountId, order } = await given();
	const ledger = await readLedger(deps, order);
	expect(ledger).toMatchObject({
		accountId,
		balance: { available: 36, held: 0, owed: 0, buckets: [{ title: 'Credits to start with', remaining: 36 }] },
		chain: { state: 'verified', entries: 3, sealed: 3, brokenAt: null },
		entries: {
			items: [
				{ kind: 'capture', amount: -24 },
				{ kind: 'grant', amount: 60 },
			],
			nextCursor: null,
		},
	});
	expect(JSON.stringify(ledger)).not.toMatch(/Practice|Ada|@/);
});

test('that it was read stands in the record, once an hour', async () => {
	const { deps, accountId, order } = await given();
	await readLedger(deps, order);
	await readLedger(deps, { ...order, limit: 1 });
	expect(await recordOf(deps, accountId)).toMatchObject([{ userId: 'operator', action: 'ledger.read', reason: null }]);
	deps.clock.advance({ hours: 1 });
	await readLedger(deps, order);
	expect(await recordOf(deps, accountId)).toHaveLength(2);
});

test('a changed entry breaks the chain at its number', async () => {
	const { deps, accountId, order } = await given();
	const change = 'update credit_entries set created_at_ms = created_at_ms + 1 where account_id = ? and seq = 2';
	await deps.d1.prepare(change).bind(accountId).run();
	expect((await readLedger(deps, order)).chain).toEqual({ state: 'broken', entries: 3, sealed: 3, brokenAt: 2 });
	const { violations } = await auditByOperator(deps, { whence: WHENCE });
	expect(violations).toContain(`${accountId}: the chain is broken (entry 2)`);
	await deps.d1.prepare(change.replace('+', '-')).bind(accountId).run();
	expect((await readLedger(deps, order)).chain.state).toBe('verified');
});

test('the ledger of nobody is not found and leaves no entry', async () => {
	const { deps, order } = await given();
	await expect(readLedger(deps, { ...order, accountId: 'acc_none' })).rejects.toMatchObject({ code: 'not_found' });
	expect(await recordOf(deps, 'acc_none')).toEqual([]);
});

test('a comparison is begun once under its key, and recorded once', async () => {
	const { deps } = await given();
	const key = crypto.randomUUID();
	const order = { whence: WHENCE, key, reason: 'After the outage' };
	expect(await reconcileByOperator(deps, order)).toEqual({ run: `operator:${key}`, waiting: 30 });
	expect(await reconcileByOperator(deps, order)).toEqual({ run: `operator:${key}`, waiting: 30 });
	const { results } = await deps.d1
		.prepare('select user_id, account_id, reason from audit_entries where target_id = ?')
		.bind(`operator:${key}`)
		.all();
	expect(results).toEqual([{ user_id: 'operator', account_id: null, reason: 'After the outage' }]);
	const days = await deps.d1
		.prepare('select count(*) as days from reconciliations where run = ?')
		.bind(`operator:${key}`)
		.first();
	expect(days).toEqual({ days: 30 });
});
