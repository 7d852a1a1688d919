import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startEmulators } from '../../emulators/start-emulators';
import { LOCAL_TURNSTILE } from '../../emulators/turnstile/tokens';
import { jsonOf, postForm, withQuery } from './sign-in-client';

const emulators = await startEmulators({ turnstile: LOCAL_TURNSTILE });
afterAll(() => emulators.close());
beforeEach(() => emulators.turnstile.reset());
afterEach(() => void vi.useRealTimers());

const BASE = `${emulators.origin}/turnstile/v0`;
const { secret } = LOCAL_TURNSTILE;
const ALWAYS_PASSES = '1x0000000000000000000000000000000AA';
const ALWAYS_FAILS = '2x0000000000000000000000000000000AA';
const ALWAYS_SPENT = '3x0000000000000000000000000000000AA';
const DUMMY = 'XXXX.DUMMY.TOKEN.XXXX';

function verify(form: Record<string, string>): Promise<Record<string, unknown>> {
	return jsonOf(postForm(`${BASE}/siteverify`, form));
}

function newToken(): string {
	return emulators.turnstile.issueToken({ hostname: 'app.test', action: 'sign-up', cdata: 'c1' });
}

function sendJson(body: string): Promise<Record<string, unknown>> {
	return jsonOf(fetch(`${BASE}/siteverify`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }));
}

function tokenOf(text: string): string {
	return /"token":"([^"]+)"/.exec(text)![1]!;
}

/** What the widget's frame would tell a page at this origin. */
async function frameOf(sitekey: string): Promise<string> {
	const query = { sitekey, origin: 'http://app.test:8788', action: 'sign-in' };
	return (await fetch(withQuery(`${BASE}/widget`, query))).text();
}

test('a token passes once, with what it was given for', async () => {
	const response = newToken();
	const verdict = await verify({ secret, response, remoteip: '203.0.113.1' });
	expect(verdict).toMatchObject({
		success: true,
		'error-codes': [],
		hostname: 'app.test',
		action: 'sign-up',
		cdata: 'c1',
	});
	expect(Math.abs(Date.now() - Date.parse(String(verdict['challenge_ts'])))).toBeLessThan(60_000);
	expect(await verify({ secret, response })).toMatchObject({ success: false, 'error-codes': ['timeout-or-duplicate'] });
});

test('JSON is taken like a form', async () => {
	expect(await sendJson(JSON.stringify({ secret, response: newToken() }))).toMatchObject({ success: true });
	expect(await sendJson('{')).toMatchObject({ success: false, 'error-codes': ['bad-request'] });
});

test('the same idempotency key may ask again, another may not', async () => {
	const response = newToken();
	const first = await verify({ secret, response, idempotency_key: 'a' });
	expect(first).toMatchObject({ success: true });
	expect(await verify({ secret, response, idempotency_key: 'a' })).toEqual(first);
	expect(await verify({ secret, response, idempotency_key: 'b' })).toMatchObject({ success: false });
});

test('a token is too old after 300 s', async () => {
	vi.useFakeTimers({ toFake: ['Date'] });
	const [young, old] = [newToken(), newToken()];
	vi.setSystemTime(Date.now() + 299_000);
	expect(await verify({ secret, response: young })).toMatchObject({ success: true });
	vi.setSystemTime(Date.now() + 2000);
	expect(await verify({ secret, response: old })).toMatchObject({ 'error-codes': ['timeout-or-duplicate'] });
});

test.each([
	['no secret', { secret: '' }, 'missing-input-secret'],
	['another secret', { secret: 'guess' }, 'invalid-input-secret'],
	['no token', { response: '' }, 'missing-input-response'],
	['a token that nobody gave', { response: 'made-up' }, 'invalid-input-response'],
	['a token that is too long', { response: 'x'.repeat(2049) }, 'invalid-input-response'],
	['the dummy token', { response: DUMMY }, 'invalid-input-response'],
])('%s does not pass', async (_, change, code) => {
	const verdict = await verify({ secret, response: newToken(), ...change });
	expect(verdict).toMatchObject({ success: false, 'error-codes': [code] });
});

test('the published test secrets answer always the same', async () => {
	expect(await verify({ secret: ALWAYS_PASSES, response: DUMMY })).toMatchObject({
		success: true,
		hostname: 'example.com',
	});
	expect(await verify({ secret: ALWAYS_FAILS, response: DUMMY })).toMatchObject({
		success: false,
		'error-codes': ['invalid-input-response'],
	});
	expect(await verify({ secret: ALWAYS_SPENT, response: DUMMY })).toMatchObject({
		success: false,
		'error-codes': ['timeout-or-duplicate'],
	});
	expect(await verify({ secret: ALWAYS_PASSES, response: '' })).toMatchObject({
		'error-codes': ['missing-input-response'],
	});
});

test('the frame gives a fresh token for the registered site, for its host and action', async () => {
	const [first, second] = [await frameOf(LOCAL_TURNSTILE.siteKey), await frameOf(LOCAL_TURNSTILE.siteKey)];
	expect(tokenOf(first)).not.toBe(tokenOf(second));
	expect(tokenOf(first).length).toBeLessThanOrEqual(2048);
	expect(first).toContain('"origin":"http://app.test:8788"');
	expect(await verify({ secret, response: tokenOf(first) })).toMatchObject({ hostname: 'app.test', action: 'sign-in' });
});

test('the test site keys give the dummy token or fail, and an unknown one fails', async () => {
	expect(await frameOf('1x00000000000000000000AA')).toContain(`"token":"${DUMMY}"`);
	expect(await frameOf('2x00000000000000000000AB')).toContain('"error":"300030"');
	expect(await frameOf('3x00000000000000000000FF')).toContain('<button');
	expect(await frameOf('0xSTRANGER')).toContain('"error":"110100"');
	expect((await fetch(`${BASE}/widget?sitekey=x&origin=javascript:alert(1)`)).status).toBe(400);
});

test('siteverify fails as often as told, by control over HTTP too', async () => {
	const control = (path: string, body: unknown) =>
		fetch(`${emulators.origin}/control/turnstile${path}`, { method: 'POST', body: JSON.stringify(body) });
	await control('', { kind: 'internal_error' });
	const response = newToken();
	expect(await verify({ secret, response })).toMatchObject({ success: false, 'error-codes': ['internal-error'] });
	emulators.turnstile.failNext({ kind: 'unavailable' });
	expect((await postForm(`${BASE}/siteverify`, { secret, response })).status).toBe(503);
	expect(await verify({ secret, response })).toMatchObject({ success: true });

	emulators.turnstile.failNext({ kind: 'hang' });
	const body = new URLSearchParams({ secret, response: newToken() });
	const hanging = fetch(`${BASE}/siteverify`, { method: 'POST', body, signal: AbortSignal.timeout(150) });
	await expect(hanging).rejects.toThrow('timeout');

	const { token } = await jsonOf(control('/tokens', { hostname: 'other.test' }));
	expect(await verify({ secret, response: String(token) })).toMatchObject({ success: true, hostname: 'other.test' });
	expect((await control('/tokens', {})).status).toBe(400);
});

test('reset forgets tokens', async () => {
	const response = newToken();
	await fetch(`${emulators.origin}/control/turnstile/reset`, { method: 'POST' });
	expect(await verify({ secret, response })).toMatchObject({ 'error-codes': ['invalid-input-response'] });
});
