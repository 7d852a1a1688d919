import { redirect, type LoaderFunctionArgs } from '@remix-run/cloudflare';

import { apiFor, turnedAway } from '../api';

/** An address of a consent's paper that lasts, leading to one on the media host that ends in two minutes. */
export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const answer = await apiFor(context, request).v1.consents[':id'].paper.$get({ param: { id: params['id'] ?? '' } });
	if (!answer.ok) return turnedAway(answer, request);
	const { paper } = await answer.json();
	if (paper === null) return new Response('There is no paper of this consent.', { status: 404 });
	return redirect(paper.url, { headers: { 'cache-control': 'private, no-store' } });
}
