import { eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { users } from '../../../schema/users';
import { inOneBatch } from '../../../workers/core/credits/post-entry';
import {
	captureStatements,
	grantStatements,
	holdStatements,
	openCreditAccountStatements,
	refusalOfLedger,
	releaseStatements,
	welcomeEntryId,
} from '../../../workers/core/credits/statements';
import { toCredits } from '../../../workers/core/money';
import { countD1 } from '../../support/counting-d1';
import { freshDeps, START } from '../../support/deps';
import { aHold, balanceOf, givenAccount, givenHold, ledgerOf } from '../../support/given';

const nowMs = START.getTime();

/** The refusal a batch ends with. */
async function refusalOf(batch: Promise<unknown>) {
	const cause: unknown = await batch.then(
		() => null,
		(error: unknown) => error,
	);
	return refusalOfLedger(cause);
}

function anotherNounsRow(db: ReturnType<typeof freshDeps>['db'], id: string) {
	const at = new Date(nowMs);
	return db.insert(users).values({ id, name: 'Ada', email: `${id}@practice.test`, createdAt: at, updatedAt: at });
}

test('an account opens with its welcome credits, posted as one entry and one bucket', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps, { credits: 60 });

	const { balance, buckets, entries, parts } = await ledgerOf(deps, accountId);
	const id = welcomeEntryId(accountId);
	expect(balance).toEqual([{ id: accountId, posted: 60, held: 0, owed: 0, seq: 1, sealedSeq: 0 }]);
	expect(buckets).toMatchObject([{ id, source: 'promo', granted: 60, remaining: 60, expiresAtMs: null }]);
	expect(entries).toMatchObject([{ id, seq: 1, kind: 'grant', amount: 60, balance: 60, createdAtMs: nowMs }]);
	expect(parts).toEqual([{ entryId: id, bucketId: id, posted: 60, held: 0 }]);
});

test.each([60, 61, 0])(
	'opening an account again with %i credits changes nothing, whatever was spent',
	async (credits) => {
		const deps = freshDeps();
		const { db } = deps;
		const { accountId } = await givenAccount(deps, { credits: 60 });
		const hold = await givenHold(deps, accountId, 20);
		await db.batch(inOneBatch(captureStatements(db, { ...hold, nowMs })));
		await givenHold(deps, accountId, 5);
		const before = await ledgerOf(deps, accountId);

		const again = { accountId, welcomeCredits: toCredits(credits), nowMs: nowMs + 1, isWelcome: sql`true` };
		await db.batch(inOneBatch(openCreditAccountStatements(db, again)));

		expect(await ledgerOf(deps, accountId)).toEqual(before);
	},
);

test('an account that opened without credits can be welcomed later, once', async () => {
	const deps = freshDeps();
	const { db } = deps;
	const { accountId } = await givenAccount(deps, { credits: 0 });
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 0, held: 0 });

	const welcome = inOneBatch(
		openCreditAccountStatements(db, { accountId, welcomeCredits: toCredits(9), nowMs, isWelcome: sql`true` }),
	);
	await db.batch(welcome);
	await db.batch(welcome);

	expect(await balanceOf(deps, accountId)).toEqual({ posted: 9, held: 0 });
});

test("a refused hold takes the other noun's row of its batch with it", async () => {
	const deps = freshDeps();
	const { db } = deps;
	const { accountId } = await givenAccount(deps, { credits: 10 });
	const before = await ledgerOf(deps, accountId);
	const id = crypto.randomUUID();

	const batch = db.batch([anotherNounsRow(db, id), ...holdStatements(db, { ...aHold(accountId, 11), nowMs })]);

	expect(await refusalOf(batch)).toMatchObject({ code: 'insufficient_credits' });
	expect(await db.select().from(users).where(eq(users.id, id))).toEqual([]);
	expect(await ledgerOf(deps, accountId)).toEqual(before);
});

test('a hold and the rows beside it are one batch', async () => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps);
	const { db: d1, count } = countD1(deps.d1);
	const db = drizzle(d1);

	await db.batch([anotherNounsRow(db, crypto.randomUUID()), ...holdStatements(db, { ...aHold(accountId, 24), nowMs })]);

	expect(count).toEqual({ batches: 1, statements: 5 });
});

test.each([
	['another amount', { amount: toCredits(23) }],
	['another render', { renderId: 'rnd_other' }],
	['another account', { accountId: 'acc_other' }],
	['an unknown id', { holdId: 'hold:rnd_unknown' }],
])('capturing with %s is a conflict that undoes the whole batch', async (_what, wrong) => {
	const deps = freshDeps();
	const { db } = deps;
	const { accountId } = await givenAccount(deps);
	const hold = await givenHold(deps, accountId, 24);
	const before = await ledgerOf(deps, accountId);
	const id = crypto.randomUUID();

	const batch = db.batch([anotherNounsRow(db, id), ...captureStatements(db, { ...hold, ...wrong, nowMs })]);

	expect(await refusalOf(batch)).toMatchObject({ code: 'conflict' });
	expect(await ledgerOf(deps, accountId)).toEqual(before);
	expect(await db.select().from(users).where(eq(users.id, id))).toEqual([]);
});

test.each([
	['another amount', { amount: toCredits(25) }],
	['another account', { accountId: 'acc_other' }],
	['an unknown id', { holdId: 'hold:rnd_unknown' }],
])('releasing with %s is a conflict that undoes the whole batch', async (_what, wrong) => {
	const deps = freshDeps();
	const { db } = deps;
	const { accountId } = await givenAccount(deps);
	const hold = await givenHold(deps, accountId, 24);
	const before = await ledgerOf(deps, accountId);

	const batch = db.batch(inOneBatch(releaseStatements(db, { ...hold, ...wrong, nowMs })));

	expect(await refusalOf(batch)).toMatchObject({ code: 'conflict' });
	expect(await ledgerOf(deps, accountId)).toEqual(before);
});

test('a second hold for the same render cannot charge it a second time', async () => {
	const deps = freshDeps();
	const { db } = deps;
	const { accountId } = await givenAccount(deps);
	const first = await givenHold(deps, accountId, 10);
	const second = { ...first, holdId: `${first.holdId}:again` };
	await db.batch(inOneBatch(holdStatements(db, { ...second, nowMs })));
	await db.batch(inOneBatch(captureStatements(db, { ...first, nowMs })));

	const batch = db.batch(inOneBatch(captureStatements(db, { ...second, nowMs })));

	expect(await refusalOf(batch)).toMatchObject({ code: 'conflict' });
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 50, held: 10 });
});

test('a grant under a used id is a conflict and posts nothing', async () => {
	const deps = freshDeps();
	const { db } = deps;
	const { accountId } = await givenAccount(deps);
	const grant = { entryId: `grant:${accountId}`, accountId, amount: toCredits(5), source: 'promo', nowMs } as const;
	await db.batch(inOneBatch(grantStatements(db, grant)));

	expect(await refusalOf(db.batch(inOneBatch(grantStatements(db, grant))))).toMatchObject({ code: 'conflict' });
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 65, held: 0 });
});

test('the refusal names the figures when they are known, and no figure when they are not', () => {
	const cause = new Error('D1_ERROR: CHECK constraint failed: hold_covered: SQLITE_CONSTRAINT');

	const known = refusalOfLedger(cause, { available: 18, required: 24 });
	expect(known).toMatchObject({ code: 'insufficient_credits', details: { available: 18, required: 24 }, cause });
	expect(known?.message).toBe('18 credits, and this costs 24. Add credits first.');
	expect(refusalOfLedger(cause)?.message).toBe('There are not enough credits for this. Add credits first.');
});

test.each([
	'D1_ERROR: CHECK constraint failed: held_not_negative: SQLITE_CONSTRAINT',
	'D1_ERROR: CHECK constraint failed: held_within_posted: SQLITE_CONSTRAINT',
	'D1_ERROR: UNIQUE constraint failed: users.email: SQLITE_CONSTRAINT',
	'D1_ERROR: FOREIGN KEY constraint failed: SQLITE_CONSTRAINT',
	'D1_ERROR: Network connection lost.',
])('"%s" is no refusal of the ledger', (message) => {
	expect(refusalOfLedger(new Error(message))).toBeNull();
});

test('an empty list is no batch', () => {
	expect(() => inOneBatch([])).toThrow(RangeError);
});
