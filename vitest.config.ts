import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

const unexpectedErrors = './test/support/unexpected-errors.ts';

export default defineConfig({
	test: {
		projects: [
			{
				// The harness refuses the Pages wrangler.toml, hence the bindings are written here.
				plugins: [
					cloudflareTest(async () => ({
						miniflare: {
							compatibilityDate: '2026-08-01',
							compatibilityFlags: ['nodejs_compat'],
							d1Databases: ['DB'],
							r2Buckets: ['MEDIA'],
							queueProducers: { WORK: 'afterglow-work' },
							bindings: {
								MIGRATIONS: await readD1Migrations('./migrations'),
								PROPERTY_SEED: process.env['PROPERTY_SEED'] ?? '',
								PROPERTY_RUNS: process.env['PROPERTY_RUNS'] ?? '',
							},
						},
					})),
				],
				test: {
					name: 'workerd',
					// A ceiling against hanging, not a measurement: two busy cores take their time.
					testTimeout: 60_000,
					include: ['test/core/**/*.test.ts', 'test/workers/media/put-object.test.ts'],
					exclude: ['test/core/{media,gateways}/**'],
					setupFiles: [unexpectedErrors, './test/support/workerd.ts'],
				},
			},
			{
				test: {
					name: 'node',
					testTimeout: 60_000,
					environment: 'node',
					include: [
						'test/{app,smile,emulators,scripts,docs,repository,gateways,budgets,workers}/**/*.test.{ts,tsx}',
						'test/core/{media,gateways}/**/*.test.ts',
						'test/*.test.ts',
					],
					exclude: ['test/workers/media/put-object.test.ts'],
					setupFiles: [unexpectedErrors],
				},
			},
		],
	},
});
