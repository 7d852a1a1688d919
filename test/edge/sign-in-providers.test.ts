import { createHash } from 'node:crypto';

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { totpAt } from '../../workers/core/people/totp';
import { StudioAnswer } from '../../workers/api/contract';
import { atProvider, Traveller } from './support/provider-dance';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { expectOrder, rowsOf } from './support/trace';

const PROVIDERS = ['google', 'apple', 'github'] as const;
type Provider = (typeof PROVIDERS)[number];

let it: TestEdge;
beforeAll(async () => {
	it = await startTestEdge();
});
afterAll(() => it.close());
afterEach(() => {
	for (const provider of PROVIDERS) it.emulators[provider].reset();
	return expectOrder(it);
});

function traveller(): Traveller {
	return new Traveller(it.edge.appOrigin);
}

function aPerson(change: Record<string, string> = {}) {
	return { name: 'Ada Lovelace', email: `${crypto.randomUUID()}@practice.test`, email_verified: 'on', ...change };
}

function fail(provider: Provider, kind: string): void {
	const control: { failNext(failure: { kind: string }): void } = it.emulators[provider];
	control.failNext({ kind });
}

async function stored() {
	return [await rowsOf(it.edge, 'users'), await rowsOf(it.edge, 'sessions')];
}

async function methodsOf(email: string) {
	const [user] = (await rowsOf(it.edge, 'users')).filter((row) => row['email'] === email);
	const methods = await rowsOf(it.edge, 'sign_in_methods');
	return { user, methods: methods.filter((row) => row['user_id'] === user?.['id']) };
}

test('the studio offers the three that are configured', async () => {
	const { signIn } = await traveller().read(StudioAnswer, 'GET', '/v1/studio');
	expect(signIn).toEqual(['password', 'code', 'google', 'apple', 'github']);
});

test.each(PROVIDERS)('%s signs somebody new in, and the same one again', async (provider) => {
	const [first, second] = [traveller(), traveller()];
	const ada = aPerson();

	expect(await first.signIn(provider, ada)).toBe('/smiles');
	expect(await first.session()).toMatchObject({
		signedIn: true,
		user: { email: ada.email, name: 'Ada Lovelace' },
		account: null,
	});
	expect(await second.signIn(provider, ada)).toBe('/smiles');
	expect(await second.session()).toMatchObject({ user: { email: ada.email, name: 'Ada Lovelace' } });

	const { user, methods } = await methodsOf(ada.email);
	expect(user).toMatchObject({ email_verified: 1, image: null });
	expect(user!['last_sign_in_at_ms']).toEqual(expect.any(Number));
	expect(methods).toMatchObject([{ provider_id: provider, access_token: null, refresh_token: null, id_token: null }]);
	const kept = await rowsOf(it.edge, 'verifications');
	expect(kept.filter(({ id }) => String(id).startsWith('provider.'))).toEqual([]);
});

test('Apple’s answer is posted without our cookies, and neither name nor address stands in an address of ours', async () => {
	const browser = traveller();
	const ada = aPerson({ name: 'Augusta Ada King', hide_email: 'on' });
	const back = await atProvider(await browser.begin('apple'), ada);
	expect(back.posted?.['user']).toContain('Augusta');

	expect(await browser.comeBack(back)).toBe('/smiles');
	expect(browser.seen.join(' ')).not.toMatch(/Augusta|privaterelay|practice\.test|%40|@/);
	const session = await browser.session();
	expect(session).toMatchObject({ user: { name: 'Augusta Ada King' } });
	expect(JSON.stringify(session)).toContain('@privaterelay.appleid.com');
});

const FAULTS = ['wrong_nonce', 'wrong_audience', 'wrong_issuer', 'expired_id_token', 'unknown_kid', 'wrong_signature'];
const FAILURES = PROVIDERS.flatMap((provider): [Provider, string, string][] => [
	[provider, 'cancel', 'cancelled'],
	[provider, 'unverified', 'address_unverified'],
	[provider, 'token_error', 'provider_refused'],
	[provider, 'token_unavailable', 'provider_unavailable'],
	...(provider === 'github'
		? ['user_unavailable', 'emails_unavailable'].map((kind): [Provider, string, string] => [
				provider,
				kind,
				'provider_unavailable',
			])
		: [
				[provider, 'keys_unavailable', 'provider_unavailable'] as [Provider, string, string],
				...FAULTS.map((kind): [Provider, string, string] => [provider, kind, 'provider_refused']),
			]),
]);

test.each(FAILURES)('at %s, %s ends as %s, with nobody signed in and nothing stored', async (provider, what, error) => {
	const browser = traveller();
	const url = await browser.begin(provider);
	const before = await stored();
	const form = {
		...aPerson(),
		...(what === 'cancel' ? { decision: 'cancel' } : {}),
		...(what === 'unverified' ? { email_verified: '' } : {}),
	};
	const back = await atProvider(url, form);
	if (what !== 'cancel' && what !== 'unverified') fail(provider, what);

	expect(await browser.comeBack(back)).toBe(`/sign-in?error=${error}&next=%2Fsmiles`);
	expect(await browser.session()).toEqual({ signedIn: false });
	expect(await stored()).toEqual(before);
});

test('without a public address at GitHub the private one that is verified counts', async () => {
	const browser = traveller();
	const ada = aPerson({ other_emails: 'other@practice.test' });
	expect(await browser.signIn('github', ada)).toBe('/smiles');
	expect(await browser.session()).toMatchObject({ user: { email: ada.email } });
});

test.each(PROVIDERS)('a visit to %s is good once, in its own browser, for its own provider', async (provider) => {
	const [own, other] = [traveller(), traveller()];
	const back = await atProvider(await own.begin(provider), aPerson());
	await other.begin(provider);
	const returned = new URLSearchParams(back.posted ?? new URL(back.url).search);
	const elsewhere = `${own.origin}/api/auth/callback/${PROVIDERS.find((each) => each !== provider)!}?${returned.toString()}`;
	const before = await stored();

	expect(await traveller().comeBack(back)).toBe('/sign-in?error=expired');
	expect(await other.comeBack(back)).toBe('/sign-in?error=expired');
	expect(await own.comeBack({ url: elsewhere, posted: null })).toBe('/sign-in?error=expired');
	expect(await stored()).toEqual(before);

	expect(await own.comeBack(back)).toBe('/smiles');
	expect(await own.comeBack(back)).toBe('/sign-in?error=expired');
});

test.each([
	'https://evil.test/',
	'//evil.test/',
	'/\\evil.test',
	'/.//evil.test/',
	'javascript:alert(1)',
	'/ok\nset-cookie: a=b',
	'/api/auth/sign-out',
	'smiles',
])('nobody is led to %j afterwards', async (next) => {
	const before = await rowsOf(it.edge, 'verifications');
	const answer = await traveller().send('POST', '/api/auth/sign-in/social', { provider: 'google', next });
	expect(answer.status).toBe(400);
	expect(await rowsOf(it.edge, 'verifications')).toEqual(before);
});

test('a sign-in is begun by our own pages alone, and takes nothing else', async () => {
	const body = JSON.stringify({ provider: 'google' });
	const headers = { 'content-type': 'application/json', origin: 'https://evil.test' };
	const url = `${it.edge.appOrigin}/api/auth/sign-in/social`;
	expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(403);
	for (const more of [{ idToken: { token: 'x' } }, { callbackURL: '/' }, { scopes: ['repo'] }]) {
		expect((await traveller().send('POST', '/api/auth/sign-in/social', { provider: 'google', ...more })).status).toBe(
			400,
		);
	}
	expect((await traveller().send('POST', '/api/auth/sign-in/social', { provider: 'facebook' })).status).toBe(400);
	expect((await traveller().send('GET', '/api/auth/callback/facebook?state=x')).status).toBe(404);
	expect((await traveller().send('POST', '/api/auth/sign-in/provider', {})).status).toBe(404);
});

test('an address that has an account is connected by its owner alone', async () => {
	const [owner, stranger] = [traveller(), traveller()];
	const ada = aPerson();
	await owner.signIn('google', ada);

	expect(await stranger.signIn('github', ada)).toBe('/sign-in?error=address_taken&next=%2Fsmiles');
	expect(await stranger.session()).toEqual({ signedIn: false });
	expect((await methodsOf(ada.email)).methods).toHaveLength(1);

	expect(await owner.connect('github', aPerson())).toBe('/settings/security?connected=github');
	const connected = (await methodsOf(ada.email)).methods.map((row) => row['provider_id']);
	expect(new Set(connected)).toEqual(new Set(['github', 'google']));
});

test('what is connected signs in, is somebody else’s for nobody, and goes again', async () => {
	const [ada, eve, later] = [traveller(), traveller(), traveller()];
	const [adaThere, hubber] = [aPerson(), aPerson()];
	await ada.signIn('google', adaThere);
	await eve.signIn('apple', aPerson());
	await ada.connect('github', hubber);

	expect(await eve.connect('github', hubber)).toBe('/settings/security?error=linked_elsewhere');
	await later.signIn('github', hubber);
	expect(await later.session()).toMatchObject({ user: { email: adaThere.email } });

	const Me = z.object({ ways: z.array(z.object({ id: z.string(), way: z.string() })) });
	const { ways } = await ada.read(Me, 'GET', '/v1/me');
	const { id } = ways.find(({ way }) => way === 'github')!;
	expect((await eve.send('DELETE', `/v1/me/ways/${id}`)).status).toBe(404);
	expect((await ada.send('DELETE', `/v1/me/ways/${id}`)).status).toBe(200);
	expect(await traveller().signIn('github', hubber)).toBe('/smiles');
	expect((await methodsOf(adaThere.email)).methods).toHaveLength(1);
	const actions = (await rowsOf(it.edge, 'audit_entries')).filter((row) => row['target_id'] === id);
	expect(actions.map(({ action }) => action)).toEqual(['way_in.linked', 'way_in.unlinked']);
});

test('what one person began another one does not end', async () => {
	const [ada, eve] = [traveller(), traveller()];
	const there = aPerson();
	await ada.signIn('google', there);
	const { url } = await ada.read(z.object({ url: z.string() }), 'POST', '/v1/me/ways', { provider: 'github' });
	const back = await atProvider(url, aPerson());
	// The same browser, signed out and in again as somebody else meanwhile.
	const visit = /afterglow_visit=[^;]+/.exec(ada.cookies.header)![0];
	await eve.signIn('google', aPerson());
	const session = /afterglow_session=[^;]+/.exec(eve.cookies.header)![0];
	const shared = traveller();
	shared.cookies.keep(new Response(null, { headers: [visit, session].map((cookie) => ['set-cookie', cookie]) }));

	expect(await shared.comeBack(back)).toBe('/settings?error=another_person');
	expect((await methodsOf(there.email)).methods).toHaveLength(1);
});

test('a second factor is asked for after a provider', async () => {
	const [browser, later] = [traveller(), traveller()];
	const ada = aPerson();
	await browser.signIn('google', ada);
	const { secret } = await browser.read(z.object({ secret: z.string() }), 'POST', '/v1/me/second-factor', {});
	const step = Math.floor(Date.now() / 30_000);
	const code = (at: number) => totpAt(fromBase32(secret), at);
	await browser.read(z.unknown(), 'POST', '/v1/me/second-factor/confirm', { code: code(step) });

	expect(await later.signIn('google', ada)).toBe('/sign-in/second-factor?next=%2Fsmiles');
	expect(await later.session()).toEqual({ signedIn: false });
	expect((await later.send('POST', '/api/auth/two-factor/verify-totp', { code: '000000' })).status).toBe(400);
	await later.read(z.unknown(), 'POST', '/api/auth/two-factor/verify-totp', { code: code(step + 1) });
	expect(await later.session()).toMatchObject({ user: { email: ada.email } });
});

test('what a visit is stored under cannot be brought back from the database', async () => {
	const browser = traveller();
	const state = new URL(await browser.begin('google')).searchParams.get('state')!;
	const rows = (await rowsOf(it.edge, 'verifications')).filter(({ id }) => String(id).startsWith('provider.'));
	expect(rows.map(({ id }) => id)).toContain(`provider.${createHash('sha256').update(state).digest('base64url')}`);
	expect(JSON.stringify(rows)).not.toContain(state);
});

/** As an authenticator app reads the secret that is typed (RFC 4648, 6). */
function fromBase32(text: string): string {
	const bits = Array.from(text, (letter) =>
		'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
	);
	const bytes = bits.join('').match(/.{8}/g) ?? [];
	return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))).toString();
}
