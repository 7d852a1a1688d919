import { eq, inArray } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { subjects } from '../../../schema/consents';
import { purgeStatutory } from '../../../workers/core/erasure/purge-statutory';
import { requestErasure } from '../../../workers/core/erasure/request-erasure';
import { sweep } from '../../../workers/core/retention/sweep';
import { auditLedger } from '../../../workers/core/credits/audit-ledger';
import { givenAccount, ledgerOf } from '../../support/given';
import { renderWorld, type RenderWorld } from '../../support/render-world';
import { takeConsoleErrors } from '../../support/unexpected-errors';
import { givenFinishedSmile, untilErased } from './erasure-world';

const EMPTY = { balance: [], buckets: [], entries: [], parts: [] };

function inYears(at: Date, years: number, days = 0): number {
	const later = new Date(at);
	later.setUTCFullYear(later.getUTCFullYear() + years);
	return later.getTime() + days * 86_400_000;
}

/** The whole walk, at once; a failure fails it. */
async function purgeAll(deps: RenderWorld, { dueMs }: { dueMs: number }): Promise<void> {
	let cursor: string | null = null;
	do {
		({ cursor } = await purgeStatutory(deps, { dueMs, cursor }, async (purge) => {
			await purge();
		}));
	} while (cursor !== null);
}

test('the ledger of an erased account leaves after ten years, not a day earlier, and of a living one never', async () => {
	const deps = await renderWorld();
	const { actor } = await givenFinishedSmile(deps);
	const living = await givenAccount(deps);
	const { accountId } = actor;
	const { erasureId } = await requestErasure(deps, { kind: 'account', targetId: accountId, accountId });
	const [{ erasedAtMs } = { erasedAtMs: null }] = await deps.db
		.select({ erasedAtMs: accounts.erasedAtMs })
		.from(accounts)
		.where(eq(accounts.id, accountId));
	await untilErased(deps, erasureId);
	const kept = await ledgerOf(deps, accountId);
	const ofLiving = await ledgerOf(deps, living.accountId);
	expect(kept.entries.length).toBeGreaterThan(1);

	const erasedAt = new Date(erasedAtMs!);
	await purgeAll(deps, { dueMs: inYears(erasedAt, 10, -1) });
	expect(await ledgerOf(deps, accountId)).toEqual(kept);

	await purgeAll(deps, { dueMs: inYears(erasedAt, 10) });
	expect(await ledgerOf(deps, accountId)).toEqual(EMPTY);
	expect(await deps.db.select().from(accounts).where(eq(accounts.id, accountId))).toEqual([]);

	await purgeAll(deps, { dueMs: inYears(erasedAt, 100) });
	expect(await ledgerOf(deps, living.accountId)).toEqual(ofLiving);
	expect((await auditLedger(deps)).violations).toEqual([]);
});

test('one account that cannot be purged is counted and holds up none of the others', async () => {
	const deps = await renderWorld();
	const ids: string[] = [];
	for (let count = 0; count < 4; count += 1) ids.push((await givenAccount(deps)).accountId);
	const [stuck = '', ...others] = ids.toSorted();
	for (const accountId of ids) {
		const { erasureId } = await requestErasure(deps, { kind: 'account', targetId: accountId, accountId });
		await untilErased(deps, erasureId);
	}
	// Something still names it, which nothing of an erased account should.
	await deps.db.insert(subjects).values({ id: 'sub_stuck', accountId: stuck, reference: 'v1.', createdAtMs: 0 });
	const dueMs = Date.UTC(deps.now().getUTCFullYear() + 11, 0, 1, 0, 52, 30);
	deps.clock.set(new Date(dueMs));

	const { failures } = await sweep(deps, { scheduledAtMs: deps.now().getTime() });

	expect(failures).toBe(1);
	expect(takeConsoleErrors().join('\n')).toContain(stuck);
	const left = await deps.db.select({ id: accounts.id }).from(accounts).where(inArray(accounts.id, ids));
	expect(left).toEqual([{ id: stuck }]);
	for (const id of others) expect(await ledgerOf(deps, id)).toEqual(EMPTY);

	await deps.db.delete(subjects).where(eq(subjects.id, 'sub_stuck'));
	deps.clock.advance({ hours: 24 });
	await sweep(deps, { scheduledAtMs: deps.now().getTime() });
	expect(await deps.db.select().from(accounts).where(inArray(accounts.id, ids))).toEqual([]);
});
