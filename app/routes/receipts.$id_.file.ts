import type { LoaderFunctionArgs } from '@remix-run/cloudflare';

import { apiFor, turnedAway } from '../api';

/** The receipt as the offline check reads it: the signed text as an object, around it what repeats it, and its place in the log. */
export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const answer = await apiFor(context, request).v1.receipts[':id'].$get({ param: { id: params['id'] ?? '' } });
	if (!answer.ok) return turnedAway(answer, request);
	const receipt = await answer.json();
	if (receipt.state === 'pending') {
		return new Response('This receipt is not signed yet. Come back once the deletion was checked.', { status: 404 });
	}
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
