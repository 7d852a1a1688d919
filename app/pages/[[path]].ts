/**
 * The one function of the Pages project: what belongs to the api goes through the service binding untouched, everything
 * else is a page. It lies outside `functions/` because the page's build has to come first.
 */
import { createRequestHandler } from '@remix-run/cloudflare';
// @ts-expect-error It exists after the build only; its shape is Remix's ServerBuild.
import * as serverBuild from '../../build/server';

import { isStudioSlug } from '../../studios/all';
import { withSafeHeaders } from '../security-headers';
import { belongsToApi, looksLikeFile } from './belongs-to';

interface Binding {
	fetch(request: Request): Promise<Response>;
}

interface PagesContext {
	request: Request;
	env: { API: Binding; ASSETS: Binding; STUDIO: string; MEDIA_ORIGIN: string };
}

const answerPage = createRequestHandler(serverBuild, 'production');

export async function onRequest(context: PagesContext): Promise<Response> {
	const { pathname } = new URL(context.request.url);
	const isStaticFile = !belongsToApi(pathname) && looksLikeFile(pathname);
	const answer = isStaticFile ? await context.env.ASSETS.fetch(context.request) : await answerOf(context, pathname);
	return withSafeHeaders(answer, context.request.url, { isStaticFile });
}

async function answerOf({ request, env }: PagesContext, pathname: string): Promise<Response> {
	if (belongsToApi(pathname)) return env.API.fetch(request);
	if (!isStudioSlug(env.STUDIO)) throw new Error(`STUDIO names no studio: ${env.STUDIO}`);
	return answerPage(request, {
		api: { fetch: (input, init) => env.API.fetch(new Request(input, init)) },
		studio: env.STUDIO,
		mediaOrigin: env.MEDIA_ORIGIN,
	});
}
