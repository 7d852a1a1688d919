import { readFileSync, readdirSync } from 'node:fs';
import { SourceMap } from 'node:module';
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

test.each([
	['api', 'workers/core/limits/require-within-limits.ts'],
	['media', 'workers/media/put-object.ts'],
	['jobs', 'workers/core/retention/sweep.ts'],
] as const)('a place in a trace of %s leads back to its source', (worker, source) => {
	const text: unknown = JSON.parse(readFileSync(fromRoot(BUNDLE_DIRS[worker], 'index.js.map'), 'utf8'));
	const map = new SourceMap(text as ConstructorParameters<typeof SourceMap>[0]);
	const lines = readFileSync(fromRoot(BUNDLE_DIRS[worker], 'index.js'), 'utf8').split('\n');
	const places = lines.flatMap((line, at) =>
		[...line.matchAll(/(?:throw|await)\b/g)].map(({ index }) => [at, index] as const),
	);
	const sources = places.map(([line, column]) => {
		const entry = map.findEntry(line, column);
		return 'originalSource' in entry ? entry.originalSource : '';
	});
	expect(sources).toContainEqual(expect.stringContaining(source));
});
