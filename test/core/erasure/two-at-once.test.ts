import { env } from 'cloudflare:workers';
import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { subjects } from '../../../schema/consents';
import { erasures } from '../../../schema/erasures';
import { receipts } from '../../../schema/receipts';
import { certifyErasure } from '../../../workers/core/erasure/certify-erasure';
import { eraseRecords } from '../../../workers/core/erasure/erase-records';
import { requestErasure } from '../../../workers/core/erasure/request-erasure';
import { requireDataKey } from '../../../workers/core/vault/data-key';
import { isErased } from '../../../workers/core/vault/tombstone';
import type { VaultStore } from '../../../workers/core/vault/vault';
import { givenAccount } from '../../support/given';
import { renderWorld } from '../../support/render-world';
import { erasureOf, receiptBodyOf, untilErased } from './erasure-world';

const target = (accountId: string) => ({ kind: 'account', targetId: accountId, accountId }) as const;

test('of two that delete the patients of one account none leaves a key whose row is gone', async () => {
	const deps = await renderWorld();
	const { accountId } = await givenAccount(deps);
	const ids = Array.from({ length: 70 }, () => deps.newId('subject'));
	for (const id of ids) {
		await deps.db.insert(subjects).values({ id, accountId, reference: id, referenceHash: id, createdAtMs: 0 });
		await requireDataKey(deps, id);
	}
	const { erasureId } = await requestErasure(deps, target(accountId));
	const { erasure } = await erasureOf(deps, erasureId);

	// The other one has deleted the rows of the first keys by the time this one comes to its rows.
	const removed: string[] = [];
	const { store } = deps.vault;
	const behind: VaultStore = {
		...store,
		remove: async (names) => {
			await store.remove(names);
			removed.push(...names.map((name) => name.slice('keys/'.length)));
			if (removed.length === 50) {
				for (const id of removed) await deps.db.delete(subjects).where(eq(subjects.id, id));
			}
		},
	};
	await eraseRecords({ ...deps, vault: { ...deps.vault, store: behind } }, erasure!);

	const rows = await deps.db.select({ id: subjects.id }).from(subjects).where(eq(subjects.accountId, accountId));
	const { objects } = await env.VAULT.list({ prefix: 'keys/' });
	const keys = objects.map(({ key }) => key.slice('keys/'.length)).filter((id) => ids.includes(id));
	expect(keys.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
	await untilErased(deps, erasureId);
	expect((await env.VAULT.list({ prefix: 'keys/' })).objects.filter(({ key }) => ids.includes(key.slice(5)))).toEqual(
		[],
	);
});

test('what is not being verified any more when it is signed gets no receipt, and its own when it is', async () => {
	const deps = await renderWorld();
	const { accountId } = await givenAccount(deps);
	const { erasureId, receiptId } = await requestErasure(deps, target(accountId));
	for (const changed of [{ state: 'executing' }, { state: 'blocked', blockedLeg: 'legal_hold' }] as const) {
		await deps.db.update(erasures).set({ state: 'verifying', blockedLeg: null }).where(eq(erasures.id, erasureId));
		const { erasure } = await erasureOf(deps, erasureId);
		await deps.db.update(erasures).set(changed).where(eq(erasures.id, erasureId));

		expect(await certifyErasure(deps, { erasure: erasure!, legs: [] })).toBe(false);

		expect(await deps.db.select().from(receipts).where(eq(receipts.id, receiptId))).toEqual([]);
		expect((await erasureOf(deps, erasureId)).erasure).toMatchObject(changed);
	}
	await untilErased(deps, erasureId);
	expect((await erasureOf(deps, erasureId)).erasure).toMatchObject({ state: 'certified' });
	expect(await receiptBodyOf(deps, receiptId)).toMatchObject({ kind: 'account_erased', objectId: accountId });
});

test('a refused request that takes its tombstone back leaves that of another, which came meanwhile', async () => {
	const deps = await renderWorld();
	const { accountId } = await givenAccount(deps);
	const { store } = deps.vault;
	let other: Promise<unknown> | null = null;
	const slow = {
		...store,
		remove: async (names: readonly string[]) => {
			other ??= requestErasure(deps, target(accountId)).then(({ erasureId }) => untilErased(deps, erasureId));
			await other;
			await store.remove(names);
		},
	};
	const refused = requestErasure({ ...deps, vault: { ...deps.vault, store: slow } }, target(accountId), {
		holds: sql`false`,
	});
	await expect(refused).rejects.toThrow('NOT NULL constraint failed: erasures.target_id');
	expect(await isErased(deps, accountId)).toBe(true);
});
