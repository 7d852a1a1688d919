import { afterEach, beforeEach, expect } from 'vitest';

let written: unknown[][] = [];
const original = console.error;

/** What the test wrote to console.error so far; a test that expects errors takes them, all others fail on them. */
export function takeConsoleErrors(): unknown[][] {
	const taken = written;
	written = [];
	return taken;
}

beforeEach(() => {
	written = [];
	console.error = (...values: unknown[]) => {
		written.push(values);
	};
});

afterEach(() => {
	console.error = original;
	expect(takeConsoleErrors(), 'unexpected console.error').toEqual([]);
});
