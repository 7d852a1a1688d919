import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * The hashes of the whole subtrees of the receipts' Merkle tree (RFC 6962, 2.1): `position` n at `level` l covers the leaves
 * n·2^l … (n+1)·2^l − 1. Written with the receipt that completes them, and never again.
 */
export const logNodes = sqliteTable(
	'log_nodes',
	{
		level: integer().notNull(),
		position: integer().notNull(),
		/** SHA-256, hexadecimal. */
		hash: text().notNull(),
	},
	(t) => [primaryKey({ columns: [t.level, t.position], name: 'log_nodes_pk' })],
);

/** Signed tree heads, the newest of which is published. */
export const logHeads = sqliteTable(
	'log_heads',
	{
		/** How many receipts it covers. */
		treeSize: integer('tree_size').primaryKey(),
		rootHash: text('root_hash').notNull(),
		signedAtMs: integer('signed_at_ms').notNull(),
		keyId: text('key_id').notNull(),
		/** The raw Ed25519 public key, base64url: part of what is signed, so that a head outlives its key. */
		publicKey: text('public_key').notNull(),
		/** Ed25519 over the canonical head, base64url. */
		signature: text().notNull(),
	},
	(t) => [index('log_heads_signed').on(t.signedAtMs)],
);
