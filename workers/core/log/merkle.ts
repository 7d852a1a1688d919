import { createHash } from 'node:crypto';

/*
 * The Merkle tree of RFC 6962, 2.1, over hashes alone: whoever stores nodes reads those that a proof needs (`nodesOf`) and hands them
 * in. Hashes are SHA-256 in lower-case hexadecimal; leaves count from 0.
 */

/** The root of a tree without leaves: SHA-256 of nothing. */
export const EMPTY_ROOT = createHash('sha256').digest('hex');

/** The leaves `from` … `to` − 1. */
export interface Range {
	readonly from: number;
	readonly to: number;
}

/** The whole subtree over the leaves `position`·2^`level` and its 2^`level` − 1 followers. */
export interface NodeId {
	readonly level: number;
	readonly position: number;
}

const LEAF = Uint8Array.of(0);
const INNER = Uint8Array.of(1);

export function leafHash(bytes: string): string {
	return createHash('sha256').update(LEAF).update(bytes, 'utf8').digest('hex');
}

export function innerHash(left: string, right: string): string {
	return createHash('sha256').update(INNER).update(left, 'hex').update(right, 'hex').digest('hex');
}

/** The whole subtrees that a range falls into, the largest first. The range begins where a subtree of its size may begin. */
export function nodesOf({ from, to }: Range): NodeId[] {
	const nodes: NodeId[] = [];
	let at = from;
	while (at < to) {
		const level = Math.floor(Math.log2(to - at));
		const width = 2 ** level;
		if (at % width !== 0) throw new RangeError(`no subtree of ${width} leaves begins at leaf ${at}`);
		nodes.push({ level, position: at / width });
		at += width;
	}
	return nodes;
}

/** The hash of a range out of the hashes of its whole subtrees, in the order of `nodesOf`. */
export function foldNodes(hashes: readonly string[]): string {
	const last = hashes.at(-1);
	if (last === undefined) return EMPTY_ROOT;
	return hashes.slice(0, -1).reduceRight((right, left) => innerHash(left, right), last);
}

/** PATH(m, D[n]) as ranges, from the leaf's neighbour to the root's (RFC 6962, 2.1.1). */
export function inclusionRanges(index: number, size: number): Range[] {
	if (!isCount(index) || !isCount(size) || index >= size)
		throw new RangeError(`a tree of ${size} has no leaf ${index}`);
	const path: Range[] = [];
	let [from, to] = [0, size];
	while (to - from > 1) {
		const middle = from + splitOf(to - from);
		if (index < middle) {
			path.push({ from: middle, to });
			to = middle;
		} else {
			path.push({ from, to: middle });
			from = middle;
		}
	}
	return path.toReversed();
}

/** PROOF(m, D[n]) as ranges, in the order of RFC 6962, 2.1.2; none for equal trees. Asks for 0 < `first` ≤ `second`. */
export function consistencyRanges(first: number, second: number): Range[] {
	if (!isCount(first) || !isCount(second) || first === 0 || first > second) {
		throw new RangeError(`a tree of ${second} does not continue one of ${first}`);
	}
	const proof: Range[] = [];
	let [from, to] = [0, second];
	while (to !== first) {
		const middle = from + splitOf(to - from);
		if (first <= middle) {
			proof.push({ from: middle, to });
			to = middle;
		} else {
			proof.push({ from, to: middle });
			from = middle;
		}
	}
	// The older tree itself is known to whoever asks, so it is left out where it is a subtree of the newer.
	if (from !== 0) proof.push({ from, to });
	return proof.toReversed();
}

/** Whether `leaf` is at `index` in the tree of `size` leaves with this root (RFC 9162, 2.1.3.2). */
export function isIncluded(
	leaf: string,
	{ index, size, root, proof }: { index: number; size: number; root: string; proof: readonly string[] },
): boolean {
	if (!isCount(index) || !isCount(size) || index >= size || !areHashes([leaf, root, ...proof])) return false;
	let [at, last] = [index, size - 1];
	let hash = leaf;
	for (const sibling of proof) {
		if (last === 0) return false;
		if (at % 2 === 1 || at === last) {
			hash = innerHash(sibling, hash);
			while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
		} else {
			hash = innerHash(hash, sibling);
		}
		[at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
	}
	return last === 0 && hash === root;
}

/** Whether the tree of `second` leaves begins with all leaves of the tree of `first` (RFC 9162, 2.1.4.2). */
export function isConsistent(
	older: { size: number; root: string },
	newer: { size: number; root: string },
	proof: readonly string[],
): boolean {
	const { size: first } = older;
	const { size: second } = newer;
	if (!isCount(first) || !isCount(second) || first === 0 || first > second) return false;
	if (!areHashes([older.root, newer.root, ...proof])) return false;
	if (first === second) return proof.length === 0 && older.root === newer.root;
	const path = isPowerOfTwo(first) ? [older.root, ...proof] : [...proof];
	const [seed, ...rest] = path;
	if (seed === undefined || proof.length === 0) return false;
	let [at, last] = [first - 1, second - 1];
	while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
	let [olderHash, newerHash] = [seed, seed];
	for (const node of rest) {
		if (last === 0) return false;
		if (at % 2 === 1 || at === last) {
			olderHash = innerHash(node, olderHash);
			newerHash = innerHash(node, newerHash);
			while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
		} else {
			newerHash = innerHash(newerHash, node);
		}
		[at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
	}
	return last === 0 && olderHash === older.root && newerHash === newer.root;
}

/** The largest power of two below `count`, which is 2 at least. */
function splitOf(count: number): number {
	return 2 ** Math.floor(Math.log2(count - 1));
}

function isPowerOfTwo(count: number): boolean {
	return 2 ** Math.round(Math.log2(count)) === count;
}

/** Another spelling of the same bytes is refused: a proof that was touched is not a proof. */
function areHashes(values: readonly string[]): boolean {
	return values.every((value) => /^[0-9a-f]{64}$/.test(value));
}

function isCount(value: number): boolean {
	return Number.isSafeInteger(value) && value >= 0;
}
