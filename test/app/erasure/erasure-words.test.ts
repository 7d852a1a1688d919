import { expect, test } from 'vitest';

import { wordsOfLeg } from '../../../app/erasure/erasure-words';

test('a place that has to wait says until when, and once it is empty what was found', () => {
	expect(wordsOfLeg({ leg: 'photos', state: 'open' })).toContain('a quarter of an hour');
	expect(wordsOfLeg({ leg: 'records', state: 'open' })).toContain('last of all');
	expect(wordsOfLeg({ leg: 'outputs', state: 'open' })).toBe('not empty yet');
	expect(wordsOfLeg({ leg: 'photos', state: 'deleted' })).toBe('emptied, and looked at again');
});
