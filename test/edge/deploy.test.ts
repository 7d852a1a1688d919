import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { DEPLOYABLES } from '../../scripts/edge/workers';
import { runTool } from '../../scripts/run-tool';

let outDir: string;
beforeAll(async () => {
	outDir = await mkdtemp(join(tmpdir(), 'afterglow-deploy-'));
});
afterAll(() => rm(outDir, { recursive: true, force: true }));

/** Design §10, in kilobytes of 1000 bytes after gzip. */
test.each([
	['api', 600],
	['media', 60],
	['jobs', 600],
] as const)('%s passes a dry deployment and is at most %i kB', async (deployable, budget) => {
	const directory = join(outDir, deployable);
	const { config } = DEPLOYABLES[deployable];
	await runTool('wrangler', 'wrangler', ['deploy', '--dry-run', '--config', config, '--outdir', directory]);
	const kilobytes = gzipSync(await readFile(join(directory, 'index.js'))).byteLength / 1000;
	console.info(`${deployable}: ${kilobytes.toFixed(0)} kB gzip`);
	expect(kilobytes).toBeLessThanOrEqual(budget);
});

test('the function of the Pages project builds', async () => {
	const directory = join(outDir, 'app');
	await runTool('wrangler', 'wrangler', ['pages', 'functions', 'build', 'app/pages', '--outdir', directory]);
	const bundle = await readFile(join(directory, 'index.js'), 'utf8');
	expect(bundle).toContain('onRequest');
});
