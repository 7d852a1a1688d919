import { z } from 'zod';

import type { logHeads } from '../../../schema/log';
import { canonicalJson } from '../receipts/canonical-json';
import { keyIdOf, toBase64Url, type ReceiptKey } from '../receipts/receipt-key';
import { isSignedBy } from '../receipts/verify-receipt';

export const HEAD_VERSION = 'afterglow-head/1';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What is signed: that the first `treeSize` receipts have this root, said at `signedAt`. */
const Head = z.strictObject({
	version: z.literal(HEAD_VERSION),
	treeSize: z.int().positive(),
	rootHash: Hash,
	signedAt: z.iso.datetime(),
	keyId: z.string().regex(/^[0-9a-f]{16}$/),
	/** The raw Ed25519 public key in base64url. */
	publicKey: z.string(),
});

/** A head as it is published: `signature` is Ed25519 over the canonical JSON of everything else. */
export const SignedHead = Head.extend({ signature: z.string().regex(/^[\w-]{85}[AQgw]$/) });
export type SignedHead = z.infer<typeof SignedHead>;

/** That a receipt is in the log: RFC 6962, 2.1.1, from the leaf's neighbour to the root's. */
export const InclusionProof = z.strictObject({
	/** Counted from 0: the receipt's `seq` less one. */
	leafIndex: z.int().nonnegative(),
	hashes: z.array(Hash),
	head: SignedHead,
});
export type InclusionProof = z.infer<typeof InclusionProof>;

export async function signHead(
	key: ReceiptKey,
	tree: { treeSize: number; rootHash: string; signedAt: Date },
): Promise<SignedHead> {
	const { treeSize, rootHash, signedAt } = tree;
	const { keyId, publicKey } = key;
	const head = {
		version: HEAD_VERSION,
		treeSize,
		rootHash,
		signedAt: signedAt.toISOString(),
		keyId,
		publicKey,
	} as const;
	const bytes = new TextEncoder().encode(canonicalJson(head));
	return { ...head, signature: toBase64Url(await crypto.subtle.sign('Ed25519', key.privateKey, bytes)) };
}

/**
 * Whether one of these keys, raw and in base64url, signed the head. The key inside it is not trusted: it has to be one of them, and
 * the one that it is named by.
 */
export async function isOurHead(signed: SignedHead, keys: readonly string[]): Promise<boolean> {
	const { signature, ...head } = signed;
	if (!keys.includes(head.publicKey) || head.keyId !== (await keyIdOf(head.publicKey))) return false;
	return isSignedBy(head.publicKey, signature, new TextEncoder().encode(canonicalJson(head)));
}

export function toHeadRow(head: SignedHead): typeof logHeads.$inferInsert {
	const { treeSize, rootHash, signedAt, keyId, publicKey, signature } = head;
	return { treeSize, rootHash, signedAtMs: Date.parse(signedAt), keyId, publicKey, signature };
}

export function fromHeadRow(row: typeof logHeads.$inferSelect): SignedHead {
	const { treeSize, rootHash, signedAtMs, keyId, publicKey, signature } = row;
	const signedAt = new Date(signedAtMs).toISOString();
	return { version: HEAD_VERSION, treeSize, rootHash, signedAt, keyId, publicKey, signature };
}
