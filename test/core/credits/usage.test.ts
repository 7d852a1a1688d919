import { drizzle } from 'drizzle-orm/d1';
import { expect, test } from 'vitest';

import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { readUsage } from '../../../workers/core/credits/read-usage';
import { releaseCredits } from '../../../workers/core/credits/release-credits';
import { returnCredits } from '../../../workers/core/credits/return-credits';
import { usageByMember } from '../../../workers/core/credits/usage-by-member';
import { freshDeps, START } from '../../support/deps';
import { givenAccount, givenMember } from '../../support/given';
import { interceptD1 } from '../../support/intercepted-d1';
import { givenCharged, givenOrdered, planOf } from './given-work';

async function given() {
	const deps = freshDeps();
	const owner = await givenAccount(deps, { credits: 1000 });
	return { deps, owner, accountId: owner.accountId };
}

/** Every statement that `act` sends, with what SQLite reads for it. */
async function plansOf(
	deps: ReturnType<typeof freshDeps>,
	act: (deps: ReturnType<typeof freshDeps>) => Promise<unknown>,
): Promise<string[]> {
	const sent: string[] = [];
	const seen = interceptD1(deps.d1, (call, run) => {
		sent.push(...call.sql);
		return run();
	});
	await act({ ...deps, db: drizzle(seen) });
	return Promise.all(sent.map((sql) => planOf(deps.d1, sql)));
}

test('each day of the time has a row, with what was charged and what is still held from it', async () => {
	const { deps, owner, accountId } = await given();
	await givenCharged(deps, owner, 24);
	await givenCharged(deps, owner, 20);
	deps.clock.advance({ hours: 24 });
	const released = await givenOrdered(deps, owner, 10);
	await releaseCredits(deps, released);
	await givenOrdered(deps, owner, 7);

	expect(await readUsage(deps, { accountId, days: 3 })).toEqual({
		days: [
			{ day: '2026-11-20', spent: 0, held: 0 },
			{ day: '2026-11-21', spent: 44, held: 0 },
			{ day: '2026-11-22', spent: 0, held: 7 },
		],
		spent: 44,
		works: 2,
	});
});

test('a charge counts on the day it was charged, at midnight in UTC', async () => {
	const { deps, owner, accountId } = await given();
	deps.clock.set(new Date('2026-11-21T23:59:59.999Z'));
	const late = await givenOrdered(deps, owner, 24);
	deps.clock.set(new Date('2026-11-22T00:00:00.000Z'));
	await captureCredits(deps, late);

	const { days } = await readUsage(deps, { accountId, days: 2 });
	expect(days).toEqual([
		{ day: '2026-11-21', spent: 0, held: 0 },
		{ day: '2026-11-22', spent: 24, held: 0 },
	]);
	expect((await readUsage(deps, { accountId, days: 1 })).days).toEqual([{ day: '2026-11-22', spent: 24, held: 0 }]);
});

test('what lies before the time is not counted', async () => {
	const { deps, owner, accountId } = await given();
	await givenCharged(deps, owner, 24);
	deps.clock.advance({ hours: 90 * 24 });
	const usage = await readUsage(deps, { accountId, days: 90 });
	expect(usage).toMatchObject({ spent: 0, works: 0 });
	expect(usage.days).toHaveLength(90);
	expect(usage.days.at(-1)?.day).toBe(deps.now().toISOString().slice(0, 10));
});

test('a charge that was given back counts on no day and for nobody', async () => {
	const { deps, owner, accountId } = await given();
	const charged = await givenCharged(deps, owner, 24);
	await returnCredits(deps, { renderId: charged.renderId });
	expect(await readUsage(deps, { accountId, days: 1 })).toMatchObject({ spent: 0, works: 0 });
	expect(await usageByMember(deps, { accountId, days: 1 })).toEqual([]);
});

test('members are listed with what they ordered, most credits first', async () => {
	const { deps, owner, accountId } = await given();
	const staff = await givenMember(deps, { accountId, role: 'staff' });
	await givenCharged(deps, owner, 24);
	await givenCharged(deps, staff, 20);
	await givenCharged(deps, staff, 20);
	await givenOrdered(deps, owner, 100);
	await givenCharged(deps, { accountId, userId: 'usr_gone' }, 1);

	expect(await usageByMember(deps, { accountId, days: 1 })).toEqual([
		{ userId: staff.userId, name: 'Ada', credits: 40, works: 2 },
		{ userId: owner.userId, name: 'Ada', credits: 24, works: 1 },
		{ userId: 'usr_gone', name: null, credits: 1, works: 1 },
	]);
});

test("another account's usage is nobody's here", async () => {
	const { deps, owner } = await given();
	await givenCharged(deps, owner, 24);
	const other = await givenAccount(deps);
	expect(await readUsage(deps, { accountId: other.accountId, days: 1 })).toMatchObject({ spent: 0, works: 0 });
	expect(await usageByMember(deps, { accountId: other.accountId, days: 1 })).toEqual([]);
});

test('either is one statement, and reads the entries of those days alone', async () => {
	const { deps, accountId } = await given();
	deps.clock.set(START);
	for (const act of [readUsage, usageByMember]) {
		const plans = await plansOf(deps, (seen) => act(seen, { accountId, days: 30 }));
		expect(plans).toHaveLength(1);
		expect(plans[0]).toContain('SEARCH e USING INDEX credit_entries_age (account_id=? AND created_at_ms>?)');
		expect(plans[0]).not.toMatch(/\bSCAN (?!CONSTANT)/);
	}
});
