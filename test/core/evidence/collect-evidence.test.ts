import { count, eq, getTableName } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';

import { accounts } from '../../../schema/accounts';
import { erasures, legalHolds } from '../../../schema/erasures';
import { evidencePoints } from '../../../schema/evidence';
import { mails } from '../../../schema/mail';
import { invitations } from '../../../schema/memberships';
import { DATA_MAP } from '../../../schema/data-map/data-map';
import { DATA_CLASSES } from '../../../studios/policy/policy';
import { collectEvidence, promiseOf } from '../../../workers/core/evidence/collect-evidence';
import { EXTRA_CLASSES, type EvidenceClass } from '../../../workers/core/evidence/evidence-class';
import { readEvidence } from '../../../workers/core/evidence/read-evidence';
import { PRUNE_RULES } from '../../../workers/core/retention/prune-rules';
import { AGED_TABLES } from '../../../workers/core/evidence/aged-tables';
import { newId } from '../../../workers/core/ids';
import { countD1 } from '../../support/counting-d1';
import { START } from '../../support/deps';
import { givenAccount } from '../../support/given';
import { givenEmptyLog } from '../../support/given-empty-log';
import { givenReadyUpload, renderWorld, type RenderWorld } from '../../support/render-world';
import { takeLogged } from './logged';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

let deps: RenderWorld;
beforeEach(async () => {
	deps = await renderWorld();
	await givenEmptyLog(deps);
	for (const table of ['evidence_points', 'erasures', 'legal_holds', 'mails', 'choices']) {
		await deps.d1.prepare(`delete from ${table}`).run();
	}
	await deps.d1.prepare("update uploads set state = 'rejected' where state <> 'deleted'").run();
});

async function collect(): Promise<Map<string, typeof evidencePoints.$inferSelect>> {
	const dueMs = deps.now().getTime();
	expect(await collectEvidence(deps, { dueMs })).toBe(true);
	const rows = await deps.db.select().from(evidencePoints).where(eq(evidencePoints.atMs, dueMs));
	return new Map(rows.map((row) => [row.dataClass, row]));
}

test('every class with a time is measured, but what only outside places hold', async () => {
	const points = await collect();
	const timed = DATA_CLASSES.filter((dataClass) =>
		['duration', 'statutory'].includes(deps.studio.policy.data[dataClass].retention.mode),
	);
	const outside: string[] = ['error_log', 'analytics'];
	const expected = [...timed.filter((dataClass) => !outside.includes(dataClass)), 'output', ...EXTRA_CLASSES];
	expect(new Set(points.keys())).toEqual(new Set(expected));
	for (const point of points.values()) expect(point.late).toBe(0);
});

test('every table that the sweep empties by age is measured, in the class whose promise it is', () => {
	const hanging = ['incident_notices', 'erasure_legs'];
	const swept = PRUNE_RULES.map(({ dataClass, table }) => `${dataClass}: ${getTableName(table)}`);
	const looked = new Set(AGED_TABLES.map(({ dataClass, table }) => `${dataClass}: ${getTableName(table)}`));
	expect(swept.filter((one) => !looked.has(one) && !hanging.some((name) => one.endsWith(name)))).toEqual([]);
});

test('every table that nobody’s erasure empties leaves by its age, under the class that the map gives it', () => {
	// Requests have a step of their own, for their keys; codes end by the world's clock; of each walk there is one row, written anew.
	const otherwise = ['rights_requests', 'verifications', 'walks'];
	const swept = new Set(PRUNE_RULES.map(({ dataClass, table }) => `${dataClass}: ${getTableName(table)}`));
	const timed = Object.entries(DATA_MAP).filter(
		([name, { dataClass, erase }]) =>
			erase !== 'delete' &&
			!otherwise.includes(name) &&
			deps.studio.policy.data[dataClass].retention.mode === 'duration',
	);
	expect(timed.length).toBeGreaterThan(12);
	expect(timed.map(([name, { dataClass }]) => `${dataClass}: ${name}`).filter((one) => !swept.has(one))).toEqual([]);
});

test('a photo is as old as its clock, due at its hour and late a quarter of an hour after', async () => {
	const actor = await givenAccount(deps);
	const photo = await givenReadyUpload(deps, actor);
	expect((await collect()).get('source')).toMatchObject({ held: 1, oldestAgeMs: 0, late: 0, promiseMs: DAY_MS });

	deps.clock.set(new Date(photo.deleteAtMs + 14 * MINUTE_MS));
	const due = await collect();
	expect(due.get('source')).toMatchObject({ held: 1, oldestAgeMs: DAY_MS + 14 * MINUTE_MS, late: 0 });
	expect(takeLogged('promise_near')).toEqual([{ event: 'promise_near', dataClass: 'source', oldestMinutes: 1454 }]);

	deps.clock.advance({ hours: 1 });
	expect((await collect()).get('source')).toMatchObject({ held: 1, late: 1 });
	expect(takeLogged('promise_broken')).toMatchObject([{ dataClass: 'source', late: 1 }]);
});

test('a photo whose deletion was asked for is no older than it is, and late when it is still here', async () => {
	const actor = await givenAccount(deps);
	const askedAtMs = START.getTime() + HOUR_MS;
	await givenReadyUpload(deps, actor, { state: 'deleting', deleteAtMs: askedAtMs, deleteClock: 'request' });
	deps.clock.advance({ minutes: 70 });
	expect((await collect()).get('source')).toMatchObject({ oldestAgeMs: 70 * MINUTE_MS, late: 0 });
	deps.clock.advance({ minutes: 60 });
	expect((await collect()).get('source')).toMatchObject({ oldestAgeMs: 130 * MINUTE_MS, late: 1 });
});

test('an upload that was never completed counts, since its bytes may be here', async () => {
	const actor = await givenAccount(deps);
	await givenReadyUpload(deps, actor, { state: 'awaiting', byteLength: null });
	deps.clock.advance({ minutes: 29 });
	expect((await collect()).get('source')).toMatchObject({ held: 1, oldestAgeMs: 29 * MINUTE_MS, late: 0 });
	deps.clock.advance({ minutes: 60 });
	expect((await collect()).get('source')).toMatchObject({ held: 1, late: 1 });
});

test('what a legal hold keeps is not late, and the hold itself is counted', async () => {
	const actor = await givenAccount(deps);
	const photo = await givenReadyUpload(deps, actor);
	const hold = { id: newId('legalHold'), targetKind: 'account' as const, targetId: actor.accountId };
	await deps.db.insert(legalHolds).values({ ...hold, matter: 'M-1', placedAtMs: START.getTime() });
	deps.clock.set(new Date(photo.deleteAtMs + DAY_MS));
	const points = await collect();
	expect(points.get('source')).toMatchObject({ held: 1, late: 0 });
	expect(points.get('hold')).toMatchObject({ held: 1, oldestAgeMs: 2 * DAY_MS, promiseMs: null });
});

test('mail is measured from when it was sent, and late an hour and a quarter after its month', async () => {
	const promiseMs = promiseOf(deps.studio.policy, 'mail') ?? 0;
	expect(promiseMs).toBe(30 * DAY_MS);
	const mail = { kind: 'x', state: 'sent' as const, createdAtMs: 1, uselessAtMs: 1, endedAtMs: START.getTime() };
	await deps.db.insert(mails).values({ id: newId('mail'), ...mail });
	deps.clock.advance({ hours: 30 * 24 + 1 });
	expect((await collect()).get('mail')).toMatchObject({ held: 1, oldestAgeMs: promiseMs + HOUR_MS, late: 0 });
	deps.clock.advance({ hours: 1 });
	expect((await collect()).get('mail')).toMatchObject({ held: 1, late: 1 });
});

test('what the law keeps of an erased account is measured, and late when its purge is stuck', async () => {
	const erased = { id: newId('account'), name: '', createdAtMs: 1, erasedAtMs: START.getTime() };
	await deps.db.insert(accounts).values(erased);
	await givenAccount(deps);
	const tenYears = new Date(START);
	tenYears.setUTCFullYear(START.getUTCFullYear() + 10);
	const billing = async (hoursLater: number) => {
		deps.clock.set(new Date(tenYears.getTime() + hoursLater * HOUR_MS));
		return (await collect()).get('billing');
	};
	expect(await billing(-1)).toMatchObject({ held: 1, late: 0, promiseMs: 3660 * DAY_MS });
	expect(await billing(25)).toMatchObject({ held: 1, late: 0 });
	expect(await billing(26)).toMatchObject({ held: 1, late: 1 });
	expect(takeLogged('promise_broken')).toContainEqual(expect.objectContaining({ dataClass: 'billing', late: 1 }));

	const hold = { id: newId('legalHold'), targetKind: 'account' as const, targetId: erased.id };
	await deps.db.insert(legalHolds).values({ ...hold, matter: 'M-2', placedAtMs: 0 });
	expect(await billing(27)).toMatchObject({ held: 1, late: 0 });
	await deps.db.delete(accounts).where(eq(accounts.id, erased.id));
	expect(await billing(28)).toMatchObject({ held: 0, late: 0, oldestAgeMs: null });
});

test('mail and invitations that a hold keeps are not late, and are once it is released', async () => {
	const { userId, accountId } = await givenAccount(deps);
	const mail = { kind: 'x', state: 'sent' as const, createdAtMs: 1, uselessAtMs: 1, endedAtMs: START.getTime() };
	await deps.db.insert(mails).values({ id: newId('mail'), userId, ...mail });
	const invited = { email: 'ada@elsewhere.test', role: 'staff' as const, createdAtMs: 1, expiresAtMs: START.getTime() };
	const id = newId('invitation');
	await deps.db.insert(invitations).values({ id, accountId, invitedBy: userId, tokenHash: id, ...invited });
	const hold = { id: newId('legalHold'), targetKind: 'person' as const, targetId: userId };
	await deps.db.insert(legalHolds).values({ ...hold, matter: 'M-3', placedAtMs: 0 });
	deps.clock.advance({ hours: 32 * 24 });
	const held = await collect();
	expect([held.get('mail')?.late, held.get('invitation')?.late]).toEqual([0, 0]);
	await deps.db.update(legalHolds).set({ releasedAtMs: deps.now().getTime() });
	deps.clock.advance({ hours: 1 });
	const free = await collect();
	expect([free.get('mail')?.late, free.get('invitation')?.late]).toEqual([1, 1]);
});

test('erasures tell how long they took: the longest, and 95 in 100, of the last 30 days', async () => {
	const nowMs = START.getTime();
	const took = Array.from({ length: 20 }, (_, index) => (index + 1) * HOUR_MS);
	const rows = [
		...took.map((ms) => ({ finishedAtMs: nowMs - HOUR_MS, requestedAtMs: nowMs - HOUR_MS - ms })),
		{ finishedAtMs: nowMs - 31 * DAY_MS, requestedAtMs: nowMs - 41 * DAY_MS },
	].map((times) => erasureOf({ ...times, state: 'certified' }));
	const open = [
		erasureOf({ state: 'executing', requestedAtMs: nowMs - 2 * HOUR_MS, finishedAtMs: null }),
		erasureOf({ state: 'requested', requestedAtMs: nowMs - 26 * HOUR_MS, finishedAtMs: null }),
	];
	for (const row of [...rows, ...open]) await deps.db.insert(erasures).values(row);

	const points = await collect();

	expect(points.get('erasure')).toMatchObject({ held: 2, oldestAgeMs: 26 * HOUR_MS, late: 1, promiseMs: DAY_MS });
	expect(points.get('erasure_done')).toMatchObject({ held: 20, oldestAgeMs: 20 * HOUR_MS, late: 0 });
	expect(points.get('erasure_p95')).toMatchObject({ held: 20, oldestAgeMs: 19 * HOUR_MS });
});

function erasureOf(of: Pick<typeof erasures.$inferInsert, 'state' | 'requestedAtMs' | 'finishedAtMs'>) {
	return {
		id: newId('erasure'),
		kind: 'person' as const,
		targetId: newId('user'),
		dueAtMs: of.requestedAtMs + DAY_MS,
		receiptId: newId('receipt'),
		...of,
	};
}

test('an hour is measured once, however often the sweep comes, and a missed one by whoever comes next', async () => {
	await collect();
	const { db: d1, count: asked } = countD1(deps.d1);
	const counting = await renderWorld({ d1 });
	const dueMs = START.getTime() + 59 * MINUTE_MS;
	expect(await collectEvidence(counting, { dueMs })).toBe(false);
	expect(asked).toEqual({ statements: 1, batches: 0 });
	expect(await collectEvidence(counting, { dueMs: dueMs + 3 * HOUR_MS })).toBe(true);
	expect(asked.statements).toBeLessThanOrEqual(1 + 5);
});

test('two sweeps of one minute leave one measurement', async () => {
	const dueMs = START.getTime();
	await Promise.all([collectEvidence(deps, { dueMs }), collectEvidence(await renderWorld(), { dueMs })]);
	const twice = await deps.db.select({ n: count() }).from(evidencePoints).where(eq(evidencePoints.dataClass, 'source'));
	expect(twice).toEqual([{ n: 1 }]);
});

test('after 30 days one point a day is left, the worst of it', async () => {
	const from = Date.UTC(2026, 8, 1);
	const points = [];
	for (let hour = 0; hour < 48; hour += 1) {
		const isWorst = hour === 5 || hour === 30;
		const ages = { oldestAgeMs: hour * MINUTE_MS, late: isWorst ? 2 : 0 };
		points.push({ dataClass: 'source', atMs: from + hour * HOUR_MS, promiseMs: DAY_MS, held: 1, ...ages });
	}
	for (const point of points) await deps.db.insert(evidencePoints).values(point);
	const recent = { dataClass: 'source', promiseMs: DAY_MS, held: 1, oldestAgeMs: 1, late: 0 };
	for (const hours of [1, 2]) {
		await deps.db.insert(evidencePoints).values({ ...recent, atMs: START.getTime() - 25 * HOUR_MS - hours * HOUR_MS });
	}

	await collect();

	const left = await deps.db.select().from(evidencePoints).where(eq(evidencePoints.dataClass, 'source'));
	const old = left.filter(({ atMs }) => atMs < from + 3 * DAY_MS);
	expect(old.map(({ atMs, late }) => [(atMs - from) / HOUR_MS, late])).toEqual([
		[5, 2],
		[30, 2],
	]);
	expect(left).toHaveLength(2 + 2 + 1);
});

test('what is published is the newest measurement, its history and the log, in three statements', async () => {
	await givenReadyUpload(deps, await givenAccount(deps));
	await collect();
	deps.clock.advance({ hours: 4 });
	await collect();
	const { db: d1, count: asked } = countD1(deps.d1);
	const answer = await readEvidence(await renderWorld({ d1, now: deps.now }));
	expect(asked.statements).toBe(3);
	expect(answer.log).toEqual({ state: 'continues', keptSize: null, left: [] });
	expect(answer.measuredAt).toBe('2026-11-21T16:00:00.000Z');
	const of = (dataClass: EvidenceClass) => answer.classes.find((one) => one.dataClass === dataClass);
	expect(of('source')).toEqual({ dataClass: 'source', promiseMs: DAY_MS, held: 1, oldestAgeMs: 4 * HOUR_MS, late: 0 });
	expect(answer.history).toEqual([
		{ at: '2026-11-21T12:00:00.000Z', oldestAgeMs: 0, late: 0 },
		{ at: '2026-11-21T16:00:00.000Z', oldestAgeMs: 4 * HOUR_MS, late: 0 },
	]);
});

test('before the first measurement nothing is claimed', async () => {
	expect(await readEvidence(deps)).toMatchObject({ measuredAt: null, classes: [], history: [] });
});
