import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { beforeAll, expect, test } from 'vitest';

import { BUNDLE_DIRS, buildBundles } from '../../scripts/edge/bundles';
import { fromRoot } from '../../scripts/root';

/** Everything that is uploaded for a Worker, in bytes after gzip; its map and wrangler's note stay here. */
function gzippedBytes(worker: 'api' | 'media' | 'jobs'): number {
	return readdirSync(fromRoot(BUNDLE_DIRS[worker]))
		.filter((file) => !file.endsWith('.map') && !file.endsWith('.md'))
		.reduce((sum, file) => sum + gzipSync(readFileSync(fromRoot(BUNDLE_DIRS[worker], file))).byteLength, 0);
}

beforeAll(() => buildBundles({ only: ['api', 'media', 'jobs'] }), 240_000);

test.each([
	['api', 600],
	['media', 60],
	['jobs', 600],
] as const)('what is uploaded for %s is at most %i kB after gzip', (worker, kilobytesMax) => {
	const kilobytes = gzippedBytes(worker) / 1000;
	expect(kilobytes).toBeGreaterThan(0);
	expect(kilobytes).toBeLessThanOrEqual(kilobytesMax);
});
