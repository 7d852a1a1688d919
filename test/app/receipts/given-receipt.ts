function toBase64Url(bytes: ArrayBuffer): string {
	return Buffer.from(bytes).toString('base64url');
}

const FACTS = {
	kind: 'source_deleted',
	objectId: 'upl_1',
	deleted: [{ what: 'patient photo', count: 1 }],
	places: [
		{ name: 'Our store', state: 'deleted', checkedAt: '2026-11-22T14:07:33Z' },
		{ name: 'fal.ai', state: 'nothing_held', checkedAt: '2026-11-22T14:07:36Z' },
	],
	kept: [{ what: 'The smile video', why: 'you have not deleted it', until: null }],
	reason: 'window_ended',
	dueAt: '2026-11-22T14:07:04Z',
	deletedAt: '2026-11-22T14:07:31Z',
	version: 'afterglow-receipt/1',
};

/** A receipt as the api answers it, signed by a fresh key. */
export async function givenIssuedReceipt() {
	const { privateKey, publicKey } = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
	const body = JSON.stringify(FACTS);
	return {
		state: 'issued' as const,
		id: 'rct_1',
		seq: 12,
		issuedAt: '2026-11-22T14:07:37Z',
		previousHash: '0'.repeat(64),
		hash: 'a'.repeat(64),
		body,
		keyId: '0123456789abcdef',
		signature: toBase64Url(await crypto.subtle.sign('Ed25519', privateKey, new TextEncoder().encode(body))),
		publicKey: toBase64Url(await crypto.subtle.exportKey('raw', publicKey)),
		proof: null,
	};
}
