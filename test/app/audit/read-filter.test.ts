import { expect, test } from 'vitest';

import { dayAfter, startOfDay } from '../../../app/audit/day-bounds';
import { auditPath, isFiltered, readFilter } from '../../../app/audit/read-filter';

const read = (query: string, zone: string | null = null) => readFilter(new URLSearchParams(query), zone);

test('a day begins at the reader’s midnight, on the days that a clock turns too', () => {
	expect(startOfDay('2026-11-21', null)).toBe('2026-11-21T00:00:00.000Z');
	expect(startOfDay('2026-11-21', 'Europe/Berlin')).toBe('2026-11-20T23:00:00.000Z');
	expect(startOfDay('2026-11-21', 'America/Los_Angeles')).toBe('2026-11-21T08:00:00.000Z');
	expect(startOfDay('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z');
	expect(startOfDay('2026-03-30', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z');
	expect(startOfDay('2026-11-21', 'Asia/Kathmandu')).toBe('2026-11-20T18:15:00.000Z');
});

test('what is no day is none', () => {
	for (const text of ['', '2026-02-30', '2026-13-01', '21.11.2026', '2026-11-21T00:00', 'never']) {
		expect(startOfDay(text, null)).toBeNull();
		expect(dayAfter(text)).toBeNull();
	}
	expect(dayAfter('2026-12-31')).toBe('2027-01-01');
});

test('the last day of a filter counts whole', () => {
	expect(read('from=2026-11-01&until=2026-11-21', 'Europe/Berlin')).toMatchObject({
		errors: {},
		query: { from: '2026-10-31T23:00:00.000Z', until: '2026-11-21T23:00:00.000Z' },
	});
	expect(read('from=2026-11-21&until=2026-11-21').errors).toEqual({});
});

test('a wrong day is said at its field and asked as none', () => {
	const { errors, query, filter } = read('from=gestern&who=usr_1&what=key.made');
	expect(errors).toEqual({ from: 'Type a day such as 2026-03-31, or leave it empty.' });
	expect(query).toEqual({ userId: 'usr_1', action: 'key.made' });
	expect(filter.from).toBe('gestern');
	expect(read('from=2026-11-21&until=2026-11-20')).toMatchObject({
		errors: { until: 'This is before the first day. Choose a later one.' },
		query: {},
	});
});

test('an address keeps the filter and its place, and leaves out what is empty', () => {
	const { filter } = read('who=&what=key.made&from=&until=');
	expect(isFiltered(filter)).toBe(true);
	expect(auditPath(filter, null)).toBe('/practice/audit?what=key.made');
	expect(auditPath(filter, '9~aud_1')).toBe('/practice/audit?what=key.made&cursor=9%7Eaud_1');
	expect(isFiltered(read('').filter)).toBe(false);
	expect(auditPath(read('').filter, null)).toBe('/practice/audit');
});
