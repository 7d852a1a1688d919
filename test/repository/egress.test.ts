import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

/** Every TypeScript file below a folder. */
function sources(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return sources(path);
		return /\.tsx?$/.test(entry.name) ? [path] : [];
	});
}

/** Code without comments, types and words, and without what only has `fetch` in its name. */
function codeOf(file: string): string {
	return readFileSync(file, 'utf8')
		.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
		.replaceAll(/'[^'\n]*'/g, '')
		.replaceAll(/typeof fetch|\.fetch\b|async fetch\(|\bfetch:/g, '');
}

test('nothing in the Workers sends by itself: only the egress holds fetch', () => {
	const files = ['workers/core', 'workers/jobs', 'workers/api'].flatMap(sources);
	// What the API's page shows is code of its reader's.
	const holding = files.filter((file) => !file.startsWith('workers/api/docs/') && /\bfetch\b/.test(codeOf(file)));
	expect(files.length).toBeGreaterThan(100);
	expect(holding).toEqual(['workers/core/egress/egress.ts']);
});
