import fc from 'fast-check';
import { expect, test } from 'vitest';

import { consistencyRanges, inclusionRanges } from '../../../workers/core/log/merkle';
import { propertyParameters } from '../../support/property';
import { hashOf, leavesOf, nodesGrown } from './grown-tree';
import { naivePath, naiveProof, naiveRoot } from './naive-tree';

test('trees of up to ten thousand leaves, grown in any steps, agree with RFC 6962', () => {
	const tree = fc.integer({ min: 1, max: 10_000 }).chain((size) =>
		fc.record({
			size: fc.constant(size),
			first: fc.integer({ min: 1, max: size }),
			index: fc.integer({ min: 0, max: size - 1 }),
			step: fc.integer({ min: 1, max: 200 }),
		}),
	);
	fc.assert(
		fc.property(tree, ({ size, first, index, step }) => {
			const d = leavesOf(size);
			const nodes = nodesGrown(d, (at) => 1 + ((at * 7) % step));
			const root = hashOf(nodes, { from: 0, to: size });
			expect(root).toBe(naiveRoot(d));
			expect(inclusionRanges(index, size).map((range) => hashOf(nodes, range))).toEqual(naivePath(index, d));
			expect(consistencyRanges(first, size).map((range) => hashOf(nodes, range))).toEqual(naiveProof(first, d));
		}),
		propertyParameters('large trees', 8, 4),
	);
});

test('a hundred thousand leaves have the root that RFC 6962 gives them', () => {
	const d = leavesOf(100_000);
	const nodes = nodesGrown(d, () => 500);
	expect(hashOf(nodes, { from: 0, to: d.length })).toBe(naiveRoot(d));
	expect(nodes.size).toBeLessThan(2 * d.length);
});
