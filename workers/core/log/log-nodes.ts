import { sql } from 'drizzle-orm';

import { logNodes } from '../../../schema/log';
import type { Database } from '../deps';
import type { LogNode } from './grow-log';
import { foldNodes, nodesOf, type NodeId, type Range } from './merkle';

/** More receipts than there will be. */
const LEVELS = JSON.stringify(Array.from({ length: 48 }, (_, level) => level));

/** Nodes as JSON in one parameter, since a statement takes a hundred of those. */
function jsonOf(nodes: readonly NodeId[]): string {
	return JSON.stringify(nodes.map(({ level, position }) => [level, position]));
}

/** The right edge of the tree over all receipts there are, for a batch. */
export function selectEdge(db: Database) {
	return db
		.select({ level: logNodes.level, position: logNodes.position, hash: logNodes.hash })
		.from(logNodes)
		.where(
			sql`(${logNodes.level}, ${logNodes.position}) in (
				select value, (n >> value) - 1
				from json_each(${LEVELS}), (select coalesce(max(seq), 0) as n from receipts) where (n >> value) & 1)`,
		);
}

/** Writes nodes, however many, in one statement; one that is there already breaks it, unless `isRepeatable`. */
export function insertNodes(db: Database, nodes: readonly LogNode[], { isRepeatable = false } = {}) {
	const rows = JSON.stringify(nodes.map(({ level, position, hash }) => [level, position, hash]));
	const insert = db.insert(logNodes).select(
		// Without a WHERE, SQLite would read the ON of a conflict as a join's.
		sql`select json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
			from json_each(${rows}) where true`,
	);
	return isRepeatable ? insert.onConflictDoNothing() : insert;
}

/** The hashes of these ranges, in their order; one statement. Throws when a node is missing: the log is damaged then. */
export async function readRanges(db: Database, ranges: readonly Range[]): Promise<string[]> {
	const wanted = ranges.map(nodesOf);
	const found = await readNodes(db, wanted.flat());
	return wanted.map((nodes) => foldNodes(nodes.map((node) => hashAt(found, node))));
}

export async function readNodes(db: Database, nodes: readonly NodeId[]): Promise<LogNode[]> {
	if (nodes.length === 0) return [];
	return db
		.select({ level: logNodes.level, position: logNodes.position, hash: logNodes.hash })
		.from(logNodes)
		.where(
			sql`(${logNodes.level}, ${logNodes.position}) in (
				select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(${jsonOf(nodes)}))`,
		);
}

function hashAt(found: readonly LogNode[], { level, position }: NodeId): string {
	const node = found.find((one) => one.level === level && one.position === position);
	if (node === undefined) throw new Error(`the log has no node ${position} at level ${level}`);
	return node.hash;
}
