import { sql } from 'drizzle-orm';

import { logHeads, logNodes } from '../../../schema/log';
import { receipts } from '../../../schema/receipts';
import type { Database, PublishedKeys } from '../deps';
import type { Vault } from '../vault/vault';
import { isOurHead, SignedHead } from './log-head';
import { readRanges } from './log-nodes';

/** The newest signed head, beside the keys: no restore of the database reaches it. */
export const NEWEST_HEAD = 'heads/newest';
/** Below it, for good, heads that an operator left behind when the log had to go on from a restored database. */
export const LEFT_HEADS = 'heads/left/';
/** More than one is more than there should ever be. */
const LEFT_MAX = 20;

export interface KeptHead {
	/** As it lies there: what is written in its place is written only over this. */
	text: string;
	head: SignedHead;
	/** Signed with a key of ours; otherwise nothing it says is believed. */
	isOurs: boolean;
}

/** What the database says of its log. */
export interface LogState {
	receipts: number;
	/** Of how many receipts there are nodes; fewer while older ones are still taken up. */
	leaves: number;
	/** Of the newest head; 0 and null before the first. */
	signedSize: number;
	signedRoot: string | null;
}

/** In one statement, also of a batch. */
export function selectLogState(db: Database) {
	return db
		.select({
			receipts: sql<number>`(select coalesce(max(seq), 0) from ${receipts})`.as('receipt_count'),
			leaves: sql<number>`(select coalesce(max(position) + 1, 0) from ${logNodes} where level = 0)`.as('leaves'),
			signedSize: sql<number>`(select coalesce(max(tree_size), 0) from ${logHeads})`.as('signed_size'),
			signedRoot: sql<string | null>`(select root_hash from ${logHeads} order by tree_size desc limit 1)`.as(
				'signed_root',
			),
		})
		.from(sql`(select 1)`);
}

/** Null before the first head was signed. Throws for what is no head; whether we signed it is looked at each time. */
export async function readKeptHead({
	vault,
	publishedKeys,
}: { vault: Vault } & PublishedKeys): Promise<KeptHead | null> {
	const text = await vault.store.read(NEWEST_HEAD);
	if (text === null) return null;
	const head = SignedHead.parse(JSON.parse(text));
	return { text, head, isOurs: await isOurHead(head, publishedKeys) };
}

/** Keeps a head in place of the one that was read; false, and nothing written, when another is there by now. */
export function keepHead({ vault }: { vault: Vault }, before: KeptHead | null, head: SignedHead): Promise<boolean> {
	const text = JSON.stringify(head);
	if (before === null) return vault.store.create(NEWEST_HEAD, text);
	return vault.store.replace(NEWEST_HEAD, before.text, text);
}

/**
 * Whether the database's tree begins with the one that the kept head was signed for. `forged`: no key of ours signed that head, so it
 * tells nothing. `forked`: the tree is smaller, or another one, as after a restore. `filling`: its receipts are not all taken up yet, so that nothing is known. One statement, and none where the newest head
 * of the database is the one that is kept.
 */
export async function compareKept(
	db: Database,
	state: LogState,
	{ head: { treeSize, rootHash }, isOurs }: KeptHead,
): Promise<'continues' | 'filling' | 'forked' | 'forged'> {
	if (!isOurs) return 'forged';
	if (treeSize === state.signedSize && rootHash === state.signedRoot) return 'continues';
	if (state.receipts < treeSize) return 'forked';
	if (state.leaves < treeSize) return 'filling';
	const [root] = await readRanges(db, [{ from: 0, to: treeSize }]);
	return root === rootHash ? 'continues' : 'forked';
}

/** The heads that were left behind, as they were signed. */
export async function listLeftHeads({ vault }: { vault: Vault }): Promise<SignedHead[]> {
	const { objects } = await vault.store.list(LEFT_HEADS, null, LEFT_MAX);
	const texts = await Promise.all(objects.map(({ name }) => vault.store.read(name)));
	return texts.flatMap((text) => (text === null ? [] : [SignedHead.parse(JSON.parse(text))]));
}
