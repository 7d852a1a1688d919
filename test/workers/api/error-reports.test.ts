import { once } from 'node:events';
import { createServer } from 'node:http';

import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

import { createSentry, localDsn } from '../../../emulators/sentry/sentry';
import { startCountingApi } from '../../budgets/counting-api';
import { takeConsoleErrors } from '../../support/unexpected-errors';
import { givenSignedIn, type Visitor } from './visitor';

const { routes, control } = createSentry();
const server = createServer(getRequestListener(new Hono().route('/sentry', routes).fetch));
let api: Awaited<ReturnType<typeof startCountingApi>>;
let visitor: Visitor;

beforeAll(async () => {
	api = await startCountingApi();
	visitor = await givenSignedIn(api);
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = z.object({ port: z.number() }).parse(server.address());
	// The studio that lists Sentry.
	Object.assign(api.env, { STUDIO: 'media', SENTRY_DSN: localDsn(`http://127.0.0.1:${port}`) });
});
afterAll(async () => {
	server.close();
	await api.close();
});
beforeEach(() => control.reset());
afterEach(() => api.failD1(null));

test('what nobody expected is reported by the pattern of its route, without anything of the request', async () => {
	api.failD1('canary: select * from users where email = canary.person@practice.example');
	const answer = await api.fetch('/v1/renders/canary-id/view?token=canary-token', {
		headers: { cookie: visitor.cookies.header, 'x-note': 'canary-header' },
	});
	expect(answer.status).toBe(500);
	const [envelope] = control.envelopes();
	expect(envelope?.items).toMatchObject([
		{ payload: { transaction: 'GET /v1/renders/:id/view', tags: { worker: 'api' } } },
	]);
	expect(envelope?.raw).not.toContain('canary');
	expect(control.envelopes()).toHaveLength(1);
	// What is reported is logged as well.
	expect(takeConsoleErrors()).toHaveLength(1);
});

test('a refusal is no error, and is not reported', async () => {
	expect((await api.fetch('/v1/renders/rnd_nobody/view')).status).toBe(401);
	expect((await api.fetch('/v1/nowhere')).status).toBe(404);
	expect(control.envelopes()).toEqual([]);
});
