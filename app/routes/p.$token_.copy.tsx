import { redirect, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { renderToStaticMarkup } from 'react-dom/server';

import { pathsOf } from '../patient/bare-page';
import { CopySheet } from '../patient/copy-sheet';
import { openLink } from '../patient/open-link';

/** The signed words as a file of their own. Whatever there is none of leads back to the page, which says why. */
export async function loader({ request, context, params }: LoaderFunctionArgs) {
	const token = params['token'] ?? '';
	const { page } = await openLink(context, request, token);
	if (page.state !== 'signed' || page.text === null) return redirect(pathsOf(token).page);
	const sheet = renderToStaticMarkup(<CopySheet signed={page} />);
	return new Response(`<!doctype html>\n${sheet}\n`, {
		headers: {
			'content-type': 'text/html; charset=utf-8',
			// The name says nothing of whom or where: it lies among the downloads of a phone.
			'content-disposition': 'attachment; filename="what-you-signed.html"',
			'cache-control': 'private, no-store',
			'x-robots-tag': 'noindex, nofollow, noarchive',
		},
	});
}
