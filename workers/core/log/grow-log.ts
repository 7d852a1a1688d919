import { innerHash, type NodeId } from './merkle';

export interface LogNode extends NodeId {
	readonly hash: string;
}

/** The places of the whole subtrees that a tree of `size` leaves falls into: its right edge, on which it grows. */
export function edgeOf(size: number): NodeId[] {
	const edge: NodeId[] = [];
	for (let level = 0, width = 1; width <= size; level += 1, width *= 2) {
		const position = Math.floor(size / width) - 1;
		if (position % 2 === 0) edge.push({ level, position });
	}
	return edge;
}

/**
 * The nodes that `leaves` add to a tree of `size` leaves: theirs, and those of each subtree that they complete. `edge`: the nodes
 * at `edgeOf(size)`, in any order. Null when one of them is missing, which is so for a log that has not been filled up yet.
 */
export function growLog(size: number, edge: readonly LogNode[], leaves: readonly string[]): LogNode[] | null {
	const open = new Map(edge.map(({ level, hash }) => [level, hash]));
	if (!edgeOf(size).every(({ level }) => open.has(level))) return null;
	const grown: LogNode[] = [];
	for (const [index, leaf] of leaves.entries()) {
		let node: LogNode = { level: 0, position: size + index, hash: leaf };
		grown.push(node);
		while (node.position % 2 === 1) {
			const left = open.get(node.level);
			if (left === undefined) throw new Error('a right node has a left neighbour');
			open.delete(node.level);
			node = { level: node.level + 1, position: (node.position - 1) / 2, hash: innerHash(left, node.hash) };
			grown.push(node);
		}
		open.set(node.level, node.hash);
	}
	return grown;
}
