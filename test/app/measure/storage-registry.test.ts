import { readdirSync } from 'node:fs';

import { expect, test } from 'vitest';

import { isRegistered, STORED_IN_BROWSER } from '../../../studios/policy/storage-registry';
import { readText } from '../../docs/documents';

const SOURCES = ['app', 'workers/api', 'workers/core'].flatMap((folder) =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((file) => /\.tsx?$/.test(file))
		.map((file) => readText(`${folder}/${file}`)),
);

/** The names that cookies are written under, as the code has them. */
function writtenNames(): string[] {
	return SOURCES.flatMap((text) => {
		const own = [...text.matchAll(/\bcookieName\([\w.]+, '(\w+)'\)/g)].map(([, name]) => `afterglow_${name}`);
		const isPrivate = /\bprivateCookie\(\w+, NAME\b/.test(text);
		const names = isPrivate ? [...text.matchAll(/^const NAME = '([\w-]+)'/gm)].map(([, name]) => name ?? '') : [];
		const plain = [...text.matchAll(/`(mode|dates|zone)=\$\{/g)].map(([, name]) => name ?? '');
		return [...own, ...names, ...plain];
	});
}

test('every cookie that the code writes is in the registry', () => {
	const written = new Set(writtenNames());
	// better-auth's own begin with this, and have an ending each.
	written.delete('afterglow_auth');
	expect(written.size).toBeGreaterThan(8);
	expect([...written].filter((name) => !isRegistered('cookie', name))).toEqual([]);
});

test('nothing of ours is written into local storage or a database of the browser', () => {
	const writing = SOURCES.filter((text) => /\blocalStorage\b|\bindexedDB\b/.test(text));
	const registered = STORED_IN_BROWSER.filter(({ kind }) => kind === 'localStorage' || kind === 'indexedDB');
	expect(writing.length > 0).toBe(registered.length > 0);
});

test('the prefix of https is no other name, and a name that is not listed is not found', () => {
	expect(isRegistered('cookie', '__Host-afterglow_visitor')).toBe(true);
	expect(isRegistered('cookie', '_fbp')).toBe(false);
	expect(isRegistered('localStorage', 'afterglow_visitor')).toBe(false);
});
