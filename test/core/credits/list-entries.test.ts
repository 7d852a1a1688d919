import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { STUDIOS } from '../../../studios/all';
import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { grantCredits } from '../../../workers/core/credits/grant-credits';
import { listEntries, type Entry } from '../../../workers/core/credits/list-entries';
import { readBalance } from '../../../workers/core/credits/read-balance';
import { releaseCredits } from '../../../workers/core/credits/release-credits';
import { toCredits } from '../../../workers/core/money';
import { freshDeps } from '../../support/deps';
import { givenAccount, givenHold } from '../../support/given';
import { interceptD1 } from '../../support/intercepted-d1';
import { planOf } from './given-work';

/** Welcome, a grant, a captured, a released and an open hold, a minute apart. */
async function givenHistory() {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });
	deps.clock.advance({ minutes: 1 });
	const entryId = `grant:gift:${accountId}`;
	await grantCredits(deps, { entryId, accountId, amount: toCredits(1), source: 'promo' });
	const captured = await givenHold(deps, accountId, 24);
	const released = await givenHold(deps, accountId, 20);
	deps.clock.advance({ minutes: 1 });
	await captureCredits(deps, captured);
	deps.clock.advance({ minutes: 1 });
	await releaseCredits(deps, released);
	deps.clock.advance({ minutes: 1 });
	const open = await givenHold(deps, accountId, 4);
	return { deps, accountId, entryId, captured, released, open };
}

test('entries are listed newest first, each with its sentence', async () => {
	const { deps, accountId, entryId, captured, released, open } = await givenHistory();

	const { items, nextCursor } = await listEntries(deps, { accountId, limit: 20 });

	expect(nextCursor).toBeNull();
	expect(items).toEqual([
		{
			id: open.holdId,
			kind: 'hold',
			amount: -4,
			balance: 33,
			from: ['Credits to start with'],
			renderId: open.renderId,
			purchaseId: null,
			createdAt: '2026-11-21T12:04:00.000Z',
			sentence: '4 credits set aside for a smile that is being made.',
		},
		{
			id: `release:${released.renderId}`,
			kind: 'release',
			amount: 0,
			balance: 37,
			from: ['Credits to start with'],
			renderId: released.renderId,
			purchaseId: null,
			createdAt: '2026-11-21T12:03:00.000Z',
			sentence: '20 credits came back. You were not charged for this smile.',
		},
		{
			id: `capture:${captured.renderId}`,
			kind: 'capture',
			amount: -24,
			balance: 17,
			from: ['Credits to start with'],
			renderId: captured.renderId,
			purchaseId: null,
			createdAt: '2026-11-21T12:02:00.000Z',
			sentence: '24 credits paid for a smile.',
		},
		{
			id: entryId,
			kind: 'grant',
			amount: 1,
			balance: 61,
			from: ['Credits added on 21 November'],
			renderId: null,
			purchaseId: null,
			createdAt: '2026-11-21T12:01:00.000Z',
			sentence: '1 credit added.',
		},
		{
			id: `grant:welcome:${accountId}`,
			kind: 'grant',
			amount: 60,
			balance: 60,
			from: ['Credits to start with'],
			renderId: null,
			purchaseId: null,
			createdAt: '2026-11-21T12:00:00.000Z',
			sentence: '60 credits to start with.',
		},
	]);
});

test('the amounts of all entries together are what can be spent', async () => {
	const { deps, accountId } = await givenHistory();
	const { items } = await listEntries(deps, { accountId, limit: 20 });
	const { available } = await readBalance(deps, { accountId });
	expect(items.reduce((sum, { amount }) => sum + amount, 0)).toBe(available);
});

test.each([1, 2, 3])('pages of %i hold every entry once, in the same order', async (limit) => {
	const { deps, accountId } = await givenHistory();
	const whole = await listEntries(deps, { accountId, limit: 20 });

	const paged: Entry[] = [];
	let cursor: string | undefined;
	do {
		const page = await listEntries(deps, { accountId, cursor, limit });
		expect(page.items.length).toBeLessThanOrEqual(limit);
		paged.push(...page.items);
		cursor = page.nextCursor ?? undefined;
	} while (cursor !== undefined);

	expect(paged).toEqual(whole.items);
});

test('entries of one millisecond are paged without loss', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });
	for (const credits of [1, 2, 3]) await givenHold(deps, accountId, credits);
	const first = await listEntries(deps, { accountId, limit: 2 });
	const second = await listEntries(deps, { accountId, cursor: first.nextCursor ?? undefined, limit: 2 });
	expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(4);
	expect(second.nextCursor).toBeNull();
});

test("the sentences speak of the studio's own work", async () => {
	const { deps, accountId } = await givenHistory();
	const { items } = await listEntries({ ...deps, studio: STUDIOS.image }, { accountId, limit: 1 });
	expect(items[0]?.sentence).toBe('4 credits set aside for a picture that is being made.');
});

test("another account's entries are not listed", async () => {
	const { deps } = await givenHistory();
	const { accountId } = await givenAccount(deps, { credits: 5 });
	const { items } = await listEntries(deps, { accountId, limit: 20 });
	expect(items.map(({ id }) => id)).toEqual([`grant:welcome:${accountId}`]);
});

test.each(['', 'x', '-1', "1' or 1=1", '1'.repeat(16)])('the cursor "%s" is refused', async (cursor) => {
	const listing = listEntries(freshDeps(), { accountId: 'acc_any', cursor, limit: 20 });
	await expect(listing).rejects.toMatchObject({ code: 'invalid_input' });
});

test('a page is one statement, which reads that page and the parts of its entries alone', async () => {
	const { deps, accountId } = await givenHistory();
	const sent: string[] = [];
	const seen = interceptD1(deps.d1, (call, run) => {
		sent.push(...call.sql);
		return run();
	});
	await listEntries({ ...deps, db: drizzle(seen) }, { accountId, cursor: '4', limit: 2 });
	expect(sent).toHaveLength(1);
	const plan = await planOf(deps.d1, sent[0]!);
	expect(plan).toContain('SEARCH credit_entries USING INDEX credit_entries_order (account_id=? AND seq<?)');
	expect(plan).toContain('SEARCH p USING COVERING INDEX sqlite_autoindex_credit_parts_1 (entry_id=?)');
	expect(plan).not.toMatch(/\bSCAN (?!b\b|CONSTANT)/);
});
