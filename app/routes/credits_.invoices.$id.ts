import { redirect, type LoaderFunctionArgs } from '@remix-run/cloudflare';

import { apiFor, turnedAway } from '../api';

/** An address that lasts, leading to Stripe's own page of the invoice, whose address does not. */
export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const answer = await apiFor(context, request).v1.billing.purchases[':id'].invoice.$get({
		param: { id: params['id'] ?? '' },
	});
	if (!answer.ok) return turnedAway(answer, request);
	const { url } = await answer.json();
	return redirect(url, { headers: { 'cache-control': 'private, no-store' } });
}
