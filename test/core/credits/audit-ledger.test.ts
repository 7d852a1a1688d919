import { eq } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { expect, test } from 'vitest';

import { creditAccounts, creditEntries, creditHoldResolutions } from '../../../schema/credits';
import { auditLedger } from '../../../workers/core/credits/audit-ledger';
import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { freshDeps } from '../../support/deps';
import { balanceOf, givenAccount, givenHold } from '../../support/given';
import { expectLedgerIsSound } from '../../support/ledger-invariant';

const { db } = freshDeps();

/** Two accounts that have seen everything, sound. */
async function givenBusyLedger() {
	const deps = freshDeps();
	await givenAccount(deps);
	const { accountId } = await givenAccount(deps, { credits: 60 });
	const captured = await givenHold(deps, accountId, 24);
	await captureCredits(deps, captured);
	const open = await givenHold(deps, accountId, 10);
	return { accountId, captured, open };
}

/** What the audit says with damage done, and then undoes it, since storage is shared. */
async function auditWith(damage: BatchItem<'sqlite'>, repair: BatchItem<'sqlite'>): Promise<string[]> {
	await db.batch([damage]);
	try {
		await expect(expectLedgerIsSound(db)).rejects.toThrow('the ledger is not sound');
		return (await auditLedger({ db })).violations;
	} finally {
		await db.batch([repair]);
	}
}

function setBalance(accountId: string, balance: { posted?: number; held?: number }) {
	return db.update(creditAccounts).set(balance).where(eq(creditAccounts.id, accountId));
}

test('a sound ledger has no violations and counts its accounts', async () => {
	await givenBusyLedger();
	const { accounts, violations } = await auditLedger({ db });
	expect(violations).toEqual([]);
	expect(accounts).toBeGreaterThanOrEqual(2);
});

test('a balance that is not the sum of its entries is named with both figures', async () => {
	const { accountId } = await givenBusyLedger();
	const violations = await auditWith(setBalance(accountId, { posted: 37 }), setBalance(accountId, { posted: 36 }));
	expect(violations).toEqual([`${accountId}: posted 37 and entries 36, held 10 and open holds 10`]);
});

test('a held sum that is not the sum of the open holds is named', async () => {
	const { accountId } = await givenBusyLedger();
	const violations = await auditWith(setBalance(accountId, { held: 9 }), setBalance(accountId, { held: 10 }));
	expect(violations).toEqual([`${accountId}: posted 36 and entries 36, held 9 and open holds 10`]);
});

test('a captured hold without its entry is named', async () => {
	const { accountId, open } = await givenBusyLedger();
	const resolution = { holdId: open.holdId, kind: 'captured', createdAtMs: 0 } as const;
	const violations = await auditWith(
		db.insert(creditHoldResolutions).values(resolution),
		db.delete(creditHoldResolutions).where(eq(creditHoldResolutions.holdId, open.holdId)),
	);
	expect(violations).toEqual([
		`${accountId}: posted 36 and entries 36, held 10 and open holds 0`,
		`${open.holdId}: captured without an entry of the same account and amount`,
	]);
});

test('an entry that charges another amount than was held is named from both sides', async () => {
	const { captured } = await givenBusyLedger();
	const id = `capture:${captured.renderId}`;
	const change = (amount: number) => db.update(creditEntries).set({ amount }).where(eq(creditEntries.id, id));
	const violations = await auditWith(change(-23), change(-24));
	expect(violations.slice(1)).toEqual([
		`${captured.holdId}: captured without an entry of the same account and amount`,
		`${id}: charged without a captured hold of the same account and amount`,
	]);
});

test('a charge for a hold that was released is named', async () => {
	const { captured } = await givenBusyLedger();
	const change = (kind: 'captured' | 'released') =>
		db.update(creditHoldResolutions).set({ kind }).where(eq(creditHoldResolutions.holdId, captured.holdId));
	const violations = await auditWith(change('released'), change('captured'));
	expect(violations).toEqual([
		`capture:${captured.renderId}: charged without a captured hold of the same account and amount`,
	]);
});

test('the database itself refuses an overdrawn balance and a negative hold', async () => {
	const { accountId } = await givenBusyLedger();
	await expect(db.batch([setBalance(accountId, { held: 37 })])).rejects.toThrow('held_within_posted');
	await expect(db.batch([setBalance(accountId, { held: -1 })])).rejects.toThrow('held_not_negative');
	expect(await balanceOf({ db }, accountId)).toEqual({ posted: 36, held: 10 });
});
