import { edgeOf, growLog, type LogNode } from '../../../workers/core/log/grow-log';
import { foldNodes, leafHash, nodesOf, type Range } from '../../../workers/core/log/merkle';

export function leavesOf(count: number): string[] {
	return Array.from({ length: count }, (_, index) => `{"seq":${index + 1}}`);
}

/** Nodes as the database holds them, grown in steps. */
export function nodesGrown(leaves: readonly string[], stepOf: (at: number) => number = () => 1): Map<string, string> {
	const nodes = new Map<string, string>();
	for (let at = 0; at < leaves.length;) {
		const edge = edgeOf(at).map((id): LogNode => ({ ...id, hash: nodes.get(keyOf(id)) ?? '' }));
		const next = leaves.slice(at, at + stepOf(at));
		const grown = growLog(at, edge, next.map(leafHash));
		if (grown === null) throw new Error('the edge is whole');
		for (const node of grown) nodes.set(keyOf(node), node.hash);
		at += next.length;
	}
	return nodes;
}

function keyOf({ level, position }: { level: number; position: number }): string {
	return `${level}/${position}`;
}

export function hashOf(nodes: ReadonlyMap<string, string>, range: Range): string {
	return foldNodes(nodesOf(range).map((id) => nodes.get(keyOf(id)) ?? 'missing'));
}
