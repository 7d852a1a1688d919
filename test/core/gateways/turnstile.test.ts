import { once } from 'node:events';
import { createServer } from 'node:http';

import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

import { LOCAL_TURNSTILE } from '../../../emulators/turnstile/tokens';
import { createTurnstile as createEmulator } from '../../../emulators/turnstile/turnstile';
import { createTurnstile } from '../../../workers/core/gateways/turnstile';

const stop = new AbortController();
const { routes, control } = createEmulator({ site: LOCAL_TURNSTILE, stop: stop.signal });
let bodies: unknown[] = [];
const server = createServer(
	getRequestListener(async (request) => {
		bodies.push(await request.clone().json());
		return routes.fetch(request);
	}),
).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = z.object({ port: z.number() }).parse(server.address());
const baseUrl = `http://127.0.0.1:${port}`;

beforeEach(() => {
	control.reset();
	bodies = [];
});
afterAll(() => {
	stop.abort();
	server.closeAllConnections();
	server.close();
});

const HOSTNAME = 'app.test';
const config = { ...LOCAL_TURNSTILE, baseUrl, hostname: HOSTNAME };
const turnstile = createTurnstile(config, { fetcher: fetch });

function aToken(changed: { hostname?: string; action?: string } = {}): string {
	return control.issueToken({ hostname: HOSTNAME, action: 'sign-up', ...changed });
}

const UNAVAILABLE = {
	code: 'upstream_unavailable',
	message: 'Whether you are a person could not be checked just now. Nothing was changed. Try again in a minute.',
};

test('a token of this page and action passes once; from where it comes is not told', async () => {
	const token = aToken();
	expect(await turnstile.isPassed({ token, action: 'sign-up' })).toBe(true);
	expect(await turnstile.isPassed({ token, action: 'sign-up' })).toBe(false);
	const Order = z.strictObject({ secret: z.string(), response: z.literal(token), idempotency_key: z.uuid() });
	const keys = bodies.map((body) => Order.parse(body).idempotency_key);
	expect(new Set(keys).size).toBe(2);
});

test('of ten that bring one token at once one passes', async () => {
	const token = aToken();
	const passes = await Promise.all(Array.from({ length: 10 }, () => turnstile.isPassed({ token, action: 'sign-up' })));
	expect(passes.filter(Boolean)).toHaveLength(1);
});

test.each([
	['another host', { hostname: 'elsewhere.test' }],
	['another action', { action: 'sign-in' }],
	['no action', { action: '' }],
])('a token of %s does not pass', async (_what, changed) => {
	expect(await turnstile.isPassed({ token: aToken(changed), action: 'sign-up' })).toBe(false);
});

test('a token that nobody gave out does not pass; none and one too long are not even asked about', async () => {
	expect(await turnstile.isPassed({ token: 'made up', action: 'sign-up' })).toBe(false);
	expect(bodies).toHaveLength(1);
	expect(await turnstile.isPassed({ token: '', action: 'sign-up' })).toBe(false);
	expect(await turnstile.isPassed({ token: 'x'.repeat(2049), action: 'sign-up' })).toBe(false);
	expect(bodies).toHaveLength(1);
});

test.each(['unavailable', 'internal_error'] as const)('after one %s it asks again under the same key', async (kind) => {
	control.failNext({ kind });
	expect(await turnstile.isPassed({ token: aToken(), action: 'sign-up' })).toBe(true);
	const keys = bodies.map((body) => z.object({ idempotency_key: z.string() }).parse(body).idempotency_key);
	expect(keys).toHaveLength(2);
	expect(new Set(keys).size).toBe(1);
});

test.each(['unavailable', 'internal_error'] as const)('after two of %s it says that it could not ask', async (kind) => {
	control.failNext({ kind });
	control.failNext({ kind });
	await expect(turnstile.isPassed({ token: aToken(), action: 'sign-up' })).rejects.toMatchObject(UNAVAILABLE);
	expect(bodies).toHaveLength(2);
});

test('without an answer it gives up after three seconds and does not ask again', async () => {
	control.failNext({ kind: 'hang' });
	const startedAt = performance.now();
	await expect(turnstile.isPassed({ token: aToken(), action: 'sign-up' })).rejects.toMatchObject(UNAVAILABLE);
	expect(performance.now() - startedAt).toBeGreaterThan(2900);
	expect(performance.now() - startedAt).toBeLessThan(8000);
	expect(bodies).toHaveLength(1);
});

test('a secret of another widget is a wrong configuration, not a failed challenge', async () => {
	const wrong = createTurnstile({ ...config, secret: 'another secret' }, { fetcher: fetch });
	await expect(wrong.isPassed({ token: aToken(), action: 'sign-up' })).rejects.toMatchObject({
		name: 'ConfigError',
		message: 'TURNSTILE_SECRET is not the secret of TURNSTILE_SITE_KEY.',
	});
});

test('the page is told where the script is, and never the secret', () => {
	const shown = Object.entries(turnstile).filter(([, value]) => typeof value !== 'function');
	expect(Object.fromEntries(shown)).toEqual({ siteKey: LOCAL_TURNSTILE.siteKey, scriptUrl: `${baseUrl}/v0/api.js` });
	expect(Object.keys(turnstile)).toContain('isPassed');
});
