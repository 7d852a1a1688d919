import { expect, test } from 'vitest';

import { pathOr, signInPath } from '../../app/paths';
import { get } from './fake-api';

test('a path on this site is followed', () => {
	expect(pathOr('/', '/receipts/rct_1?print=yes')).toBe('/receipts/rct_1?print=yes');
});

test.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'smiles', '', '/a\nb', null])(
	'%j leads to the fallback',
	(value) => {
		expect(pathOr('/smiles', value)).toBe('/smiles');
	},
);

test('sign-in remembers path and query', () => {
	expect(signInPath(get('/credits?cursor=1~x'))).toBe('/sign-in?next=%2Fcredits%3Fcursor%3D1~x');
});
