import { afterEach, beforeEach } from 'vitest';

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
	const errors = takeConsoleErrors();
	if (errors.length > 0) throw new Error(`unexpected console.error: ${errors.map(String).join('\n')}`);
});
