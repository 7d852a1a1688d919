import { createRequire } from 'node:module';

import { getRequestListener } from '@hono/node-server';
import type { Plugin, ViteDevServer } from 'vite';

import { NO_TRACKERS } from '../../app/measure/tracker-config';
import { belongsToApi } from '../../app/pages/belongs-to';
import type { StudioSlug } from '../../studios/studio';
import type { Edge } from '../edge/start-edge';
import { fromRoot } from '../root';

const require = createRequire(fromRoot('package.json'));

const LISTENER = {
	// Node's own Request and Response stay: Vite and Remix in the same process know them.
	overrideGlobalObjects: false,
	errorHandler(error: unknown) {
		console.error(error);
		return new Response('This failed; the terminal says why.', { status: 500 });
	},
};

/** The parts of `@remix-run/cloudflare` that are used; its own types would bring the Workers' globals to Node. */
interface RemixModule {
	createRequestHandler(
		build: unknown,
		mode: 'development',
	): (
		request: Request,
		context: { api: Edge['api']; studio: StudioSlug; mediaOrigin: string; trackers: typeof NO_TRACKERS },
	) => Promise<Response>;
}

/** The listener hands over something that only looks like a Request; Miniflare and Remix want Node's own. */
async function genuine(request: Request): Promise<Request> {
	const { url, method, headers } = request;
	const isBodiless = method === 'GET' || method === 'HEAD';
	return new Request(url, { method, headers: [...headers], body: isBodiless ? null : await request.arrayBuffer() });
}

async function answerPage(vite: ViteDevServer, edge: Edge, studio: StudioSlug, request: Request): Promise<Response> {
	// Remix's name for the server build, made anew after every change.
	const build = await vite.ssrLoadModule('virtual:remix/server-build');
	const remix = require('@remix-run/cloudflare') as RemixModule;
	const context = { api: edge.api, studio, mediaOrigin: edge.mediaOrigin, trackers: NO_TRACKERS };
	return remix.createRequestHandler(build, 'development')(request, context);
}

/**
 * What `app/pages/[[path]].ts` does in the Pages project, inside Vite's development server: the api's paths go to the
 * api Worker, pages are rendered from the sources.
 */
export function pageServer(studio: StudioSlug, edge: Edge): Plugin {
	return {
		name: 'afterglow-page-server',
		// Before Remix's own handler, which would render pages without an api.
		enforce: 'pre',
		configureServer(vite) {
			const toApi = getRequestListener(async (request) => edge.api.fetch(await genuine(request)), LISTENER);
			const toPages = getRequestListener(
				async (request) => answerPage(vite, edge, studio, await genuine(request)),
				LISTENER,
			);
			vite.middlewares.use((request, response, next) => {
				const { pathname } = new URL(request.originalUrl ?? '/', 'http://local');
				if (belongsToApi(pathname)) void toApi(request, response);
				else next();
			});
			// After Vite's own: what is a module or a public file was answered by then.
			return () => {
				vite.middlewares.use((request, response) => {
					request.url = request.originalUrl ?? '/';
					void toPages(request, response);
				});
			};
		},
	};
}
