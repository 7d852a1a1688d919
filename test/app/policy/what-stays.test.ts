import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { HISTORY_DAYS, whatStays } from '../../../app/policy/what-stays';

function kept(slug: 'dental' | 'image' | 'media'): Record<string, string> {
	return Object.fromEntries(whatStays({ slug }).map(({ what, how }) => [what, how]));
}

test('the practice is told that references, consents, orders and accounts stay', () => {
	expect(Object.keys(kept('dental'))).toEqual([
		'Videos and after pictures',
		'Patient references',
		'Signed consents',
		'What was ordered',
		'Deletion receipts',
		'Your account',
		'Your sign-ins',
	]);
	expect(kept('dental')['Signed consents']).toContain('stay when the photo is gone');
});

test('whoever writes words is told that they outlive the picture, here and at OpenAI', () => {
	expect(kept('image')['Pictures']).toBe('Until you delete them.');
	expect(kept('image')['Your words']).toMatch(/stay with the account, also after the picture is deleted.*OpenAI/);
	expect(Object.keys(kept('image'))).not.toContain('Signed consents');
});

test('a studio that makes nothing keeps accounts alone', () => {
	expect(Object.keys(kept('media'))).toEqual(['Your account', 'Your sign-ins']);
});

test('the page promises no more than the record of storage says', () => {
	const storage = readFileSync('docs/storage.md', 'utf8');
	expect(storage).toContain(`a history of ${HISTORY_DAYS} days`);
	expect(storage).toMatch(
		/no erase path yet\*\* for: accounts, users, subjects, consents that were signed, renders with/,
	);
});
