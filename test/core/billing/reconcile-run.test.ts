import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { reconciliations } from '../../../schema/billing';
import {
	beginNightly,
	beginReconciliation,
	RECONCILED_DAYS,
	remindOfWaiting,
} from '../../../workers/core/billing/begin-reconciliation';
import { digestOfHeads } from '../../../workers/core/billing/close-run';
import { giveUpDays } from '../../../workers/core/billing/give-up-days';
import { readReconciliation } from '../../../workers/core/billing/read-reconciliation';
import { dayOf } from '../../../workers/core/billing/sync-result';
import { holdCredits } from '../../../workers/core/credits/hold-credits';
import { sealLedger } from '../../../workers/core/credits/seal-ledger';
import { aHold } from '../../support/given';
import { deliver } from '../../support/render-world';
import { DAY_MS, givenCustomer, givenPaidPack, moneyOf } from './billing-world';
import { worldOfOwnDay } from './own-day';

const lines: string[] = [];
beforeEach(() => {
	lines.length = 0;
	vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => vi.restoreAllMocks());

function logged(event: string): Record<string, unknown>[] {
	return lines.filter((line) => line.includes(`"event":"${event}"`)).map((line) => JSON.parse(line));
}

test('a run takes the thirty days before, begins once, and ends with an audit and one line of counts', async () => {
	const deps = await worldOfOwnDay(2060);
	const day = dayOf(deps.now().getTime());
	const customer = await givenCustomer(deps, { credits: 5 });
	const { sessionId } = await givenPaidPack(deps, customer);
	await sealLedger(deps, { limit: 10_000 });
	deps.clock.advance({ hours: 24 });
	const run = `test:${crypto.randomUUID()}`;

	expect(await beginReconciliation(deps, { run })).toEqual({ waiting: RECONCILED_DAYS });
	expect(await beginReconciliation(deps, { run })).toEqual({ waiting: RECONCILED_DAYS });
	expect(deps.sent).toHaveLength(2 * RECONCILED_DAYS);
	await deliver(deps);

	const read = await readReconciliation(deps, { run });
	expect(read).toMatchObject({ run, state: 'done' });
	expect(read.days.map((each) => each.day)).toEqual(
		Array.from({ length: RECONCILED_DAYS }, (_, index) =>
			dayOf(Date.parse(day) - (RECONCILED_DAYS - 1 - index) * DAY_MS),
		),
	);
	expect(read.findings.filter(({ objectId }) => objectId === sessionId)).toMatchObject([
		{ kind: 'ungranted', isRepaired: true },
	]);
	expect((await moneyOf(deps, customer.accountId)).balance).toMatchObject({ posted: 105 });
	expect(await beginReconciliation(deps, { run })).toEqual({ waiting: 0 });

	const reports = logged('reconciled').filter((line) => line['run'] === run);
	expect(reports).toHaveLength(1);
	expect(reports[0]).toMatchObject({
		days: RECONCILED_DAYS,
		violations: 0,
		heads: await digestOfHeads(deps, { beforeMs: Date.parse(day) + DAY_MS }),
	});
	for (const value of Object.values(reports[0]!)) expect(['number', 'string']).toContain(typeof value);
	expect(reports[0]!['heads']).toMatch(/^[0-9a-f]{64}$/);
});

test('the digest over the heads of a midnight stays what it was, and changes with what was sealed before it', async () => {
	const deps = await worldOfOwnDay(2060);
	const day = dayOf(deps.now().getTime());
	const customer = await givenCustomer(deps, { credits: 5 });
	await sealLedger(deps, { limit: 10_000 });
	const beforeMs = Date.parse(day) + DAY_MS;
	const before = await digestOfHeads(deps, { beforeMs });
	expect(before).toMatch(/^[0-9a-f]{64}$/);

	deps.clock.set(new Date(beforeMs));
	await holdCredits(deps, aHold(customer.accountId, 1));
	await sealLedger(deps, { limit: 10_000 });
	expect(await digestOfHeads(deps, { beforeMs })).toBe(before);
	expect(await digestOfHeads(deps, { beforeMs: beforeMs + 1 })).not.toBe(before);
});

function at(hours: number, minutes: number): number {
	return Date.UTC(2031, 2, 9, hours, minutes);
}

test('the night’s run begins at 03:17 UTC or later on its day, once', async () => {
	const deps = await worldOfOwnDay(2060);
	const run = '2031-03-09';
	const begun = async () => (await deps.db.select().from(reconciliations).where(eq(reconciliations.run, run))).length;

	deps.clock.set(new Date(at(3, 16)));
	await beginNightly(deps, { dueMs: at(3, 16) });
	expect(await begun()).toBe(0);

	deps.clock.set(new Date(at(11, 40)));
	await beginNightly(deps, { dueMs: at(11, 40) });
	await beginNightly(deps, { dueMs: at(11, 41) });
	expect(await begun()).toBe(RECONCILED_DAYS);
	expect(deps.sent).toHaveLength(RECONCILED_DAYS);

	deps.sent.length = 0;
	await remindOfWaiting(deps, { dueMs: at(11, 45), limit: 1_000 });
	expect(deps.sent.filter(({ message }) => message.type === 'reconcile.day' && message.run === run)).toEqual([]);
	deps.sent.length = 0;
	await remindOfWaiting(deps, { dueMs: at(11, 50), limit: 3 });
	expect(deps.sent).toHaveLength(3);
	deps.sent.length = 0;
	await remindOfWaiting(deps, { dueMs: at(11, 50), limit: 1_000 });
	const reminded = deps.sent.flatMap(({ message }) =>
		message.type === 'reconcile.day' && message.run === run ? [message.day] : [],
	);
	expect(reminded).toHaveLength(RECONCILED_DAYS);
	expect(reminded.slice(0, 2)).toEqual(['2031-02-07', '2031-02-08']);

	// 20 hours later they are given up, and the run is closed once without them.
	deps.sent.length = 0;
	const overdueMs = at(11, 40) + 20 * 3_600_000;
	deps.clock.set(new Date(overdueMs));
	await remindOfWaiting(deps, { dueMs: overdueMs, limit: 1_000 });
	const toClose = deps.sent.filter(({ message }) => 'run' in message && message.run === run);
	expect(toClose).toMatchObject([{ message: { type: 'reconcile.close', run } }]);
	await giveUpDays(deps, { run });
	await giveUpDays(deps, { run });
	expect(logged('reconciled').filter((line) => line['run'] === run)).toMatchObject([{ days: 0, violations: 0 }]);
	const given = await deps.db
		.select()
		.from(reconciliations)
		.where(and(eq(reconciliations.run, run), eq(reconciliations.state, 'failed')));
	expect(given).toHaveLength(RECONCILED_DAYS);
	expect(logged('reconcile_failed').filter((line) => line['run'] === run)).toHaveLength(RECONCILED_DAYS);
	expect(await readReconciliation(deps, { run })).toMatchObject({ state: 'failed' });
});

test('a run that nobody asked for is not found', async () => {
	const deps = await worldOfOwnDay(2060);
	await expect(readReconciliation(deps, { run: 'none' })).rejects.toMatchObject({ code: 'not_found' });
});
