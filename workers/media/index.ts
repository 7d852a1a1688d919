/**
 * The only door to private bytes. A signed PUT brings one photo in, a signed GET hands one object out; there is no list
 * and no delete here. It has an origin of its own, so stored bytes never run as the app.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import { Hono, type Context } from 'hono';
import { cors } from 'hono/cors';

import type { ObjectFacts } from '../core/deps';
import { AppError, notFound, STATUS_BY_CODE, toErrorBody } from '../core/errors';
import { logError } from '../core/log';
import { OBJECT_PATH } from '../core/media/sign-url';
import { mediaDeps, type MediaBindings, type MediaEnv } from './bindings';
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

const app = new Hono<MediaEnv>();

app.use(async (c, next) => {
	for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.header(name, value);
	c.set('deps', mediaDeps(c.env));
	await next();
});

app.use(
	cors({
		origin: (origin, c: Context<MediaEnv>) => (origin === c.var.deps.appOrigin ? origin : null),
		allowMethods: ['PUT', 'GET', 'HEAD'],
		allowHeaders: ['content-type', 'range', 'if-range'],
		exposeHeaders: ['content-length', 'content-range', 'accept-ranges', 'etag'],
		maxAge: PREFLIGHT_SECONDS,
	}),
);

app.put(`${OBJECT_PATH}*`, putObject);
app.get(`${OBJECT_PATH}*`, getObject);

app.notFound((c) => c.json(toErrorBody(notFound('object')), STATUS_BY_CODE.not_found));

app.onError((error, c) => {
	if (error instanceof AppError) return c.json(toErrorBody(error), STATUS_BY_CODE[error.code]);
	logError('unhandled_error', error, { worker: 'media' });
	return c.json(
		{ error: { code: 'internal', message: 'Something went wrong on our side. Try again in a minute.' } },
		500,
	);
});

export default app;

/** What the api may ask over its service binding, instead of holding the bucket itself. */
export class MediaObjects extends WorkerEntrypoint<MediaBindings> {
	/** What is stored under a key, or null. Width and height are 0 for what has none on record. */
	async head(objectKey: string): Promise<ObjectFacts | null> {
		const object = await this.env.MEDIA.head(objectKey);
		if (object === null) return null;
		return {
			contentType: object.httpMetadata?.contentType ?? 'application/octet-stream',
			byteLength: object.size,
			width: Number(object.customMetadata?.['width'] ?? 0),
			height: Number(object.customMetadata?.['height'] ?? 0),
		};
	}
}
