import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { expect, test, vi } from 'vitest';

import { incidents } from '../../../schema/incidents';
import { closeIncident, reportIncident } from '../../../workers/core/incidents/close-incident';
import { listIncidents, readIncident } from '../../../workers/core/incidents/incident-view';
import { describeIncident, openIncident } from '../../../workers/core/incidents/open-incident';
import { soundAlarms } from '../../../workers/core/incidents/sound-alarms';
import { tellAffected } from '../../../workers/core/incidents/tell-affected';
import { freshDeps, type TestDeps } from '../../support/deps';
import { faultyD1, OBJECT_RESET } from '../../support/faulty-d1';
import { givenAccount } from '../../support/given';
import { WHENCE } from '../operations/given-operator';
import { actionsOn, givenIncident, toldOf, WORDS } from './given-incident';

const HOUR_MS = 3_600_000;

async function storedOf({ db }: TestDeps, incidentId: string) {
	const [row] = await db.select().from(incidents).where(eq(incidents.id, incidentId));
	return row;
}

test('an incident has 72 hours from when it became known, and is written down once', async () => {
	const deps = freshDeps();
	const knownAtMs = deps.now().getTime() - HOUR_MS;
	const order = {
		whence: WHENCE,
		title: `A key leaked ${crypto.randomUUID()}`,
		dataClasses: ['account', 'source'] as const,
		fromMs: knownAtMs - HOUR_MS,
		untilMs: knownAtMs,
		knownAtMs,
	};
	const { incidentId } = await openIncident(deps, order);
	expect(await openIncident(deps, order)).toEqual({ incidentId });
	const { incidentId: another } = await openIncident(deps, { ...order, dataClasses: ['account'] });
	expect(another).not.toBe(incidentId);
	expect(await readIncident(deps, { incidentId })).toMatchObject({
		dataClasses: ['source', 'account'],
		reportBy: new Date(knownAtMs + 72 * HOUR_MS).toISOString(),
		hoursLeft: 71,
		state: 'open',
		told: 0,
		words: { happened: null },
	});
	expect(await actionsOn(deps, incidentId)).toEqual(['incident.opened']);
});

test('a window that is turned round, and times to come, are refused and leave nothing', async () => {
	const deps = freshDeps();
	const nowMs = deps.now().getTime();
	const title = `Never ${crypto.randomUUID()}`;
	const order = {
		whence: WHENCE,
		title,
		dataClasses: ['account'] as const,
		fromMs: nowMs,
		untilMs: nowMs,
		knownAtMs: nowMs,
	};
	for (const wrong of [{ untilMs: nowMs - 1 }, { knownAtMs: nowMs + 1 }, { fromMs: nowMs + 1, untilMs: nowMs + 1 }]) {
		await expect(openIncident(deps, { ...order, ...wrong })).rejects.toMatchObject({ code: 'invalid_input' });
	}
	expect(await deps.db.select().from(incidents).where(eq(incidents.title, title))).toEqual([]);
});

test('it is late from the first millisecond after the 72 hours, and a report then says why', async () => {
	const deps = freshDeps();
	const incidentId = await givenIncident(deps);
	deps.clock.advance({ hours: 72 });
	expect(await readIncident(deps, { incidentId })).toMatchObject({ state: 'open', hoursLeft: 0 });
	deps.clock.advance({ seconds: 0.001 });
	expect(await readIncident(deps, { incidentId })).toMatchObject({ state: 'late', hoursLeft: -1 });
	const step = { whence: WHENCE, incidentId, reason: undefined };
	await expect(reportIncident(deps, step)).rejects.toMatchObject({ code: 'conflict' });
	expect(await storedOf(deps, incidentId)).toMatchObject({ reportedAtMs: null, reportReason: null });
	await reportIncident(deps, { ...step, reason: 'The size of it was not known' });
	const reportedAtMs = deps.now().getTime();
	deps.clock.advance({ hours: 1 });
	await reportIncident(deps, { ...step, reason: 'Another' });
	expect(await storedOf(deps, incidentId)).toMatchObject({
		reportedAtMs,
		reportReason: 'The size of it was not known',
	});
	expect(await actionsOn(deps, incidentId)).toContain('incident.reported');
});

test('it is closed once reported, or with the reason why it need not be, and not otherwise', async () => {
	const deps = freshDeps();
	const [reported, harmless] = [await givenIncident(deps), await givenIncident(deps)];
	const step = { whence: WHENCE, incidentId: reported, reason: undefined };
	await expect(closeIncident(deps, step)).rejects.toMatchObject({ code: 'conflict' });
	expect(await storedOf(deps, reported)).toMatchObject({ closedAtMs: null });
	await reportIncident(deps, step);
	await closeIncident(deps, step);
	const closedAtMs = deps.now().getTime();
	deps.clock.advance({ hours: 1 });
	await closeIncident(deps, step);
	expect(await storedOf(deps, reported)).toMatchObject({ closedAtMs });
	await closeIncident(deps, { ...step, incidentId: harmless, reason: 'The backup was sealed' });
	expect(await readIncident(deps, { incidentId: harmless })).toMatchObject({
		state: 'closed',
		reportedAt: null,
		reportReason: 'The backup was sealed',
	});
	const open = (await listIncidents(deps, { isClosedToo: false })).map(({ id }) => id);
	const all = (await listIncidents(deps, { isClosedToo: true })).map(({ id }) => id);
	expect([open.includes(reported), all.includes(reported)]).toEqual([false, true]);
});

test('nobody is told before every word is written, and no word changes once somebody was', async () => {
	const deps = freshDeps();
	await givenAccount(deps);
	const incidentId = await givenIncident(deps, { isDescribed: false, untilMs: deps.now().getTime() });
	const step = { whence: WHENCE, incidentId };
	await describeIncident(deps, { ...step, words: { happened: 'First' } });
	await expect(tellAffected(deps, step)).rejects.toMatchObject({
		code: 'conflict',
		message: expect.stringMatching(/consequences, measures, advice/),
	});
	expect(await toldOf(deps, incidentId)).toEqual([]);
	await describeIncident(deps, { ...step, words: WORDS });
	await tellAffected(deps, step);
	await expect(describeIncident(deps, { ...step, words: { advice: 'Other' } })).rejects.toMatchObject({
		code: 'conflict',
	});
	expect(await storedOf(deps, incidentId)).toMatchObject(WORDS);
});

test('what is not there is not found by any step', async () => {
	const deps = freshDeps();
	const step = { whence: WHENCE, incidentId: 'inc_none', reason: undefined };
	for (const doing of [
		() => readIncident(deps, step),
		() => reportIncident(deps, step),
		() => closeIncident(deps, step),
		() => tellAffected(deps, step),
		() => describeIncident(deps, { ...step, words: WORDS }),
	]) {
		await expect(doing()).rejects.toMatchObject({ code: 'not_found' });
	}
	expect(await actionsOn(deps, 'inc_none')).toEqual([]);
});

test('alarms sound once at 48 and at 66 hours, also late, and not for what was reported or closed', async () => {
	const deps = freshDeps();
	const [open, missed, reported] = [await givenIncident(deps), await givenIncident(deps), await givenIncident(deps)];
	await reportIncident(deps, { whence: WHENCE, incidentId: reported, reason: undefined });
	const knownAtMs = deps.now().getTime();
	const lines = vi.spyOn(console, 'log').mockImplementation(() => undefined);
	const heard = (incidentId: string) =>
		lines.mock.calls.flatMap(([line]) => {
			const parsed = JSON.parse(String(line)) as { event: string; incidentId?: string; hours?: number };
			return parsed.event === 'incident_unreported' && parsed.incidentId === incidentId ? [parsed.hours] : [];
		});
	try {
		await soundAlarms(deps, { dueMs: knownAtMs + 48 * HOUR_MS - 1 });
		expect(heard(open)).toEqual([]);
		await soundAlarms(deps, { dueMs: knownAtMs + 48 * HOUR_MS });
		await soundAlarms(deps, { dueMs: knownAtMs + 48 * HOUR_MS + 60_000 });
		expect(heard(open)).toEqual([48]);
		await deps.db.update(incidents).set({ alarmedAtMs: null }).where(eq(incidents.id, missed));
		await soundAlarms(deps, { dueMs: knownAtMs + 80 * HOUR_MS });
		await soundAlarms(deps, { dueMs: knownAtMs + 81 * HOUR_MS });
		expect(heard(open)).toEqual([48, 66]);
		expect(heard(missed)).toEqual([48, 66]);
		expect(heard(reported)).toEqual([]);
	} finally {
		lines.mockRestore();
	}
});

test.each([
	['reported', reportIncident, 'reportedAtMs'],
	['closed', closeIncident, 'closedAtMs'],
] as const)(
	'a step that breaks off at its entry is not %s, and made again it is, with the entry',
	async (name, act, column) => {
		const deps = freshDeps();
		const incidentId = await givenIncident(deps);
		const step = { whence: WHENCE, incidentId, reason: 'The backup was sealed' };
		const faulty = faultyD1(
			deps.d1,
			({ sql }) => (sql.some((text) => text.includes('audit_entries')) ? 'before' : null),
			OBJECT_RESET,
		);
		await expect(act({ ...deps, db: drizzle(faulty.db) }, step)).rejects.toThrow(/Failed query|to be reset/);
		expect(await storedOf(deps, incidentId)).toMatchObject({ [column]: null });
		await act(deps, step);
		await act(deps, step);
		expect(await actionsOn(deps, incidentId)).toEqual(
			['incident.described', `incident.${name}`, 'incident.opened'].toSorted(),
		);
	},
);
