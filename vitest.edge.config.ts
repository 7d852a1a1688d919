import { defineConfig } from 'vitest/config';

/** Tests over the real local edge: every file starts one of its own, so files run one after another. */
export default defineConfig({
	test: {
		name: 'edge',
		environment: 'node',
		include: ['test/edge/**/*.test.ts'],
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
