import { expect, test } from 'vitest';

import { OwnPath } from '../../../workers/api/contract/ways';

test.each(['/', '/settings/security', '/smiles?cursor=1~x', '/smiles//new', '/smiles?of=/.//x', '/apiary', '/v1'])(
	'%s is a page here',
	(path) => {
		expect(OwnPath.parse(path)).toBe(path);
	},
);

test.each([
	'//evil.test',
	'/\\evil.test',
	'/.//evil.test',
	'/..//evil.test/x',
	'/a/..//evil.test',
	'/%2e//evil.test',
	'/%2E%2e//evil.test',
	'//',
	'https://evil.test/',
	'/a\nb',
	'',
])('%j would lead elsewhere, and is refused', (path) => {
	expect(OwnPath.safeParse(path).error?.issues.map(({ message }) => message)).toEqual([
		'This is not a page here. Send a path such as /settings.',
	]);
});

test.each(['/api/auth/sign-out', '/v1/me', '/webhooks/fal', '/a/../api/auth/sign-out', '/./v1/me'])(
	'%s is the api’s, and no page',
	(path) => {
		expect(OwnPath.safeParse(path).success).toBe(false);
	},
);
