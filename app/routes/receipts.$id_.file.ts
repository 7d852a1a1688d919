import type { LoaderFunctionArgs } from '@remix-run/cloudflare';

import { apiFor, turnedAway } from '../api';
import { receiptFile } from '../receipts/receipt-file';

/** The receipt as the offline check reads it. */
export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const answer = await apiFor(context, request).v1.receipts[':id'].$get({ param: { id: params['id'] ?? '' } });
	if (!answer.ok) return turnedAway(answer, request);
	const receipt = await answer.json();
	if (receipt.state === 'pending') {
		return new Response('This receipt is not signed yet. Come back once the deletion was checked.', { status: 404 });
	}
	return receiptFile(receipt);
}
