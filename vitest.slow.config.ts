import { defineConfig } from 'vitest/config';

/**
 * Tests that render films, draw patients, start Workers of their own or speak over sockets for seconds. `npm test` runs them;
 * `npm run check`, which is for every save, leaves them out.
 */
export const SLOW_FILES = [
	'test/{emulators,ledger}/**/*.test.ts',
	'test/scripts/{draw-patients,verify-receipt,verify-log}.test.ts',
	'test/workers/media/media.test.ts',
	'test/workers/api/{api,billing,keys,limits,log-and-evidence,me,operations,passkeys,practices,providers,second-factor,sign-in,sign-up,vault-commands}.test.ts',
	'test/core/gateways/{sign-in/gateways,stripe/emulator,turnstile}.test.ts',
];

export default defineConfig({
	test: {
		name: 'slow',
		environment: 'node',
		include: SLOW_FILES,
		// A ceiling against hanging, not a measurement: two busy cores take their time.
		testTimeout: 180_000,
		hookTimeout: 180_000,
		silent: 'passed-only',
		// Loading the Workers and the stand-ins once a process and not once a file.
		isolate: false,
		setupFiles: ['./test/support/unexpected-errors.ts', './test/support/cheap-scrypt.ts'],
	},
});
