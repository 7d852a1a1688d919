import type { LoaderFunctionArgs } from '@remix-run/cloudflare';

import { apiFor, turnedAway } from '../api';
import { receiptFile } from '../receipts/receipt-file';

/** The receipt of an erasure as the offline check reads it, without a sign-in. */
export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const answer = await apiFor(context, request).v1.erasures[':id'].$get({ param: { id: params['id'] ?? '' } });
	if (!answer.ok) return turnedAway(answer, request);
	const { receipt } = await answer.json();
	if (receipt === null) {
		return new Response('This receipt is not signed yet. Come back once all of it is gone.', { status: 404 });
	}
	return receiptFile(receipt);
}
