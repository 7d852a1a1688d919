import { z } from 'zod';

import { ASSET_KINDS } from '../../../studios/studio';
import { canonicalJson } from '../receipts/canonical-json';
import { fromBase64, toBase64Url, type ReceiptKey } from '../receipts/receipt-key';

export const STATEMENT_VERSION = 'afterglow-statement/1';

/** What leaves this service as a file. */
export const FILE_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'video/mp4'] as const;
/** A film of five minutes is a tenth of it. */
export const FILE_BYTES_MAX = 2 ** 31;

export const FileHash = z.string().regex(/^[0-9a-f]{64}$/, 'A SHA-256 has 64 hexadecimal digits.');

/**
 * What was said of a file when it was exported: whoever exported it said which order it shows, and the service what that is. It holds
 * no patient and no person.
 */
export const StatementBody = z.strictObject({
	version: z.literal(STATEMENT_VERSION),
	statementId: z.string(),
	/** SHA-256 of the file, hex. */
	fileHash: FileHash,
	contentType: z.enum(FILE_TYPES),
	byteLength: z.int().positive().max(FILE_BYTES_MAX),
	kind: z.enum(ASSET_KINDS),
	class: z.enum(['source', 'simulation', 'genuine_pair', 'generated']),
	label: z.string().nullable(),
	digitalSourceType: z.string(),
	tools: z.array(z.strictObject({ processor: z.string(), model: z.string() })),
	madeBy: z.string().nullable(),
	studio: z.string(),
	statedAt: z.iso.datetime(),
	keyId: z.string(),
	/** Raw Ed25519, base64url: which one it was; whether it is ours is known from the published ones. */
	publicKey: z.string(),
});
export type StatementBody = z.infer<typeof StatementBody>;

/** The file that lies beside an exported one, `name.afterglow.json`. */
export const FileStatement = z.strictObject({
	body: StatementBody,
	/** Ed25519 over the version, a line break and the canonical body: 64 bytes in base64url. */
	signature: z.string().regex(/^[\w-]{85}[AQgw]$/),
});
export type FileStatement = z.infer<typeof FileStatement>;

export type StatementFacts = Omit<StatementBody, 'version' | 'keyId' | 'publicKey'>;

export async function signStatement(key: ReceiptKey, facts: StatementFacts): Promise<FileStatement> {
	const { keyId, publicKey } = key;
	const body: StatementBody = { ...facts, version: STATEMENT_VERSION, keyId, publicKey };
	const signature = await crypto.subtle.sign('Ed25519', key.privateKey, signedBytes(body));
	return { body, signature: toBase64Url(signature) };
}

/** Whether one of `publicKeys`, raw and in base64url, signed it. The key that it names itself is not trusted. */
export async function isStatementSigned(
	{ body, signature }: FileStatement,
	publicKeys: readonly string[],
): Promise<boolean> {
	if (!publicKeys.includes(body.publicKey)) return false;
	const key = await crypto.subtle.importKey('raw', fromBase64(body.publicKey), 'Ed25519', false, ['verify']);
	return crypto.subtle.verify('Ed25519', key, fromBase64(signature), signedBytes(body));
}

/** The version before the text: what is signed here can never be read as something else that is signed. */
function signedBytes(body: StatementBody) {
	return new TextEncoder().encode(`${STATEMENT_VERSION}\n${canonicalJson(body)}`);
}
