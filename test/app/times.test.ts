import { expect, test } from 'vitest';

import { calendarWords, clockWords, dayWords, documentWords, isNearDay, leftUntil } from '../../app/times';

const NOW_MS = Date.parse('2026-11-21T22:30:00Z');
const isNear = (iso: string, zone: string) => isNearDay(iso, { nowMs: NOW_MS, zone });
const inVienna = { nowMs: NOW_MS, zone: 'Europe/Vienna' };

test('a time today is a clock time alone', () => {
	expect(clockWords('2026-11-21T13:07:00Z', inVienna)).toBe('14:07');
});

test('tomorrow turns at midnight of the zone, not of UTC', () => {
	const time = '2026-11-21T23:15:00Z';
	expect(clockWords(time, inVienna)).toBe('00:15 tomorrow');
	expect(clockWords(time, { nowMs: NOW_MS, zone: 'America/New_York' })).toBe('18:15');
});

test('within a week the weekday is named, further away the date, and another year with its number', () => {
	expect(clockWords('2026-11-25T13:07:00Z', inVienna)).toBe('14:07 on Wednesday');
	expect(clockWords('2026-12-03T13:07:00Z', inVienna)).toBe('14:07 on 3 December');
	expect(clockWords('2027-09-03T12:07:00Z', inVienna)).toBe('14:07 on 3 September 2027');
	expect(clockWords('2026-11-20T13:07:00Z', inVienna)).toBe('14:07 yesterday');
	expect(clockWords('2026-11-18T13:07:00Z', inVienna)).toBe('14:07 on 18 November');
});

test('without a known zone the words are in UTC and say so', () => {
	expect(clockWords('2026-11-21T13:07:00Z', { nowMs: NOW_MS, zone: null })).toBe('13:07 UTC');
	expect(documentWords('2026-11-22T14:07:31Z', null)).toEqual({ day: '22 November 2026', time: '14:07:31 UTC' });
});

test('a day is named by its distance or its date', () => {
	expect(dayWords('2026-11-22T13:00:00Z', inVienna)).toBe('tomorrow');
	expect(dayWords('2026-11-03T13:00:00Z', inVienna)).toBe('3 November');
	expect(calendarWords('2026-11-01')).toBe('1 November 2026');
});

test('something happened on a date, but today and the days beside it without that word', () => {
	const days = ['2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'];
	expect(days.map((day) => isNear(`${day}T12:00:00Z`, 'UTC'))).toEqual([false, true, true, true, false]);
	expect(isNear('2026-11-22T23:15:00Z', 'UTC')).toBe(true);
	expect(isNear('2026-11-22T23:15:00Z', 'Europe/Vienna')).toBe(false);
});

test('what is left is rounded up and ends at zero', () => {
	expect(leftUntil('2026-11-22T22:10:30Z', NOW_MS)).toEqual({ hours: 23, minutes: 41, isDue: false });
	expect(leftUntil('2026-11-21T22:30:01Z', NOW_MS)).toEqual({ hours: 0, minutes: 1, isDue: false });
	expect(leftUntil('2026-11-21T22:29:00Z', NOW_MS)).toEqual({ hours: 0, minutes: 0, isDue: true });
});

test('days are written in the chosen language and order, the clock always with 24 hours', () => {
	const american = { ...inVienna, dates: 'en-US' } as const;
	expect(clockWords('2026-12-03T13:07:00Z', american)).toBe('14:07 on December 3');
	expect(dayWords('2027-09-03T12:07:00Z', american)).toBe('September 3, 2027');
	const german = { ...inVienna, dates: 'de-DE' } as const;
	expect(clockWords('2026-11-21T13:07:00Z', german)).toBe('14:07');
	expect(clockWords('2026-11-22T13:07:00Z', german)).toBe('morgen, 14:07');
	expect(clockWords('2026-11-25T13:07:00Z', german)).toBe('Mittwoch, 14:07');
	expect(clockWords('2026-12-03T13:07:00Z', german)).toBe('3. Dezember, 14:07');
	expect(dayWords('2026-11-20T13:00:00Z', german)).toBe('gestern');
	expect(documentWords('2026-11-22T14:07:31Z', 'UTC', 'fr-FR')).toEqual({ day: '22 novembre 2026', time: '14:07:31' });
	expect(calendarWords('2026-11-01', 'es-ES')).toBe('1 de noviembre de 2026');
});
