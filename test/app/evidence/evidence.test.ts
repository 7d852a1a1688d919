import { expect, test } from 'vitest';

import { ageChart } from '../../../app/evidence/age-chart';
import { ageWords, promiseWords } from '../../../app/evidence/age-words';
import { promiseOf, whatOf } from '../../../app/evidence/class-words';
import { byDay, chartPoints, countWords, isUnmeasured, isUnswept, lateOf } from '../../../app/evidence/evidence-view';
import { loader } from '../../../app/routes/evidence';
import { dental } from '../../../studios/dental';
import { DATA_CLASSES } from '../../../studios/policy/policy';
import { EXTRA_CLASSES } from '../../../workers/core/evidence/evidence-class';
import { get, givenApi, json, refusal, responseOf } from '../fake-api';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-11-21T14:00:00.000Z');

test.each([
	[0, '0 min'],
	[59 * MINUTE + 59_000, '59 min'],
	[HOUR, '1 h'],
	[23 * HOUR + 41 * MINUTE, '23 h 41 min'],
	[47 * HOUR + 59 * MINUTE, '47 h 59 min'],
	[48 * HOUR, '2 d'],
	[89 * DAY + 21 * HOUR, '89 d 21 h'],
	[365 * DAY, '1 y'],
	[800 * DAY, '2 y 70 d'],
])('an age of %i ms is said as %s', (ms, words) => {
	expect(ageWords(ms)).toBe(words);
});

test('every promise of the policy is said in the words that people use', () => {
	expect([DAY, 30 * DAY, 14 * DAY, HOUR, 731 * DAY, 3 * 366 * DAY].map(promiseWords)).toEqual([
		'24 hours',
		'30 days',
		'14 days',
		'1 hour',
		'24 months',
		'3 years',
	]);
});

test('every class that is measured has a name and a promise in words', () => {
	for (const dataClass of [...DATA_CLASSES, ...EXTRA_CLASSES.filter((one) => !/_done|_p95/.test(one))]) {
		expect(whatOf(dental, dataClass)).not.toBe(dataClass);
		expect(promiseOf(dental, dataClass, null)).not.toBe('');
	}
	expect(promiseOf(dental, 'mail', 30 * DAY)).toBe('30 days after it was sent');
	expect(promiseOf(dental, 'output', null)).toBe('stays until you delete it');
	expect(promiseOf(dental, 'billing', 3660 * DAY)).toBe('10 years after the account was erased, as the law asks');
});

test('what is late is told once, and an old measurement is not called one of now', () => {
	const row = { promiseMs: DAY, held: 1, oldestAgeMs: DAY };
	const classes = ['source', 'erasure_done', 'erasure_p95'].map((dataClass) => ({ dataClass, ...row, late: 2 }));
	expect(lateOf({ classes }).map(({ dataClass }) => dataClass)).toEqual(['source', 'erasure_done']);
	const at = (ms: number) => new Date(NOW - ms).toISOString();
	expect([2 * HOUR, 3 * HOUR].map((ms) => isUnmeasured({ measuredAt: at(ms) }, NOW))).toEqual([false, true]);
	expect([4 * MINUTE, 6 * MINUTE].map((ms) => isUnswept({ sweptAt: at(ms) }, NOW))).toEqual([false, true]);
	expect(isUnmeasured({ measuredAt: null }, NOW)).toBe(false);
	expect([3, 9999, 10_000].map(countWords)).toEqual(['3', '9,999', '10,000 or more']);
});

function points(...of: readonly [hoursAgo: number, ageHours: number | null, late?: number][]) {
	return of.map(([hoursAgo, ageHours, late = 0]) => ({
		at: new Date(NOW - hoursAgo * HOUR).toISOString(),
		oldestAgeMs: ageHours === null ? null : ageHours * HOUR,
		late,
	}));
}

const SPAN = { fromMs: NOW - 30 * DAY, untilMs: NOW, promiseMs: DAY };

test('the chart begins at zero, keeps the promise in sight, and breaks where nothing was measured', () => {
	const chart = ageChart(points([30 * 24, 0], [16, 12], [12, 24], [0, 24]), SPAN);
	expect(chart.line).toBe(`M0 260M977.8 147L983.3 ${chart.promiseY}M1000 ${chart.promiseY}`);
	expect(chart.ticks.map(({ hours }) => hours)).toEqual([0, 6, 12, 18, 24]);
	expect(chart.ticks[0]?.share).toBe(1);
	expect(chart.words).toBe(
		'Line chart: the oldest photo was between 0 and 24 hours old, always under the promise of 24 hours',
	);
});

test('a breach is drawn above the promise and said', () => {
	const chart = ageChart(points([8, 23.5], [4, 30], [0, 1]), SPAN);
	expect(chart.words).toContain('1 of 3 times above the promise of 24 hours');
	const heights = [...chart.line.matchAll(/ ([\d.]+)/g)].map(([, y]) => Number(y));
	expect(heights[1]).toBeLessThan(chart.promiseY);
	expect(heights[1]).toBeGreaterThan(0);
});

test('the table has the worst of each day, newest first, and says where none was held', () => {
	const some = points([50, null], [28, 3], [26, 23.9, 1], [2, 5]);
	expect(byDay(some)).toEqual([
		{ day: '2026-11-21', oldestAgeMs: 5 * HOUR, late: 0 },
		{ day: '2026-11-20', oldestAgeMs: 23.9 * HOUR, late: 1 },
		{ day: '2026-11-19', oldestAgeMs: null, late: 0 },
	]);
	expect(chartPoints(points([31 * 24, 1], [1, 2]), NOW)).toHaveLength(1);
});

test('the page hands the evidence on as it is, and answers as unavailable when it cannot be read', async () => {
	const evidence = {
		measuredAt: null,
		sweptAt: null,
		receipts: 0,
		log: { state: 'continues', keptSize: null, left: [] },
		classes: [],
		history: [],
	};
	const good = givenApi({ 'GET /v1/evidence': () => json(evidence) });
	expect(await loader({ request: get('/evidence'), context: good.context, params: {} })).toEqual(evidence);
	const bad = givenApi({ 'GET /v1/evidence': () => refusal(500, 'internal', 'Something went wrong.') });
	const answer = await responseOf(loader({ request: get('/evidence'), context: bad.context, params: {} }));
	expect(answer.status).toBe(503);
});
