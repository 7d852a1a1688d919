/** Turns a receipt as the api answers it into what its page shows, and checks its signature on the way. */
import { z } from 'zod';

const Time = z.iso.datetime();

/** The signed facts that are shown. Fields this page does not know stay in the file. */
const Body = z.object({
	kind: z.enum([
		'source_deleted',
		'asset_deleted',
		'consent_revoked',
		'subject_erased',
		'account_erased',
		'person_erased',
	]),
	objectId: z.string(),
	deleted: z.array(z.object({ what: z.string(), count: z.number() })),
	places: z.array(
		z.object({
			name: z.string(),
			state: z.enum(['deleted', 'nothing_held', 'lifetime_ended', 'kept', 'scheduled']),
			checkedAt: Time,
		}),
	),
	/** Absent from receipts that were signed before this was counted. */
	processors: z
		.array(
			z.object({
				name: z.string(),
				requests: z.number(),
				inputUrlSecondsMax: z.number().nullable(),
				storageOff: z.number(),
				copied: z.number(),
				payloadsDeleted: z.number(),
				deletedAt: Time.nullable(),
				addressesSeen: z.array(z.object({ status: z.number(), count: z.number() })),
				verifiedAt: Time.nullable(),
			}),
		)
		.optional(),
	kept: z.array(z.object({ what: z.string(), why: z.string(), until: Time.nullable() })),
	reason: z.enum(['window_ended', 'requested', 'consent_revoked', 'render_ended']),
	dueAt: Time.nullable(),
	deletedAt: Time,
});

export interface IssuedReceipt {
	readonly seq: number;
	readonly issuedAt: string;
	readonly keyId: string;
	readonly signature: string;
	readonly body: z.infer<typeof Body>;
	readonly isSigned: boolean;
	readonly sealBytes: readonly number[];
	/** The signed head that covers it; null for the first minutes. */
	readonly proof: { readonly treeSize: number; readonly signedAt: string } | null;
}

interface Answered {
	readonly seq: number;
	readonly issuedAt: string;
	readonly body: string;
	readonly keyId: string;
	readonly signature: string;
	readonly publicKey: string;
	readonly proof: { readonly head: { readonly treeSize: number; readonly signedAt: string } } | null;
}

const SEAL_BYTES = 4;

/** The receipt with its verdict; a body that cannot be read throws, since the api promises its form. */
export async function readReceipt(answer: Answered): Promise<IssuedReceipt> {
	const { seq, issuedAt, keyId, signature, proof } = answer;
	return {
		seq,
		issuedAt,
		keyId,
		signature,
		body: Body.parse(JSON.parse(answer.body)),
		isSigned: await isSigned(answer),
		sealBytes: await sealBytesOf(signature),
		proof: proof === null ? null : { treeSize: proof.head.treeSize, signedAt: proof.head.signedAt },
	};
}

/** Whether the signature fits the exact text under the key that is named in it. */
export async function isSigned(answer: Pick<Answered, 'body' | 'publicKey' | 'signature'>): Promise<boolean> {
	try {
		const key = await crypto.subtle.importKey('raw', bytesOf(answer.publicKey), 'Ed25519', false, ['verify']);
		return await crypto.subtle.verify('Ed25519', key, bytesOf(answer.signature), new TextEncoder().encode(answer.body));
	} catch {
		// A damaged key or signature is an answer here: it is not signed.
		return false;
	}
}

/** The bytes that draw the seal: the first four of the signature's SHA-256. */
export async function sealBytesOf(signature: string): Promise<number[]> {
	const digest = await crypto.subtle.digest('SHA-256', bytesOf(signature));
	return [...new Uint8Array(digest).slice(0, SEAL_BYTES)];
}

function bytesOf(base64Url: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(atob(base64Url.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
}
