import { fileURLToPath } from 'node:url';

import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

import { SLOW_FILES } from './vitest.slow.config';

const unexpectedErrors = './test/support/unexpected-errors.ts';

/** A ceiling against hanging, not a measurement: two busy cores take their time. */
const TEST_MILLISECONDS_MAX = 180_000;

/** Every order of events, every crash point, thousands of races: for `npm test` and whoever names the file, not for every save. */
const PROOFS = [
	'test/core/billing/{event-orders,payments-property}.test.ts',
	'test/core/retention/{*-crashes,fake-clock-year}.test.ts',
	'test/core/log/large-trees.test.ts',
	'test/core/credits/{ledger-property,racing-holds,racing-refunds,audit-ledger}.test.ts',
];
const LEFT_OUT = process.env['PROOFS'] === 'none' ? PROOFS : [];

// The harness refuses the Pages wrangler.toml, hence the bindings are written here.
const workerd = () =>
	cloudflareTest(async () => ({
		miniflare: {
			compatibilityDate: '2026-08-01',
			compatibilityFlags: ['nodejs_compat'],
			d1Databases: ['DB'],
			r2Buckets: ['MEDIA', 'VAULT'],
			queueProducers: { WORK: 'afterglow-work' },
			bindings: {
				MIGRATIONS: await readD1Migrations('./migrations'),
				PROPERTY_SEED: process.env['PROPERTY_SEED'] ?? '',
				PROPERTY_RUNS: process.env['PROPERTY_RUNS'] ?? '',
			},
		},
	}));

/** Of the components for mail these are megabytes that the jobs bundle does not have, and one asks for a React that is not here. */
const leftOut = fileURLToPath(new URL('test/support/left-out-of-bundle.ts', import.meta.url));
const resolve = {
	alias: Object.fromEntries(
		['render', 'tailwind', 'markdown', 'code-block'].map((part) => [`@react-email/${part}`, leftOut]),
	),
};

export default defineConfig({
	test: {
		silent: 'passed-only',
		projects: [
			{
				plugins: [workerd()],
				resolve,
				test: {
					name: 'workerd',
					// One Worker for all files; each begins with empty stores.
					isolate: false,
					testTimeout: TEST_MILLISECONDS_MAX,
					hookTimeout: TEST_MILLISECONDS_MAX,
					include: ['test/core/**/*.test.ts', 'test/workers/media/put-object.test.ts'],
					exclude: ['test/core/{media,gateways}/**', ...LEFT_OUT],
					setupFiles: [unexpectedErrors, './test/support/workerd.ts'],
				},
			},
			{
				test: {
					name: 'node',
					// Loading sharp, React and the routes once a thread and not once a file halves the time.
					isolate: false,
					pool: 'threads',
					testTimeout: TEST_MILLISECONDS_MAX,
					hookTimeout: TEST_MILLISECONDS_MAX,
					environment: 'node',
					include: [
						'test/{app,smile,emulators,scripts,docs,repository,gateways,budgets,workers}/**/*.test.{ts,tsx}',
						'test/core/{media,gateways}/**/*.test.ts',
						'test/*.test.ts',
					],
					exclude: ['test/workers/media/put-object.test.ts', ...SLOW_FILES],
					setupFiles: [unexpectedErrors],
				},
			},
		],
	},
});
