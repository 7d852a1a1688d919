import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { startCountingApi } from '../../budgets/counting-api';
import { Authenticator } from '../../support/authenticator';
import { aPerson, givenSecondFactor, givenSignedIn, ORIGIN, Visitor, type CountingApi } from './visitor';

let api: CountingApi;
beforeAll(async () => {
	api = await startCountingApi();
}, 60_000);
afterAll(() => api.close());

const Made = z.looseObject({ challenge: z.string(), user: z.object({ id: z.string() }) });
const Asked = z.looseObject({ challenge: z.string() });
const Passkey = z.object({ id: z.string(), name: z.string(), createdAt: z.iso.datetime(), isBackedUp: z.boolean() });

const OFFER = '/api/auth/passkey/generate-register-options';
const ASK = '/api/auth/passkey/generate-authenticate-options';

async function givenPasskey(visitor: Visitor, name?: string) {
	const device = new Authenticator(ORIGIN);
	const response = device.register(Made.parse((await visitor.send('GET', OFFER)).body));
	const added = await visitor.auth('passkey/verify-registration', {
		response,
		...(name === undefined ? {} : { name }),
	});
	if (added.status !== 200) throw new Error(`adding a passkey answered ${added.status}: ${JSON.stringify(added.body)}`);
	return { device, passkey: Passkey.parse(added.body) };
}

async function answered(visitor: Visitor, device: Authenticator) {
	return device.answer(Asked.parse((await visitor.send('GET', ASK)).body), { counter: (device.counter += 1) });
}

async function signInWith(visitor: Visitor, device: Authenticator) {
	return visitor.auth('passkey/verify-authentication', { response: await answered(visitor, device) });
}

/** Ten minutes later, as far as their sessions tell. */
async function givenOldProof(visitor: Visitor): Promise<void> {
	const { id } = z.object({ id: z.string() }).parse((await visitor.send('GET', '/v1/me')).body);
	const long = Date.now() - 11 * 60_000;
	await api.d1
		.prepare('UPDATE sessions SET created_at = ?, confirmed_at_ms = NULL WHERE user_id = ?')
		.bind(long, id)
		.run();
}

test('somebody adds a passkey, sees it, and signs in with it without typing anything', async () => {
	const ada = await givenSignedIn(api);
	const { device, passkey } = await givenPasskey(ada, ' Work laptop ');
	const other = new Visitor(api);

	const signedIn = await signInWith(other, device);

	expect([signedIn.status, signedIn.body]).toEqual([200, { signedIn: true }]);
	expect(passkey.name).toBe('Work laptop');
	expect((await other.send('GET', '/v1/me')).body).toMatchObject({ passkeys: [passkey] });
	expect(signedIn.headers.getSetCookie().join()).toMatch(/__Host-afterglow_session=.*HttpOnly.*Secure.*SameSite=Lax/i);
});

test('a passkey is two factors, so no other one is asked for', async () => {
	const ada = await givenSignedIn(api);
	await givenSecondFactor(ada);
	const { device } = await givenPasskey(ada);
	const other = new Visitor(api);

	expect((await signInWith(other, device)).body).toEqual({ signedIn: true });
	expect(await other.isSignedIn()).toBe(true);
});

test('an answer is good once, in the browser that asked', async () => {
	const ada = await givenSignedIn(api);
	const { device } = await givenPasskey(ada);
	const [own, other] = [new Visitor(api), new Visitor(api)];
	const response = await answered(own, device);

	expect(await other.auth('passkey/verify-authentication', { response })).toMatchObject({ reason: 'challenge_ended' });
	expect((await own.auth('passkey/verify-authentication', { response })).status).toBe(200);
	expect(await own.auth('passkey/verify-authentication', { response })).toMatchObject({ reason: 'challenge_ended' });
	expect(await other.isSignedIn()).toBe(false);
});

test('a passkey that was removed lets nobody in', async () => {
	const ada = await givenSignedIn(api);
	const { device, passkey } = await givenPasskey(ada);
	expect((await ada.send('DELETE', `/v1/me/passkeys/${passkey.id}`)).status).toBe(200);

	const other = new Visitor(api);
	expect(await signInWith(other, device)).toMatchObject({ status: 400, reason: 'wrong_passkey' });
	expect(await other.isSignedIn()).toBe(false);
});

test('adding and removing one ask for a fresh proof, and a passkey is one', async () => {
	const ada = await givenSignedIn(api);
	const { device, passkey } = await givenPasskey(ada);
	const begun = new Authenticator(ORIGIN).register(Made.parse((await ada.send('GET', OFFER)).body));
	await givenOldProof(ada);
	const again = { status: 403, code: 'reauthentication_required' };

	expect(await ada.send('GET', OFFER)).toMatchObject(again);
	expect(await ada.auth('passkey/verify-registration', { response: begun })).toMatchObject(again);
	expect(await ada.send('DELETE', `/v1/me/passkeys/${passkey.id}`)).toMatchObject(again);
	expect(await ada.send('POST', '/v1/me/ways', { provider: 'google' })).toMatchObject(again);

	const proved = await ada.send('POST', '/v1/me/proof', { passkey: await answered(ada, device) });
	expect(proved.status).toBe(200);
	expect((await ada.send('GET', OFFER)).status).toBe(200);
});

test('the passkey of one person proves nothing of another', async () => {
	const [ada, eve] = [await givenSignedIn(api), await givenSignedIn(api)];
	const { device } = await givenPasskey(eve);
	await givenOldProof(ada);

	const proved = await ada.send('POST', '/v1/me/proof', { passkey: await answered(ada, device) });
	expect(proved).toMatchObject({ status: 400, reason: 'wrong_passkey' });
	expect(await ada.send('GET', OFFER)).toMatchObject({ code: 'reauthentication_required' });
});

test('passkeys are renamed and removed by their owner alone', async () => {
	const [ada, eve] = [await givenSignedIn(api), await givenSignedIn(api)];
	const { passkey } = await givenPasskey(ada);
	const path = `/v1/me/passkeys/${passkey.id}`;

	expect((await eve.send('PATCH', path, { name: 'Eve' })).status).toBe(404);
	expect((await eve.send('DELETE', path)).status).toBe(404);
	expect((await ada.send('PATCH', path, { name: ' ' })).status).toBe(400);
	expect((await ada.send('PATCH', path, { name: 'x'.repeat(61) })).status).toBe(400);
	expect((await ada.send('PATCH', path, { name: 'Home' })).body).toEqual({ name: 'Home' });
	expect((await ada.send('GET', '/v1/me')).body).toMatchObject({ passkeys: [{ ...passkey, name: 'Home' }] });
});

test('nobody adds a passkey without being signed in, or from another site', async () => {
	const stranger = new Visitor(api);
	expect((await stranger.send('GET', OFFER)).status).toBe(401);
	expect((await stranger.auth('passkey/verify-registration', {})).status).toBe(401);
	const headers = { 'content-type': 'application/json', origin: 'https://evil.test' };
	const path = '/api/auth/passkey/verify-authentication';
	expect((await api.fetch(path, { method: 'POST', headers, body: '{}' })).status).toBe(403);
});

test.each([{}, { response: {} }, { response: { id: 'x' }, createSession: true }, { response: 'x' }])(
	'%j is no answer of a passkey',
	async (body) => {
		expect((await new Visitor(api).auth('passkey/verify-authentication', body)).status).toBe(400);
	},
);

test('what opens a session for somebody is not there for a request', async () => {
	const ada = await givenSignedIn(api, aPerson());
	for (const path of ['sign-in/provider', 'passkey/enter', 'passkey/list-user-passkeys', 'link-social']) {
		expect((await ada.auth(path, {})).status).toBe(404);
	}
});
