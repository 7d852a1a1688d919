import { once } from 'node:events';
import { createServer } from 'node:http';

import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { z } from 'zod';

import { createBreachedPasswords } from '../../emulators/breached-passwords/breached-passwords';
import { createSigningKey } from '../../emulators/fal/signing-key';
import { LOCAL_RESEND } from '../../emulators/mail/clients';
import { LOCAL_STRIPE } from '../../emulators/stripe/clients';
import { createStripe } from '../../emulators/stripe/stripe';
import { LOCAL_TURNSTILE } from '../../emulators/turnstile/tokens';
import { createTurnstile } from '../../emulators/turnstile/turnstile';
import { d1Through, DOOR, DOOR_SCRIPT } from '../../scripts/edge/d1-door';
import { applyMigrations } from '../../scripts/edge/migrate';
import { CookieJar } from '../../scripts/start/cookie-jar';
import { readCode } from '../../scripts/start/read-code';
import { dental } from '../../studios/dental';
import app from '../../workers/api/index';
import { countD1 } from '../support/counting-d1';
import { interceptD1 } from '../support/intercepted-d1';
import { memoryBucket } from '../support/memory-bucket';
import { TEST_RECEIPT_SPKI } from '../support/receipt-key';
import { TEST_STATEMENT_SEED } from '../support/statement-key';

const ORIGIN = 'https://app.test';
const TOKEN_KEY = 'a token key of the tests, 32 characters or more';

/** The api as it is deployed, over a real local D1 whose statements are counted; what it queues is kept. */
export async function startCountingApi() {
	const miniflare = new Miniflare(
		convertV4MiniflareOptions({
			telemetry: { enabled: false },
			cf: false,
			workers: [
				{
					name: DOOR,
					compatibilityDate: '2026-08-01',
					modules: [{ type: 'ESModule', path: 'door.js', contents: DOOR_SCRIPT }],
					d1Databases: ['DB'],
				},
			],
		}),
	);
	const d1 = d1Through((body) => miniflare.dispatchFetch('http://d1/', { method: 'POST', body }));
	await applyMigrations(d1);
	const { db, count } = countD1(d1);
	let failure: string | null = null;
	const faulty = interceptD1(db, (_, run) => (failure === null ? run() : Promise.reject(new Error(failure))));
	const falKey = createSigningKey();
	const breached = createBreachedPasswords(new AbortController().signal);
	const turnstile = createTurnstile({ site: LOCAL_TURNSTILE, stop: new AbortController().signal });
	const stop = new AbortController();
	let origin = '';
	const stripe = createStripe({
		account: { secretKey: LOCAL_STRIPE.secretKey },
		baseOf: () => `${origin}/stripe`,
		stop: stop.signal,
		onEvent: () => undefined,
	});
	const outside = new Hono()
		.get('/.well-known/jwks.json', (c) => c.json(falKey.jwks))
		.route('/pwned', breached.routes)
		.route('/turnstile', turnstile.routes)
		.route('/stripe', stripe.routes);
	const keys = createServer(getRequestListener(outside.fetch)).listen(0, '127.0.0.1');
	await once(keys, 'listening');
	const { port } = z.object({ port: z.number() }).parse(keys.address());
	origin = `http://127.0.0.1:${port}`;
	const queued: unknown[] = [];
	const env = {
		DB: faulty,
		WORK: { send: async (message: unknown) => void queued.push(message) },
		MEDIA_OBJECTS: { head: () => Promise.resolve(null) },
		ENVIRONMENT: 'local',
		POLICY_DRAFT_ALLOWED: 'no',
		STUDIO: 'dental',
		APP_ORIGIN: ORIGIN,
		MEDIA_ORIGIN: 'https://media.test',
		URL_SIGNING_KEY: 'a signing key of the tests, 32 characters or more',
		VAULT: memoryBucket(),
		VAULT_KEY: 'a vault key of the tests, 32 characters or more',
		AUTH_SECRET: 'a session secret of the tests, 32 characters or more',
		PASSWORD_PEPPER: 'a pepper of the tests, 32 characters or more',
		LOOKUP_KEY: 'a lookup key of the tests, 32 characters or more',
		MAIL_SEALING_KEY: 'a mail sealing key of the tests, 32 characters or more',
		WEBHOOK_TOKEN_KEY: TOKEN_KEY,
		STATEMENT_SIGNING_KEY: TEST_STATEMENT_SEED,
		RECEIPT_PUBLIC_KEY: TEST_RECEIPT_SPKI,
		FAL_REST_URL: `http://127.0.0.1:${port}`,
		BREACHED_PASSWORDS_URL: `http://127.0.0.1:${port}/pwned`,
		TURNSTILE_SITE_KEY: LOCAL_TURNSTILE.siteKey,
		TURNSTILE_SECRET: LOCAL_TURNSTILE.secret,
		TURNSTILE_URL: `http://127.0.0.1:${port}/turnstile`,
		STRIPE_SECRET_KEY: LOCAL_STRIPE.secretKey,
		STRIPE_WEBHOOK_SECRET: LOCAL_STRIPE.webhookSecret,
		RESEND_WEBHOOK_SECRET: LOCAL_RESEND.webhookSecret,
		STRIPE_API_URL: `http://127.0.0.1:${port}/stripe`,
		STRIPE_AUTOMATIC_TAX: 'on',
		SENTRY_DSN: '',
	};
	const send = (input: string | URL | Request, init?: RequestInit): Promise<Response> =>
		Promise.resolve(app.request(input instanceof Request ? input : new URL(input, ORIGIN).href, init, env));
	return {
		d1,
		env,
		queued,
		falKey,
		/** The hand on the list of stolen passwords. */
		breached: breached.control,
		/** The hand on the challenge. */
		turnstile: turnstile.control,
		/** The hand on Stripe, which sells nothing before it is prepared. */
		stripe: stripe.control,
		tokenKey: TOKEN_KEY,
		fetch: send,
		/** From now on every call of D1 fails with this message, until null is told. */
		failD1(message: string | null): void {
			failure = message;
		},
		/** The newest code mailed to this address, out of the sealed mail that waits to be sent. */
		mailedCode: (email: string) =>
			readCode(
				{ d1: () => Promise.resolve(d1), secrets: { MAIL_SEALING_KEY: env.MAIL_SEALING_KEY }, emulators: undefined },
				email,
			),
		/** Signs up by the mailed code and opens a practice; answers the cookie. */
		async signUp(person: { email: string; password: string; name: string }): Promise<string> {
			const jar = new CookieJar();
			const post = async (path: string, body: object) => {
				const headers = { 'content-type': 'application/json', origin: ORIGIN, cookie: jar.header };
				const answer = await send(path, { method: 'POST', headers, body: JSON.stringify(body) });
				if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
				jar.keep(answer);
			};
			await post('/api/auth/sign-up/email', person);
			const code = await this.mailedCode(person.email);
			await post('/api/auth/email-otp/verify-email', { email: person.email, code });
			const statementVersion = dental.statement?.textVersion;
			await post('/v1/accounts', { name: person.name, key: crypto.randomUUID(), statementVersion });
			return jar.header;
		},
		/** What `work` asked of D1. */
		async counted(work: () => Promise<unknown>): Promise<{ statements: number; batches: number }> {
			const before = { ...count };
			await work();
			return { statements: count.statements - before.statements, batches: count.batches - before.batches };
		},
		async close() {
			stop.abort();
			keys.closeAllConnections();
			keys.close();
			await miniflare.dispose();
		},
	};
}
