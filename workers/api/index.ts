/** The public HTTP API, sign-in and webhooks. Adapters only: who, parse, call, answer. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';

import { AppError, notFound, STATUS_BY_CODE, toErrorBody } from '../core/errors';
import { logError } from '../core/log';
import { fromBase64, keyIdOf, publicKeySet, toBase64Url } from '../core/receipts/receipt-key';
import { apiDeps, authOf, type ApiEnv } from './bindings';
import { docsPage } from './docs-page';
import { refuseInvalid } from './refuse-invalid';
import { assetRoutes } from './routes/assets';
import { consentRoutes } from './routes/consents';
import { creditRoutes } from './routes/credits';
import { renderRoutes } from './routes/renders';
import { studioRoutes } from './routes/studio';
import { uploadRoutes } from './routes/uploads';
import { webhookRoutes } from './routes/webhooks';
import { refuseOtherOrigins, requireSignedIn } from './session';

const app = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid });

app.use(async (c, next) => {
	c.set('deps', apiDeps(c.env));
	await next();
	c.header('x-content-type-options', 'nosniff');
	c.header('cache-control', 'private, no-store');
});

app.use('/v1/*', refuseOtherOrigins);
for (const path of ['subjects', 'consents', 'uploads', 'quotes', 'renders', 'assets', 'credits', 'receipts']) {
	app.use(`/v1/${path}`, requireSignedIn);
	app.use(`/v1/${path}/*`, requireSignedIn);
}

app.onError((error, c) => {
	if (error instanceof AppError) return c.json(toErrorBody(error), STATUS_BY_CODE[error.code]);
	if (error instanceof HTTPException && error.status < 500) {
		return c.json(
			toErrorBody(new AppError('invalid_input', 'This is not JSON we can read.')),
			STATUS_BY_CODE.invalid_input,
		);
	}
	logError('unhandled_error', error, { worker: 'api' });
	return c.json(
		{ error: { code: 'internal', message: 'Something went wrong on our side. Try again in a minute.' } },
		500,
	);
});

app.notFound((c) => c.json(toErrorBody(notFound('address')), STATUS_BY_CODE.not_found));

app.on(['GET', 'POST'], '/api/auth/*', (c) => authOf(c.var.deps).handler(c.req.raw));

app.get('/.well-known/afterglow-keys.json', async (c) => {
	// SPKI ends with the 32 bytes of an Ed25519 key.
	const publicKey = toBase64Url(fromBase64(c.var.deps.receiptPublicKey).slice(-32).buffer);
	return c.json(publicKeySet({ keyId: await keyIdOf(publicKey), publicKey }));
});

app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
	type: 'apiKey',
	in: 'cookie',
	name: 'afterglow_session',
});

const DOCUMENT = {
	openapi: '3.1.0',
	info: {
		title: 'Afterglow',
		version: '1',
		description: 'Generative-media studios that can prove they keep their privacy policy.',
	},
} as const;

app.doc31('/openapi.json', DOCUMENT);
app.get('/docs', (c) => c.html(docsPage(app.getOpenAPI31Document(DOCUMENT))));
app.route('/', webhookRoutes);

const routes = app
	.route('/', studioRoutes)
	.route('/', consentRoutes)
	.route('/', uploadRoutes)
	.route('/', renderRoutes)
	.route('/', assetRoutes)
	.route('/', creditRoutes);

/** What the app's typed client is made from. */
export type Api = typeof routes;

export default app;
