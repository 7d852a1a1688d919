import { expect, test } from 'vitest';

import { isInRepository, readText, section } from './documents';

/*
 * OWASP ASVS 5.0.0, levels 1 and 2, as far as they apply to signing in, sessions, tenancy and OAuth on the client's side. Ids
 * alone are cited: its words are under another licence.
 */
const APPLY: Readonly<Record<string, string>> = {
	'## V6 Authentication':
		'6.1.1 6.1.2 6.1.3 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.2.9 6.2.10 6.2.11 6.2.12 6.3.1 6.3.2 6.3.3 6.3.4 6.4.1 6.4.2 6.4.3 6.4.4 6.5.1 6.5.2 6.5.3 6.5.4 6.5.5 6.6.2 6.6.3 6.8.1 6.8.2 6.8.4',
	'## V7 Sessions':
		'7.1.1 7.1.2 7.1.3 7.2.1 7.2.2 7.2.3 7.2.4 7.3.1 7.3.2 7.4.1 7.4.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.6.1 7.6.2',
	'## V8 Authorization': '8.1.1 8.1.2 8.2.1 8.2.2 8.2.3 8.3.1 8.4.1',
	'## V10 OAuth and OIDC': '10.1.1 10.1.2 10.2.1 10.2.2 10.5.1 10.5.2 10.5.3 10.5.4 10.5.5',
};

const SECURITY = readText('docs/security.md');

interface Row {
	id: string;
	state: string;
	how: string;
}

function rowsOf(heading: string): Row[] {
	return section(SECURITY, heading)
		.split('\n')
		.filter((line) => /^\| \d/.test(line))
		.map((line) => {
			const [, id = '', state = '', how = ''] = line.split('|').map((cell) => cell.trim());
			return { id, state, how };
		});
}

const rows = Object.keys(APPLY).flatMap((heading) => rowsOf(heading));

test.each(Object.entries(APPLY))('%s has a row for each requirement that applies, in order', (heading, ids) => {
	expect(rowsOf(heading).map(({ id }) => id)).toEqual(ids.split(' '));
});

test('every row is tested, looked at, or says why not', () => {
	expect(rows.filter(({ state }) => !['tested', 'documented', 'does not apply', 'not done'].includes(state))).toEqual(
		[],
	);
	expect(rows.filter(({ how }) => how.length < 10)).toEqual([]);
	const tested = rows.filter(({ state }) => state === 'tested');
	expect(tested.length / rows.length).toBeGreaterThanOrEqual(0.7);
});

test.each(rows.filter(({ state }) => state === 'tested'))(
	'$id names tests that exist, by file and title',
	({ how }) => {
		const named = [...how.matchAll(/`(test\/[^`]+)`(?: “([^”]+)”)?/g)];
		expect(named.length).toBeGreaterThan(0);
		const missing = named.filter(
			([, path = '', title = '']) => !isInRepository(path) || !readText(path).replaceAll("\\'", "'").includes(title),
		);
		expect(missing).toEqual([]);
	},
);

test.each(rows.filter(({ state }) => state === 'documented'))('$id names the document that says it', ({ how }) => {
	expect(how).toMatch(/\]\([^)]+\)|`[^`]+`/);
});
