import { canonicalJson } from '../receipts/canonical-json';

/** What the chain covers of an entry: every column, how it falls on buckets, and the terms of the bucket that it made. */
export interface SealedEntry {
	id: string;
	accountId: string;
	seq: number;
	kind: string;
	amount: number;
	posted: number;
	held: number;
	owed: number;
	balance: number;
	renderId: string | null;
	purchaseId: string | null;
	causeId: string | null;
	resolvesId: string | null;
	createdAtMs: number;
	/** By bucket. */
	parts: readonly { bucketId: string; posted: number; held: number }[];
	/** Of a grant: what never changes in its bucket. */
	bucket: {
		accountId: string;
		source: string;
		granted: number;
		expiresAtMs: number | null;
		purchaseId: string | null;
		createdAtMs: number;
	} | null;
}

/** What an account's chain begins with. */
export const CHAIN_START = '';

/** The hash of an entry after `before`: SHA-256 of the hash before, a line feed and the entry as canonical JSON; hex. */
export async function entryHash(before: string, entry: SealedEntry): Promise<string> {
	const parts = entry.parts.toSorted((a, b) => (a.bucketId < b.bucketId ? -1 : 1));
	const bytes = new TextEncoder().encode(`${before}\n${canonicalJson({ ...entry, parts })}`);
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
