/**
 * The one function of the Pages project: what belongs to the api goes through the service binding untouched, everything
 * else is a page. It lies outside `functions/` because the page's build has to come first.
 */
import { createRequestHandler, type AppLoadContext } from '@remix-run/cloudflare';
// @ts-expect-error It exists after the build only; its shape is Remix's ServerBuild.
import * as serverBuild from '../../build/server';

import { isStudioSlug } from '../../studios/all';
import { allowedBeforeEnding, EVENT_HEADER, sessionEventOf, tellSessionEvent } from '../measure/session-events';
import { trackerConfig, type TrackerVars } from '../measure/tracker-config';
import { withSafeHeaders } from '../security-headers';
import { belongsToApi, looksLikeFile } from './belongs-to';
import { oneClickFromAnywhere } from './one-click';

interface Binding {
	fetch(request: Request): Promise<Response>;
}

interface PagesContext {
	request: Request;
	env: { API: Binding; ASSETS: Binding; STUDIO: string; MEDIA_ORIGIN: string } & TrackerVars;
	waitUntil(work: Promise<unknown>): void;
}

const answerPage = createRequestHandler(serverBuild, 'production');

export async function onRequest(context: PagesContext): Promise<Response> {
	const { request, env } = context;
	const { pathname } = new URL(request.url);
	const isStaticFile = !belongsToApi(pathname) && looksLikeFile(pathname);
	if (isStaticFile) return withSafeHeaders(await env.ASSETS.fetch(request), request.url, { isStaticFile });
	const loading = loadContextOf(env);
	const before = await allowedBeforeEnding(loading, request);
	const answer = belongsToApi(pathname)
		? await env.API.fetch(request)
		: await answerPage(oneClickFromAnywhere(request), loading);
	const safe = withSafeHeaders(answer, request.url);
	const event = loading.trackers.umami === null ? null : sessionEventOf(request, safe);
	if (event !== null) context.waitUntil(tellSessionEvent(loading, request, { event, answer: safe, before }));
	safe.headers.delete(EVENT_HEADER);
	return safe;
}

function loadContextOf(env: PagesContext['env']): AppLoadContext {
	if (!isStudioSlug(env.STUDIO)) throw new Error(`STUDIO names no studio: ${env.STUDIO}`);
	return {
		api: { fetch: (input, init) => env.API.fetch(new Request(input, init)) },
		studio: env.STUDIO,
		mediaOrigin: env.MEDIA_ORIGIN,
		trackers: trackerConfig(env.STUDIO, env),
	};
}
