import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';
import { z } from 'zod';

import { fromRoot } from '../../scripts/root';

const Lock = z.object({ packages: z.record(z.string(), z.looseObject({ version: z.string().optional() })) });
const text = readFileSync(fromRoot('package-lock.json'), 'utf8');
const names = Object.keys(Lock.parse(JSON.parse(text)).packages).map(
	(path) => path.split('node_modules/').at(-1) ?? '',
);

/** npm drops a platform's package silently when it is not there at the time of the install; such a lock fails elsewhere. */
test.each([
	['esbuild', ['@esbuild/darwin-arm64', '@esbuild/linux-x64', '@esbuild/win32-x64']],
	['workerd', ['@cloudflare/workerd-darwin-arm64', '@cloudflare/workerd-linux-64', '@cloudflare/workerd-windows-64']],
	['rollup', ['@rollup/rollup-darwin-arm64', '@rollup/rollup-linux-x64-gnu', '@rollup/rollup-win32-x64-msvc']],
	['oxlint', ['@oxlint/binding-darwin-arm64', '@oxlint/binding-linux-x64-gnu', '@oxlint/binding-win32-x64-msvc']],
	['oxfmt', ['@oxfmt/binding-darwin-arm64', '@oxfmt/binding-linux-x64-gnu', '@oxfmt/binding-win32-x64-msvc']],
	['tsgolint', ['@oxlint-tsgolint/darwin-arm64', '@oxlint-tsgolint/linux-x64', '@oxlint-tsgolint/win32-x64']],
	['sharp', ['@img/sharp-darwin-arm64', '@img/sharp-linux-x64', '@img/sharp-win32-x64']],
	['lightningcss', ['lightningcss-darwin-arm64', 'lightningcss-linux-x64-gnu', 'lightningcss-win32-x64-msvc']],
	[
		'tailwind',
		['@tailwindcss/oxide-darwin-arm64', '@tailwindcss/oxide-linux-x64-gnu', '@tailwindcss/oxide-win32-x64-msvc'],
	],
])('the lock file names %s for macOS, Linux and Windows', (_tool, platforms) => {
	for (const platform of platforms) expect(names).toContain(platform);
});

test('the lock file names no registry, so that everybody installs from their own', () => {
	expect(text).not.toContain('"resolved"');
	expect(text).not.toMatch(/https?:\/\/[^"]*\/-\/[^"]*\.tgz/);
});

test('there is one workerd, so that tests and the local edge run the same one', () => {
	expect(names.filter((name) => name === 'workerd')).toHaveLength(1);
});
