import { redirect, type LoaderFunctionArgs } from '@remix-run/cloudflare';

import { apiFor, turnedAway } from '../api';

/**
 * `/files/:id/view` and `/files/:id/download`: an address that lasts, leading to one on the media host that ends in
 * minutes. A page that stays open never shows a dead picture, and costs no call for it while it is rendered.
 */
export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const { id = '', view } = params;
	if (view !== 'view' && view !== 'download') return new Response(null, { status: 404 });
	const answer = await apiFor(context, request).v1.assets[':id'].$get({ param: { id } });
	if (!answer.ok) return turnedAway(answer, request);
	const { url, downloadUrl, publish } = await answer.json();
	const address = view === 'view' ? url : downloadUrl;
	if (address === null) {
		const refused = publish.find(({ use }) => use === 'download');
		return new Response(refused?.rule ?? 'No copy of this may leave.', { status: 403 });
	}
	return redirect(address, { headers: { 'cache-control': 'private, no-store' } });
}
