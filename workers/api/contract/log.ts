/** The log of receipts as it is asked for (RFC 6962): heads, and proofs that lead to them. */
import { z } from '@hono/zod-openapi';

import { HEAD_VERSION } from '../../core/log/log-head';

export const LogHead = z
	.object({
		version: z.literal(HEAD_VERSION),
		treeSize: z.number().int().openapi({ description: 'How many receipts it covers' }),
		rootHash: z.string().openapi({ description: 'SHA-256, hexadecimal' }),
		signedAt: z.iso.datetime(),
		keyId: z.string(),
		publicKey: z.string().openapi({ description: 'Ed25519, base64url' }),
		signature: z.string().openapi({ description: 'Over the canonical JSON of everything else, base64url' }),
	})
	.openapi('LogHead');

export const ReceiptProof = z
	.object({
		leafIndex: z.number().int().openapi({ description: 'Counted from 0' }),
		hashes: z.array(z.string()).openapi({ description: 'From the leaf’s neighbour to the root’s' }),
		head: LogHead,
	})
	.openapi('ReceiptProof');

export const ReceiptProofAnswer = z
	.discriminatedUnion('state', [
		z
			.object({ state: z.literal('pending') })
			.openapi({ description: 'No head covers it yet; one does within minutes' }),
		z.object({ state: z.literal('included'), proof: ReceiptProof }),
	])
	.openapi('ReceiptProofAnswer');

const size = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

export const ConsistencyQuery = z.object({
	from: size.openapi({ description: 'The size of the older head' }),
	to: size.openapi({ description: 'The size of the newer head' }),
});

export const ConsistencyAnswer = z
	.object({ from: z.number().int(), to: z.number().int(), hashes: z.array(z.string()) })
	.openapi('LogConsistency');
