import { defineConfig } from 'vitest/config';

/** Journeys in a real Chromium over the real local edge, one after another: browser, Workers and encoder share the cores. */
export default defineConfig({
	test: {
		name: 'e2e',
		environment: 'node',
		include: ['test/e2e/**/*.test.ts'],
		globalSetup: ['test/edge/support/build-once.ts'],
		fileParallelism: false,
		// What all files load, and the films of the stand-ins, is there once.
		isolate: false,
		// A ceiling like the others: what is waited for comes when two busy cores get to it.
		expect: { poll: { timeout: 90_000 } },
		testTimeout: 240_000,
		hookTimeout: 120_000,
		// Named at the end of the run: `scripts/checks/run-check.ts`.
		retry: 1,
	},
});
