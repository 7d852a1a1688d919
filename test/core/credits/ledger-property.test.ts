import { env } from 'cloudflare:workers';
import { assert, asyncProperty } from 'fast-check';
import { expect, test } from 'vitest';

import { propertyParameters } from '../../support/property';
import { checkRun, figures, runs } from './ledger-run';

const RUNS = 12;

test(
	'racing commands under faults leave what the rules say and the answers promised',
	{ timeout: 120_000 },
	async () => {
		const property = asyncProperty(runs({ racing: 12, waves: 4 }), async ([waves, planned]) => {
			expect(await checkRun(env.DB, waves, planned)).toEqual([]);
		});
		await assert(property, propertyParameters('ledger property', RUNS));
		console.log(`ledger property: ${JSON.stringify(figures)}, 0 violations`);
		expect(figures.before).toBeGreaterThan(0);
		expect(figures.after).toBeGreaterThan(0);
	},
);
