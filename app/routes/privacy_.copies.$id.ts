import { redirect, type LoaderFunctionArgs } from '@remix-run/cloudflare';

import { apiFor, turnedAway } from '../api';

/** Leads to the file on the media host, by a link of minutes that stands on no page. */
export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const id = params['id'] ?? '';
	const answer = await apiFor(context, request).v1.rights.exports[':id'].$get({ param: { id } });
	if (!answer.ok) throw await turnedAway(answer, request);
	const { downloadUrl } = await answer.json();
	return redirect(downloadUrl ?? '/privacy');
}
