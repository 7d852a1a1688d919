import { expect, test } from 'vitest';

import { clockFrom } from '../../workers/core/clock';

test('the clock is the real one when nothing moves it', () => {
	for (const ENVIRONMENT of ['local', 'preview', 'production']) {
		expect(Math.abs(clockFrom({ ENVIRONMENT })().getTime() - Date.now())).toBeLessThan(1_000);
		expect(Math.abs(clockFrom({ ENVIRONMENT, CLOCK_OFFSET_SECONDS: '' })().getTime() - Date.now())).toBeLessThan(1_000);
	}
});

test('away from production the clock moves by whole seconds, either way', () => {
	for (const hours of [25, -3]) {
		const now = clockFrom({ ENVIRONMENT: 'local', CLOCK_OFFSET_SECONDS: String(hours * 3600) });
		expect(Math.abs(now().getTime() - Date.now() - hours * 3_600_000)).toBeLessThan(1_000);
	}
});

test('a moved clock does not start in production, not even by zero', () => {
	for (const CLOCK_OFFSET_SECONDS of ['0', '90000', 'x']) {
		expect(() => clockFrom({ ENVIRONMENT: 'production', CLOCK_OFFSET_SECONDS })).toThrow(/production/);
	}
});

test('an offset that is no whole number is refused', () => {
	for (const CLOCK_OFFSET_SECONDS of ['1.5', 'a day', '1e9', ' 5']) {
		expect(() => clockFrom({ ENVIRONMENT: 'local', CLOCK_OFFSET_SECONDS })).toThrow(/whole number/);
	}
});
