import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { purgeStatutory } from '../../../workers/core/erasure/purge-statutory';
import { requestErasure } from '../../../workers/core/erasure/request-erasure';
import { auditLedger } from '../../../workers/core/credits/audit-ledger';
import { givenAccount, ledgerOf } from '../../support/given';
import { renderWorld } from '../../support/render-world';
import { givenFinishedSmile, untilErased } from './erasure-world';

const EMPTY = { balance: [], buckets: [], entries: [], parts: [] };

function inYears(at: Date, years: number, days = 0): number {
	const later = new Date(at);
	later.setUTCFullYear(later.getUTCFullYear() + years);
	return later.getTime() + days * 86_400_000;
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
	await purgeStatutory(deps, { dueMs: inYears(erasedAt, 10, -1) });
	expect(await ledgerOf(deps, accountId)).toEqual(kept);

	await purgeStatutory(deps, { dueMs: inYears(erasedAt, 10) });
	expect(await ledgerOf(deps, accountId)).toEqual(EMPTY);
	expect(await deps.db.select().from(accounts).where(eq(accounts.id, accountId))).toEqual([]);

	await purgeStatutory(deps, { dueMs: inYears(erasedAt, 100) });
	expect(await ledgerOf(deps, living.accountId)).toEqual(ofLiving);
	expect((await auditLedger(deps)).violations).toEqual([]);
});
