import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { readRange } from '../../../workers/media/byte-range';

test.each([
	['bytes=0-9', { offset: 0, length: 10 }],
	['bytes=90-', { offset: 90, length: 10 }],
	['bytes=90-900', { offset: 90, length: 10 }],
	['bytes=-5', { offset: 95, length: 5 }],
	['bytes=-500', { offset: 0, length: 100 }],
	['BYTES = 1 - 1', { offset: 1, length: 1 }],
	['bytes=100-', 'unsatisfiable'],
	['bytes=-0', 'unsatisfiable'],
	[undefined, 'whole'],
	['bytes=-', 'whole'],
	['bytes=5-1', 'whole'],
	['bytes=0-1,3-4', 'whole'],
	['items=0-1', 'whole'],
	['bytes=0x1-2', 'whole'],
	['bytes=99999999999999999999-', 'whole'],
])('"%s" of 100 bytes is %o', (header, range) => {
	expect(readRange(header, 100)).toEqual(range);
});

test('whatever a header says, a range lies inside the object', () => {
	const seed = Date.now() & 0x7fffffff;
	console.info(`byte-range: seed ${seed}`);
	const header = fc.oneof(fc.string(), fc.stringMatching(/^bytes=\d{0,16}-\d{0,16}$/));
	fc.assert(
		fc.property(header, fc.nat({ max: 1_000 }), (value, size) => {
			const range = readRange(value, size);
			if (typeof range === 'string') return;
			expect(range.length).toBeGreaterThan(0);
			expect(range.offset).toBeGreaterThanOrEqual(0);
			expect(range.offset + range.length).toBeLessThanOrEqual(size);
		}),
		{ seed, numRuns: 3_000 },
	);
});
