/** The bodies about what a file says of itself: the mark inside it, and the statement beside it. */
import { z } from '@hono/zod-openapi';

import { ASSET_KINDS } from '../../../studios/studio';
import { ACTIONS_BYTES_MAX, CLAIM_BYTES_MAX } from '../../core/provenance/check-claim';
import { FILE_BYTES_MAX, FILE_TYPES, FileHash, FileStatement } from '../../core/provenance/file-statement';

const time = z.iso.datetime().openapi({ description: 'ISO 8601, UTC' });
const renderId = z.string().max(60).openapi({ description: 'The order that the file shows' });
const kind = z.enum(ASSET_KINDS).openapi({
	description: '`reel`, `still` and `pair` are what a device made of the picture after.',
});
const fileHash = FileHash.openapi({ description: 'SHA-256 of the file, hex: all that is sent of it' });

const facts = {
	kind,
	class: z.enum(['source', 'simulation', 'genuine_pair', 'generated']),
	label: z.string().nullable().openapi({ description: 'What has to be readable inside the picture.' }),
	digitalSourceType: z.string().openapi({ description: 'How it came to be, by IPTC NewsCodes' }),
	tools: z.array(z.object({ processor: z.string(), model: z.string() })),
	madeBy: z.string().nullable().openapi({ description: 'The account’s name; null where that is a person’s.' }),
	studio: z.string(),
};

export const CredentialQuery = z.object({ renderId, kind });

export const CredentialFactsAnswer = z
	.object({
		...facts,
		signatureBytes: z.number().int().nullable().openapi({
			description: 'How long a signature is; null: no content credentials are signed here.',
		}),
	})
	.openapi('CredentialFacts');

const base64 = (bytesMax: number) => z.base64().max(Math.ceil(bytesMax / 3) * 4);

export const SignatureOrder = z
	.object({
		renderId,
		kind,
		claim: base64(CLAIM_BYTES_MAX).openapi({ description: 'A C2PA claim, CBOR, in base64' }),
		actions: base64(ACTIONS_BYTES_MAX).openapi({
			description: 'The content of the JUMBF box of its actions, in base64: what the claim has the hash of',
		}),
	})
	.openapi('SignatureOrder');

export const SignatureAnswer = z
	.object({ signature: z.string().openapi({ description: 'COSE_Sign1 over the claim, in base64' }) })
	.openapi('Signature');

export const StatementOrder = z
	.object({
		renderId,
		kind,
		fileHash,
		contentType: z.enum(FILE_TYPES),
		byteLength: z.number().int().min(1).max(FILE_BYTES_MAX),
	})
	.openapi('StatementOrder');

export const StatementAnswer = z
	.object({
		body: z.object({
			...facts,
			version: z.literal(FileStatement.shape.body.shape.version.value),
			statementId: z.string(),
			fileHash: z.string(),
			contentType: z.enum(FILE_TYPES),
			byteLength: z.number().int(),
			statedAt: time,
			keyId: z.string(),
			publicKey: z.string(),
		}),
		signature: z.string(),
	})
	.openapi('FileStatement', {
		description:
			'Ed25519 over `afterglow-statement/1`, a line break and the canonical body (RFC 8785), by a key of /.well-known/afterglow-statement-keys.json.',
	});

export const FileQuestion = z.object({ fileHash }).openapi('FileQuestion');

export const FileStatements = z
	.object({ items: z.array(StatementAnswer) })
	.openapi('FileStatements', { description: 'The oldest first, five at most; none: nothing was said of it here.' });
