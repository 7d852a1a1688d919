import type { AppLoadContext, EntryContext } from '@remix-run/cloudflare';
import { RemixServer } from '@remix-run/react';
import { isbot } from 'isbot';
import { renderToReadableStream } from 'react-dom/server';

import { challengeOriginOf } from './challenge-origin';
import { PlanProvider } from './measure/plan-context';
import { planPage } from './measure/plan-page';
import { NonceProvider } from './nonce';
import { compilesWasm } from './reel/compiles-wasm';
import { createNonce, securityHeaders } from './security-headers';

export default async function handleRequest(
	request: Request,
	status: number,
	headers: Headers,
	remixContext: EntryContext,
	context: AppLoadContext,
): Promise<Response> {
	const nonce = createNonce();
	const plan = await planPage(context, request, { page: remixContext, status });
	let statusNow = status;
	const stream = await renderToReadableStream(
		<NonceProvider value={nonce}>
			<PlanProvider value={plan}>
				<RemixServer context={remixContext} url={request.url} nonce={nonce} />
			</PlanProvider>
		</NonceProvider>,
		{
			nonce,
			signal: request.signal,
			onError(error) {
				// A browser that leaves while the page is written is no fault of the page.
				if (request.signal.aborted) return;
				statusNow = 500;
				console.error({ event: 'page_failed', path: loggedPath(request.url), error });
			},
		},
	);
	if (isbot(request.headers.get('user-agent') ?? '')) await stream.allReady;

	const isHttps = new URL(request.url).protocol === 'https:';
	const safe = securityHeaders({
		nonce,
		mediaOrigin: context.mediaOrigin,
		challengeOrigin: challengeOriginOf(remixContext),
		compiles: compilesWasm(remixContext),
		measuring: plan.sources,
		isHttps,
		isDev: import.meta.env.DEV,
	});
	for (const [name, value] of Object.entries(safe)) headers.set(name, value);
	headers.set('content-type', 'text/html; charset=utf-8');
	// Every page may show who is signed in.
	if (!headers.has('cache-control')) headers.set('cache-control', 'private, no-store');
	return new Response(stream, { headers, status: statusNow });
}

/** The page's address without the token of a link, which whoever reads a log could open it by. */
function loggedPath(url: string): string {
	return new URL(url).pathname.replace(/^\/(s|u|p)\/.*$/, '/$1/…');
}
