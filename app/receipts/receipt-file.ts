interface Answered {
	readonly id: string;
	readonly seq: number;
	readonly hash: string;
	readonly previousHash: string;
	readonly keyId: string;
	readonly signature: string;
	readonly publicKey: string;
	/** The exact text that was signed. */
	readonly body: string;
	readonly proof: object | null;
}

/** The file that the offline check reads: the signed text as an object, around it what repeats it, and its place in the log. */
export function receiptFile(receipt: Answered): Response {
	const { id, seq, hash, previousHash, keyId, signature, publicKey, proof } = receipt;
	const body: unknown = JSON.parse(receipt.body);
	const file = { body, hash, previousHash, seq, keyId, signature, publicKey, ...(proof === null ? {} : { proof }) };
	return new Response(JSON.stringify(file, null, '\t'), {
		headers: {
			'content-type': 'application/json',
			// The place in the chain would tell whoever sees the file how much everybody has deleted.
			'content-disposition': `attachment; filename="receipt-${id}.json"`,
			'cache-control': 'private, no-store',
		},
	});
}
