import type { LoaderFunctionArgs } from '@remix-run/cloudflare';

import { apiFor, turnedAway } from '../api';

/** Every entry as a table for a spreadsheet, passed on as it comes. */
export async function loader({ request, context }: LoaderFunctionArgs) {
	const answer = await apiFor(context, request).v1.credits['entries.csv'].$get();
	if (!answer.ok) return turnedAway(answer, request);
	return new Response(answer.body, {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': answer.headers.get('content-disposition') ?? 'attachment; filename="credits.csv"',
			'cache-control': 'private, no-store',
		},
	});
}
