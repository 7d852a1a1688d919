import fc from 'fast-check';
import { expect, test } from 'vitest';

import { growLog } from '../../../workers/core/log/grow-log';
import {
	consistencyRanges,
	EMPTY_ROOT,
	inclusionRanges,
	isConsistent,
	isIncluded,
	leafHash,
	nodesOf,
} from '../../../workers/core/log/merkle';
import { propertyParameters } from '../../support/property';
import { hashOf, leavesOf, nodesGrown } from './grown-tree';
import { naivePath, naiveProof, naiveRoot } from './naive-tree';

const SMALL = 70;

function otherHash(hash: string): string {
	return `${hash.startsWith('0') ? '1' : '0'}${hash.slice(1)}`;
}

/** Each single place of a proof or a root changed: another digit, its end cut off, one more, two exchanged. */
function spoilt(hashes: readonly string[]): string[][] {
	return [
		...hashes.map((hash, index) => hashes.with(index, otherHash(hash))),
		...hashes.map((_, index) => hashes.toSpliced(index, 1)),
		[...hashes, leafHash('one more')],
		...hashes.slice(1).map((hash, index) => hashes.with(index, hash).with(index + 1, hashes[index] ?? '')),
	];
}

test('the empty tree has the hash of nothing, and a single leaf its own', () => {
	expect(EMPTY_ROOT).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
	expect(naiveRoot([])).toBe(EMPTY_ROOT);
	// The empty leaf of RFC 6962's published test vectors.
	expect(leafHash('')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
});

test(`roots and inclusion proofs of every leaf agree with RFC 6962 for all sizes to ${SMALL}`, () => {
	const all = leavesOf(SMALL);
	const nodes = nodesGrown(all);
	for (let size = 1; size <= SMALL; size += 1) {
		const d = all.slice(0, size);
		const root = hashOf(nodes, { from: 0, to: size });
		expect(root).toBe(naiveRoot(d));
		for (let index = 0; index < size; index += 1) {
			const proof = inclusionRanges(index, size).map((range) => hashOf(nodes, range));
			expect(proof).toEqual(naivePath(index, d));
			expect(isIncluded(leafHash(d[index] ?? ''), { index, size, root, proof })).toBe(true);
		}
	}
});

test(`consistency proofs of all pairs to ${SMALL} agree with RFC 6962`, () => {
	const all = leavesOf(SMALL);
	const nodes = nodesGrown(all);
	const roots = Array.from({ length: SMALL + 1 }, (_, size) => hashOf(nodes, { from: 0, to: size }));
	const treeOf = (size: number) => ({ size, root: roots[size] ?? '' });
	for (let second = 1; second <= SMALL; second += 1) {
		for (let first = 1; first <= second; first += 1) {
			const proof = consistencyRanges(first, second).map((range) => hashOf(nodes, range));
			expect(proof).toEqual(naiveProof(first, all.slice(0, second)));
			expect(isConsistent(treeOf(first), treeOf(second), proof)).toBe(true);
		}
	}
});

test('a proof is refused after any change to it, to its place, or to the tree', () => {
	const all = leavesOf(SMALL);
	const nodes = nodesGrown(all);
	const leaf = fc
		.integer({ min: 2, max: SMALL })
		.chain((size) => fc.record({ size: fc.constant(size), index: fc.integer({ min: 0, max: size - 1 }) }));
	fc.assert(
		fc.property(leaf, ({ size, index }) => {
			const root = hashOf(nodes, { from: 0, to: size });
			const proof = inclusionRanges(index, size).map((range) => hashOf(nodes, range));
			const hash = leafHash(all[index] ?? '');
			for (const touched of spoilt(proof)) expect(isIncluded(hash, { index, size, root, proof: touched })).toBe(false);
			for (const wrong of [leafHash('another root'), root.toUpperCase(), root.slice(1), '']) {
				expect(isIncluded(hash, { index, size, root: wrong, proof })).toBe(false);
			}
			expect(isIncluded(leafHash('another'), { index, size, root, proof })).toBe(false);
			for (const elsewhere of [index - 1, index + 1, size, -1, 0.5, Number.NaN].filter((at) => at !== index)) {
				expect(isIncluded(hash, { index: elsewhere, size, root, proof })).toBe(false);
			}
		}),
		propertyParameters('spoilt inclusion proofs', 200),
	);
});

test('a consistency proof is refused after any change, and for a tree that was rewritten', () => {
	const all = leavesOf(SMALL);
	const nodes = nodesGrown(all);
	const pair = fc.integer({ min: 2, max: SMALL }).chain((second) =>
		fc.record({
			second: fc.constant(second),
			first: fc.integer({ min: 1, max: second - 1 }),
			rewritten: fc.integer({ min: 0, max: second - 1 }),
		}),
	);
	fc.assert(
		fc.property(pair, ({ first, second, rewritten }) => {
			const older = { size: first, root: hashOf(nodes, { from: 0, to: first }) };
			const newer = { size: second, root: hashOf(nodes, { from: 0, to: second }) };
			const proof = consistencyRanges(first, second).map((range) => hashOf(nodes, range));
			for (const touched of spoilt(proof)) expect(isConsistent(older, newer, touched)).toBe(false);
			expect(isConsistent(newer, older, proof)).toBe(false);
			expect(isConsistent({ ...older, size: 0 }, newer, proof)).toBe(false);

			const fork = nodesGrown(all.slice(0, second).with(rewritten, 'rewritten'));
			const forged = { size: second, root: hashOf(fork, { from: 0, to: second }) };
			const forgedProof = consistencyRanges(first, second).map((range) => hashOf(fork, range));
			// What was added after the older head may be anything; what it covers may not change.
			expect(isConsistent(older, forged, forgedProof)).toBe(rewritten >= first);
		}),
		propertyParameters('spoilt consistency proofs', 200),
	);
});

test('what no tree has is refused', () => {
	expect(() => inclusionRanges(3, 3)).toThrow('a tree of 3 has no leaf 3');
	expect(() => consistencyRanges(0, 3)).toThrow('does not continue');
	expect(() => consistencyRanges(4, 3)).toThrow('does not continue');
	expect(() => nodesOf({ from: 1, to: 3 })).toThrow('no subtree of 2 leaves begins at leaf 1');
	expect(growLog(3, [{ level: 0, position: 2, hash: 'x' }], ['y'])).toBeNull();
});
