import { z } from 'zod';

import { isId } from '../ids';

const Time = z.iso.datetime();
const Label = z.string().min(1).max(200);

/** What somebody may be told was deleted. The last three are whole: with all that belonged to it. */
export const RECEIPT_KINDS = [
	'source_deleted',
	'asset_deleted',
	'consent_revoked',
	'subject_erased',
	'account_erased',
	'person_erased',
] as const;

export const PLACE_STATES = ['deleted', 'nothing_held', 'lifetime_ended', 'kept', 'scheduled'] as const;

const OBJECTS = ['upload', 'asset', 'consent', 'subject', 'account', 'erasure'] as const;

/** An account's id follows from the key that it was opened with, in a larger alphabet than drawn ones. */
function isObjectId(id: string): boolean {
	return OBJECTS.some((kind) => isId(kind, id)) || /^acc_[\w-]{26}$/.test(id);
}

const Count = z.int().nonnegative();

const Keeping = z.strictObject({
	name: Label,
	requests: z.int().positive(),
	inputUrlSecondsMax: Count.nullable(),
	storageOff: Count,
	copied: Count,
	payloadsDeleted: Count,
	deletedAt: Time.nullable(),
	addressesSeen: z.array(z.strictObject({ status: z.int().min(100).max(599), count: z.int().positive() })),
	verifiedAt: Time.nullable(),
});

/**
 * What a receipt states. A place is `deleted` after it was read again, `nothing_held` when nothing was sent there, and
 * `lifetime_ended` when a submission's answer was lost and whatever it made there is past the life we asked for. `kept`: what can be
 * deleted there is, and the law keeps the rest, which `kept` names; `scheduled`: it goes there by itself, and `kept` says when. A
 * receipt names an object by its random id, a person by their erasure's, and says nothing about references, no hash of the
 * content. A place that could not be checked has no state here, so a receipt cannot be issued while one is open.
 */
export const ReceiptFacts = z.strictObject({
	kind: z.enum(RECEIPT_KINDS),
	/** The id of the upload, asset, consent, subject or account; of a person, that of the erasure. */
	objectId: z.string().refine(isObjectId, 'not the id of what a receipt is about'),
	deleted: z.array(z.strictObject({ what: Label, count: z.int().positive() })).min(1),
	places: z.array(z.strictObject({ name: Label, state: z.enum(PLACE_STATES), checkedAt: Time })).min(1),
	kept: z.array(z.strictObject({ what: Label, why: Label, until: Time.nullable() })),
	/**
	 * What each processor was asked about keeping and what was seen there (N6), as far as it was noted. Receipts from before this
	 * was counted have no such part.
	 */
	processors: z.array(Keeping).min(1).optional(),
	/** `render_ended`: a part of a render that failed or was cancelled, which nobody gets to see. */
	reason: z.enum(['window_ended', 'requested', 'consent_revoked', 'render_ended']),
	/** When it had to be gone; null when no window ran. */
	dueAt: Time.nullable(),
	deletedAt: Time,
});
export type ReceiptFacts = z.infer<typeof ReceiptFacts>;

export const RECEIPT_VERSION = 'afterglow-receipt/1';

/** The predecessor of the first receipt. */
export const GENESIS_HASH = '0'.repeat(64);

const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const KeyId = z.string().regex(/^[0-9a-f]{16}$/);

/** The signed part. The key is inside it, so a receipt stays readable after the key was replaced. */
export const ReceiptBody = ReceiptFacts.extend({
	version: z.literal(RECEIPT_VERSION),
	receiptId: z.string(),
	seq: z.int().positive(),
	previousHash: Hash,
	issuedAt: Time,
	keyId: KeyId,
	/** The raw Ed25519 public key in base64url. */
	publicKey: z.string(),
});
export type ReceiptBody = z.infer<typeof ReceiptBody>;

/** A receipt as its owner downloads it; the fields beside `body` repeat it, so that each can be read alone. */
export const SignedReceipt = z.strictObject({
	body: ReceiptBody,
	/** SHA-256 of the canonical body, hexadecimal. */
	hash: Hash,
	previousHash: Hash,
	seq: z.int().positive(),
	keyId: KeyId,
	/** Ed25519 over the canonical body: 64 bytes in the one base64url spelling they have. */
	signature: z.string().regex(/^[\w-]{85}[AQgw]$/),
	publicKey: z.string(),
});
export type SignedReceipt = z.infer<typeof SignedReceipt>;
