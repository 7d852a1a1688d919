import { Hono, type Context } from 'hono';
import { cors } from 'hono/cors';

import { AppError, notFound, STATUS_BY_CODE, toErrorBody } from '../core/errors';
import { logError } from '../core/log';
import { OBJECT_PATH } from '../core/media/sign-url';
import type { MediaBindings, MediaDeps, MediaEnv } from './bindings';
import { RETRY_AFTER_SECONDS } from './body-slots';
import { getObject } from './get-object';
import { putObject } from './put-object';

/** For every answer, refusals too: bytes are inert, unshared and forgotten by caches (R2 behind a cache outlives its deletion). */
const SECURITY_HEADERS = {
	'x-content-type-options': 'nosniff',
	'content-security-policy': "sandbox; default-src 'none'",
	'cache-control': 'private, no-store',
	'referrer-policy': 'no-referrer',
};

/** Browsers ask again after this; a wrong answer during a deployment ends soon. */
const PREFLIGHT_SECONDS = 600;

/** The routes of the media Worker over the deps that each request's bindings make. */
export function mediaApp(depsOf: (bindings: MediaBindings) => MediaDeps): Hono<MediaEnv> {
	const app = new Hono<MediaEnv>();

	app.use(async (c, next) => {
		for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.header(name, value);
		c.set('deps', depsOf(c.env));
		await next();
	});

	app.use(
		cors({
			origin: (origin, c: Context<MediaEnv>) => (origin === c.var.deps.appOrigin ? origin : null),
			allowMethods: ['PUT', 'GET', 'HEAD'],
			allowHeaders: ['content-type', 'range', 'if-range'],
			exposeHeaders: ['content-length', 'content-range', 'accept-ranges', 'etag', 'retry-after'],
			maxAge: PREFLIGHT_SECONDS,
		}),
	);

	app.put(`${OBJECT_PATH}*`, putObject);
	app.get(`${OBJECT_PATH}*`, getObject);

	app.notFound((c) => c.json(toErrorBody(notFound('object')), STATUS_BY_CODE.not_found));

	app.onError((error, c) => {
		if (error instanceof AppError) {
			if (error.code === 'upstream_unavailable') c.header('retry-after', String(RETRY_AFTER_SECONDS));
			return c.json(toErrorBody(error), STATUS_BY_CODE[error.code]);
		}
		logError('unhandled_error', error, { worker: 'media' });
		return c.json(
			{ error: { code: 'internal', message: 'Something went wrong on our side. Try again in a minute.' } },
			500,
		);
	});

	return app;
}
