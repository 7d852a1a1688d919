import { expect, test } from 'vitest';

import { accountsPath, isInvitation, pathOr, provePath, signInPath, withNext } from '../../app/paths';
import { get } from './fake-api';

test('a path on this site is followed', () => {
	expect(pathOr('/', '/receipts/rct_1?print=yes')).toBe('/receipts/rct_1?print=yes');
});

test.each([
	'//evil.example',
	'/\\evil.example',
	'/.//evil.example',
	'/..//evil.example',
	'/%2e//evil.example',
	'/a/..//evil.example',
	'https://evil.example',
	'//',
	'smiles',
	'',
	'/a\nb',
	null,
])('%j leads to the fallback', (value) => {
	expect(pathOr('/smiles', value)).toBe('/smiles');
});

test('two strokes further on in a path, or in its query, lead nowhere else', () => {
	expect(pathOr('/', '/smiles//new')).toBe('/smiles//new');
	expect(pathOr('/', '/smiles?of=/.//x')).toBe('/smiles?of=/.//x');
});

test('sign-in remembers path and query', () => {
	expect(signInPath(get('/credits?cursor=1~x'))).toBe('/sign-in?next=%2Fcredits%3Fcursor%3D1~x');
});

test('the way back from a form of an index page is the page’s own address', () => {
	expect(provePath(get('/settings?index'))).toBe('/prove?next=%2Fsettings');
	expect(accountsPath(get('/smiles?index&cursor=1'))).toBe('/accounts?next=%2Fsmiles%3Fcursor%3D1');
});

test('a page with nowhere to lead on to has no query', () => {
	expect(withNext('/sign-up', '')).toBe('/sign-up');
	expect(withNext('/sign-up', '/invitations')).toBe('/sign-up?next=%2Finvitations');
	expect(isInvitation('/invitations')).toBe(true);
	expect(isInvitation('/smiles')).toBe(false);
});
