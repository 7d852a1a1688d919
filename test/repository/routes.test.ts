import { readdirSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { API_PATHS, API_PREFIXES, belongsToApi } from '../../app/pages/belongs-to';

/** Where Vite writes what it builds, unless told otherwise; nothing in vite.config.ts does. */
const BUILT_FOLDER = 'assets';

interface PagesRoutes {
	readonly include: readonly string[];
	readonly exclude: readonly string[];
}

const { include, exclude }: PagesRoutes = JSON.parse(readFileSync('public/_routes.json', 'utf8'));

/** `/assets/*` → `assets`; any other form of pattern is not understood here, so it is refused. */
const excludedFolders = exclude.map((pattern) => /^\/([\w-]+)\/\*$/.exec(pattern)?.[1] ?? `not a folder: ${pattern}`);

/** The first part of a route's address, from its file name: `pictures.$id.tsx` → `pictures`, `_index.tsx` → ``. */
function firstPart(fileName: string): string {
	const [name = ''] = fileName.split('.');
	return name.replace(/^_.*/, '').replace(/_$/, '');
}

test('Pages leaves the function aside for folders of static files alone', () => {
	const folders = readdirSync('public', { withFileTypes: true }).filter((entry) => entry.isDirectory());
	const isStatic = new Set([BUILT_FOLDER, ...folders.map(({ name }) => name)]);

	expect(include).toEqual(['/*']);
	expect(excludedFolders.filter((folder) => !isStatic.has(folder))).toEqual([]);
	expect(readFileSync('vite.config.ts', 'utf8')).not.toContain('assetsDir');
});

test('no page and no resource route lies where the function is left aside', () => {
	const parts = readdirSync('app/routes').map(firstPart);

	expect(parts).toContain('files');
	expect(parts.filter((part) => excludedFolders.includes(part))).toEqual([]);
	// A parameter in the first place would match every folder; only the page for what is not found may.
	expect(parts.filter((part) => part.startsWith('$'))).toEqual(['$']);
});

test('nothing of the api lies where the function is left aside', () => {
	const parts = [...API_PREFIXES, ...API_PATHS].map((path) => path.split('/')[1]);

	expect(parts).toContain('v1');
	expect(parts.filter((part) => part !== undefined && excludedFolders.includes(part))).toEqual([]);
	expect(excludedFolders.filter((folder) => belongsToApi(`/${folder}/x`))).toEqual([]);
});
