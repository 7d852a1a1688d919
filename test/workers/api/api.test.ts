import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { startCountingApi } from '../../budgets/counting-api';
import { takeConsoleErrors } from '../../support/unexpected-errors';

const ORIGIN = 'https://app.test';
const PASSWORD = 'a long enough password';

let api: Awaited<ReturnType<typeof startCountingApi>>;
beforeAll(async () => {
	api = await startCountingApi();
}, 60_000);
afterAll(() => api.close());

function aPerson() {
	return { email: `${crypto.randomUUID()}@practice.test`, password: PASSWORD, name: 'Ada' };
}

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
	return api.fetch(path, {
		method: 'POST',
		headers: { 'content-type': 'application/json', origin: ORIGIN, ...headers },
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
}

async function usersNow(): Promise<number> {
	return (await api.d1.prepare('SELECT count(*) AS n FROM users').first<number>('n')) ?? -1;
}

test.each(['/api/auth/sign-up/email', '/api/auth/sign-in/email', '/v1/subjects', '/v1/renders'])(
	'more than 64 kB at %s are refused, announced or not, and D1 is asked nothing',
	async (path) => {
		const long = JSON.stringify({ ...aPerson(), reference: 'x'.repeat(64 * 1024) });
		const asked = await api.counted(async () => {
			const announced = await post(path, long, { 'content-length': String(long.length) });
			expect(announced.status).toBe(413);
			expect(await announced.json()).toEqual({
				error: { code: 'payload_too_large', message: 'This request has more than 64 kB. Send less.' },
			});
			expect((await post(path, long)).status).toBe(413);
		});
		expect(asked).toEqual({ statements: 0, batches: 0 });
	},
);

test('a name of more than 120 characters and an address of more than 254 are refused, and nobody is stored', async () => {
	const before = await usersNow();
	const named = await post('/api/auth/sign-up/email', { ...aPerson(), name: 'x'.repeat(121) });
	const addressed = await post('/api/auth/sign-up/email', { ...aPerson(), email: `${'x'.repeat(250)}@practice.test` });

	expect([named.status, await named.json()]).toEqual([
		400,
		{
			error: {
				code: 'invalid_input',
				message: 'name: The name has 120 characters at most.',
				details: { fields: ['name'] },
			},
		},
	]);
	expect([addressed.status, await addressed.json()]).toMatchObject([400, { error: { code: 'invalid_input' } }]);
	expect(await usersNow()).toBe(before);
	expect(api.queued).toEqual([]);
});

test.each(['sign-up/email', 'sign-in/email'])('what nobody asked for is refused at %s', async (path) => {
	const { name, ...credentials } = aPerson();
	const person = path === 'sign-up/email' ? { name, ...credentials } : credentials;
	const answer = await post(`/api/auth/${path}`, { ...person, image: 'https://elsewhere.test/face.png' });
	expect(answer.status).toBe(400);
	expect(await answer.json()).toMatchObject({ error: { code: 'invalid_input' } });
});

test.each(['sign-up/email', 'sign-in/email', 'email-otp/verify-email', 'sign-out'])(
	'%s is refused from a page of another site, and D1 is asked nothing',
	async (path) => {
		const asked = await api.counted(async () => {
			const answer = await post(`/api/auth/${path}`, aPerson(), { origin: 'https://elsewhere.test' });
			expect(answer.status).toBe(403);
		});
		expect(asked).toEqual({ statements: 0, batches: 0 });
	},
);

test.each([
	['GET', 'get-session'],
	['GET', 'list-sessions'],
	['GET', 'error'],
	['GET', 'ok'],
	['POST', 'update-user'],
	['POST', 'update-session'],
	['POST', 'change-password'],
	['POST', 'verify-password'],
	['POST', 'change-email'],
	['POST', 'delete-user'],
	['POST', 'link-social'],
	['POST', 'request-password-reset'],
	['POST', 'revoke-session'],
	['POST', 'revoke-sessions'],
	['POST', 'two-factor/enable'],
	['POST', 'two-factor/disable'],
	['POST', 'two-factor/generate-backup-codes'],
	['POST', 'two-factor/get-totp-uri'],
	['POST', 'two-factor/send-otp'],
	['POST', 'sign-in/email/'],
	['GET', 'sign-in/email'],
] as const)('%s /api/auth/%s is not there', async (method, path) => {
	const cookie = await api.signUp(aPerson());
	const asked = await api.counted(async () => {
		const body = method === 'POST' ? { body: JSON.stringify({ name: 'Eve', password: PASSWORD }) } : {};
		const headers = { 'content-type': 'application/json', origin: ORIGIN, cookie };
		const answer = await api.fetch(`/api/auth/${path}`, { method, headers, ...body });
		expect(answer.status).toBe(404);
		expect(await answer.json()).toMatchObject({ error: { code: 'not_found' } });
	});
	expect(asked).toEqual({ statements: 0, batches: 0 });
});

test('what a person signs in and out with works, and the next request after signing out is nobody’s', async () => {
	const person = aPerson();
	await api.signUp(person);
	const signedIn = await post('/api/auth/sign-in/email', { email: person.email, password: person.password });
	expect([signedIn.status, await signedIn.json()]).toEqual([200, { signedIn: true }]);
	const cookie = signedIn.headers
		.getSetCookie()
		.map((line) => line.split(';', 1)[0])
		.join('; ');
	const session = await api.fetch('/v1/session', { headers: { cookie } });
	expect(await session.json()).toMatchObject({ signedIn: true, account: { name: 'Ada', role: 'owner' } });

	expect((await post('/api/auth/sign-out', {}, { cookie })).status).toBe(200);
	expect(await (await api.fetch('/v1/session', { headers: { cookie } })).json()).toEqual({ signedIn: false });
	expect((await api.fetch('/v1/renders', { headers: { cookie } })).status).toBe(401);
});

test('the OpenAPI document names the cookie that is really set', async () => {
	const cookie = await api.signUp(aPerson());
	const schema = z.object({
		paths: z.record(z.string(), z.unknown()),
		components: z.object({
			schemas: z.record(z.string(), z.unknown()),
			securitySchemes: z.object({ session: z.object({ type: z.string(), in: z.string(), name: z.string() }) }),
		}),
	});
	const document = schema.parse(await (await api.fetch('/openapi.json')).json());
	const { session } = document.components.securitySchemes;
	expect(session).toEqual({ type: 'apiKey', in: 'cookie', name: '__Host-afterglow_session' });
	expect(cookie.startsWith(`${session.name}=`)).toBe(true);
	expect(Object.keys(document.paths)).toContain('/v1/renders');
	expect(Object.keys(document.components.schemas)).toContain('Render');
});

test('a collection asks who is signed in once', async () => {
	const cookie = await api.signUp(aPerson());
	const asked = await api.counted(async () => {
		expect((await api.fetch('/v1/renders', { headers: { cookie } })).status).toBe(200);
	});
	expect(asked).toEqual({ statements: 2, batches: 0 });
});

test.each(['/v1/renders', '/v1/session'])(
	'a D1 that fails at %s is a 500 that says and logs nothing personal',
	async (path) => {
		const cookie = await api.signUp(aPerson());
		const token = decodeURIComponent(cookie.split('=')[1] ?? '').split('.')[0] ?? '';
		expect(token.length).toBeGreaterThan(20);
		api.failD1('D1_ERROR: D1 DB is overloaded.');
		const answer = await api.fetch(path, { headers: { cookie } });
		api.failD1(null);

		expect(answer.status).toBe(500);
		expect(await answer.json()).toMatchObject({ error: { code: 'internal' } });
		const logged = takeConsoleErrors().map(String).join('\n');
		expect(logged).toContain('D1_ERROR: D1 DB is overloaded.');
		expect(logged).not.toContain(token);
	},
);

test('a D1 that fails at sign-up is a 500 of ours, and neither name, address nor password is printed', async () => {
	const person = { email: 'canary-address@practice.test', password: 'canary of four words', name: 'canary name' };
	api.failD1('D1_ERROR: D1 DB is overloaded.');
	const answer = await post('/api/auth/sign-up/email', person);
	api.failD1(null);

	expect(answer.status).toBe(500);
	expect(await answer.text()).not.toContain('canary');
	const logged = takeConsoleErrors().flat().map(String).join('\n');
	expect(logged).not.toContain('canary');
	expect(await usersNow()).toBeGreaterThan(0);
});

test('events tell a render until its owner signs out, asking one statement a look', async () => {
	const person = aPerson();
	const cookie = await api.signUp(person);
	const renderId = await givenRunningRender(person.email);
	const answer = await api.fetch(`/v1/renders/${renderId}/events`, { headers: { cookie } });
	expect(answer.headers.get('content-type')).toContain('text/event-stream');
	const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
	const first = await reader.read();
	expect(first.value).toContain(renderId);

	await post('/api/auth/sign-out', {}, { cookie });
	let told = 0;
	const asked = await api.counted(async () => {
		for (let read = await reader.read(); !read.done; read = await reader.read()) told += 1;
	});
	expect(told).toBe(0);
	expect(asked).toEqual({ statements: 1, batches: 0 });
});

test('events of somebody else’s render are refused before a byte is sent', async () => {
	const owner = aPerson();
	await api.signUp(owner);
	const renderId = await givenRunningRender(owner.email);
	const cookie = await api.signUp(aPerson());
	const answer = await api.fetch(`/v1/renders/${renderId}/events`, { headers: { cookie } });
	expect(answer.status).toBe(404);
});

async function givenRunningRender(email: string): Promise<string> {
	const renderId = `rnd_${crypto.randomUUID().replaceAll('-', '').slice(0, 26)}`;
	await api.d1
		.prepare(
			`INSERT INTO renders (id, account_id, requested_by, tool, input, state, credits_held, created_at_ms, deadline_at_ms)
			SELECT ?, m.account_id, m.user_id, 'smile.video', '{}', 'running', 24, 0, 0
			FROM memberships m JOIN users u ON u.id = m.user_id WHERE u.email = ?`,
		)
		.bind(renderId, email)
		.run();
	return renderId;
}
