/** The public HTTP API, sign-in and webhooks. Adapters only: who, parse, call, answer. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';

import { CHOICE_TEXT_VERSION } from '../../studios/policy/trackers';
import { sessionCookieName } from '../core/accounts/create-auth';
import { AppError, notFound, STATUS_BY_CODE, toErrorBody } from '../core/errors';
import { logError } from '../core/log';
import { keyIdOf, publicKeySet } from '../core/receipts/receipt-key';
import { apiDeps, type ApiEnv } from './bindings';
import { DOCS_POLICY, docsPage } from './docs-page';
import { limitBody } from './limit-body';
import { refuseInvalid } from './refuse-invalid';
import { profileRoutes } from './routes/account';
import { assetRoutes } from './routes/assets';
import { accountRoutes } from './routes/accounts';
import { auditRoutes } from './routes/audit';
import { authRoutes } from './routes/auth';
import { choiceRoutes } from './routes/choices';
import { compositionRoutes } from './routes/compositions';
import { consentLinkRoutes } from './routes/consent-links';
import { consentRoutes } from './routes/consents';
import { paperRoutes } from './routes/papers';
import { billingRoutes } from './routes/billing';
import { creditRoutes } from './routes/credits';
import { erasureRoutes } from './routes/erasures';
import { invitationRoutes } from './routes/invitations';
import { evidenceRoutes, publishedEvidenceRoutes } from './routes/evidence';
import { keyRoutes } from './routes/keys';
import { logRoutes, newestHeadRoute } from './routes/log';
import { mailRoutes } from './routes/mail';
import { meRoutes } from './routes/me';
import { memberRoutes } from './routes/members';
import { operationRoutes } from './routes/operations';
import { incidentOperations } from './routes/operations/incidents';
import { rightsOperations } from './routes/operations/rights';
import { staffAccessOperations } from './routes/operations/staff-access';
import { mailOperations } from './routes/operations/mail';
import { ticketOperations } from './routes/operations/tickets';
import { holdOperations } from './routes/operations/holds';
import { vaultOperations } from './routes/operations/vault';
import { policyRoutes, publishedPolicyRoutes } from './routes/policy';
import { passkeyRoutes } from './routes/passkeys';
import { postingRoutes } from './routes/postings';
import { provenanceRoutes, statementKeysRoute } from './routes/provenance';
import { providerRoutes } from './routes/providers';
import { renderRoutes } from './routes/renders';
import { rightsRoutes } from './routes/rights';
import { securityRoutes } from './routes/security';
import { shareRoutes } from './routes/shares';
import { studioRoutes } from './routes/studio';
import { ticketRoutes } from './routes/tickets';
import { uploadRoutes } from './routes/uploads';
import { wayRoutes } from './routes/ways';
import { webhookRoutes } from './routes/webhooks';
import { reportError } from './report-error';
import { refuseOtherOrigins } from './session';
import { whenceOf } from './whence';

const JSON_BYTES_MAX = 64 * 1024;

const app = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid });

app.use(async (c, next) => {
	c.set('deps', apiDeps(c.env));
	c.set('whence', whenceOf(c.req.raw.headers));
	await next();
	c.header('x-content-type-options', 'nosniff');
	// What is published for everybody says for how long by itself.
	if (!c.res.headers.has('cache-control')) c.header('cache-control', 'private, no-store');
});

// What is sent as JSON is small; photos go to the media host. Webhooks have a limit of their own.
const limitJson = limitBody(JSON_BYTES_MAX, `This request has more than ${JSON_BYTES_MAX / 1024} kB. Send less.`);
app.use('/v1/*', limitJson, refuseOtherOrigins);
app.use('/api/auth/*', limitJson);
app.onError(async (error, c) => {
	if (error instanceof AppError) {
		const wait = error.details?.['retryAfterSeconds'];
		if (wait !== undefined) c.header('retry-after', String(wait));
		return c.json(toErrorBody(error), STATUS_BY_CODE[error.code]);
	}
	if (error instanceof HTTPException && error.status < 500) {
		return c.json(
			toErrorBody(new AppError('invalid_input', 'This is not JSON we can read.')),
			STATUS_BY_CODE.invalid_input,
		);
	}
	logError('unhandled_error', error, { worker: 'api' });
	await reportError(c, error);
	return c.json(
		{ error: { code: 'internal', message: 'Something went wrong on our side. Try again in a minute.' } },
		500,
	);
});

app.notFound((c) => c.json(toErrorBody(notFound('address')), STATUS_BY_CODE.not_found));

app.get('/.well-known/afterglow-keys.json', async (c) => {
	const { publishedKeys } = c.var.deps;
	const keys = await Promise.all(
		publishedKeys.map(async (publicKey) => ({ keyId: await keyIdOf(publicKey), publicKey })),
	);
	return c.json(publicKeySet(...keys));
});

// That the signal is followed, for whoever looks (W3C, Global Privacy Control).
app.get('/.well-known/gpc.json', (c) => c.json({ gpc: true, lastUpdate: CHOICE_TEXT_VERSION }));

const DOCUMENT = {
	openapi: '3.1.0',
	info: {
		title: 'Afterglow',
		version: '1',
		description: 'Generative-media studios that can prove they keep their privacy policy.',
	},
} as const;

/** The cookie's name follows from the app's origin, which is known with a request. */
function documentFor(appOrigin: string) {
	const document = app.getOpenAPI31Document(DOCUMENT);
	const session = { type: 'apiKey', in: 'cookie', name: sessionCookieName(appOrigin) } as const;
	const apiKey = { type: 'http', scheme: 'bearer' } as const;
	const operatorKey = { type: 'http', scheme: 'bearer' } as const;
	return { ...document, components: { ...document.components, securitySchemes: { session, apiKey, operatorKey } } };
}

app.get('/openapi.json', (c) => c.json(documentFor(c.var.deps.appOrigin)));
app.get('/docs', (c) => {
	const { studio, appOrigin } = c.var.deps;
	c.header('content-security-policy', DOCS_POLICY);
	return c.html(docsPage(documentFor(appOrigin), { studio, origin: appOrigin }));
});
app.route('/', newestHeadRoute);
app.route('/', statementKeysRoute);
app.route('/', publishedEvidenceRoutes);
app.route('/', publishedPolicyRoutes);
app.route('/', webhookRoutes);
app.route('/', authRoutes);
app.route('/', providerRoutes);
app.route('/', passkeyRoutes);
app.route('/', operationRoutes);
app.route('/', mailOperations);
app.route('/', ticketOperations);
app.route('/', incidentOperations);
app.route('/', staffAccessOperations);
app.route('/', holdOperations);
app.route('/', vaultOperations);
app.route('/', rightsOperations);

const routes = app
	.route('/', studioRoutes)
	.route('/', consentRoutes)
	.route('/', paperRoutes)
	.route('/', consentLinkRoutes)
	.route('/', compositionRoutes)
	.route('/', choiceRoutes)
	.route('/', uploadRoutes)
	.route('/', renderRoutes)
	.route('/', assetRoutes)
	.route('/', logRoutes)
	.route('/', evidenceRoutes)
	.route('/', erasureRoutes)
	.route('/', creditRoutes)
	.route('/', billingRoutes)
	.route('/', accountRoutes)
	.route('/', shareRoutes)
	.route('/', postingRoutes)
	.route('/', provenanceRoutes)
	.route('/', profileRoutes)
	.route('/', memberRoutes)
	.route('/', invitationRoutes)
	.route('/', auditRoutes)
	.route('/', keyRoutes)
	.route('/', wayRoutes)
	.route('/', meRoutes)
	.route('/', mailRoutes)
	.route('/', ticketRoutes)
	.route('/', rightsRoutes)
	.route('/', policyRoutes)
	.route('/', securityRoutes);

/** What the app's typed client is made from. */
export type Api = typeof routes;

export default app;
