import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

import { LOCAL_TURNSTILE } from '../../../emulators/turnstile/tokens';
import { dental } from '../../../studios/dental';
import { startCountingApi } from '../../budgets/counting-api';
import { aPerson, givenSignedIn, mailsTo, Visitor } from './visitor';

const ORIGIN = 'https://app.test';
const PASSWORD = 'kettle walrus parsnip 41';
const HOUR_MS = 3_600_000;
const { signUp, signIn, code, check, visit } = dental.rates;

let api: Awaited<ReturnType<typeof startCountingApi>>;
beforeAll(async () => {
	api = await startCountingApi();
	// Every window opens now, so that none turns over while a busy machine counts up to its end.
	const sinceHourMs = Date.now() % HOUR_MS;
	Object.assign(api.env, { CLOCK_OFFSET_SECONDS: String(Math.ceil((HOUR_MS - sinceHourMs) / 1000)) });
}, 60_000);
afterAll(() => api.close());
beforeEach(async () => {
	await api.d1.prepare('DELETE FROM rate_windows').run();
	api.turnstile.reset();
});

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
	return api.fetch(path, {
		method: 'POST',
		headers: { 'content-type': 'application/json', origin: ORIGIN, ...headers },
		body: JSON.stringify(body),
	});
}

function someAddress(): string {
	return `${crypto.randomUUID()}@practice.test`;
}

function aSignUp(email = someAddress()) {
	return { email, password: PASSWORD, name: 'Ada' };
}

function from(address: string): Record<string, string> {
	return { 'cf-connecting-ip': address };
}

function askForPasskey(headers: Record<string, string>): Promise<Response> {
	return api.fetch('/api/auth/passkey/generate-authenticate-options', { headers });
}

async function rowsOf(table: 'mails' | 'users' | 'verifications' | 'rate_windows'): Promise<number> {
	return (await api.d1.prepare(`SELECT count(*) AS n FROM ${table}`).first<number>('n')) ?? -1;
}

const TooMany = z.strictObject({
	error: z.strictObject({
		code: z.literal('too_many_requests'),
		message: z.string().regex(/ Wait (?:a minute|\d+ minutes), then try again\.$/),
		details: z.strictObject({ retryAfterSeconds: z.int().min(1) }),
	}),
});

/** Fails unless this is the refusal over a limit, with the same wait in its header and its details. */
async function expectTooMany(answer: Response, minutes: number): Promise<unknown> {
	expect(answer.status).toBe(429);
	const body: unknown = await answer.json();
	const { retryAfterSeconds } = TooMany.parse(body).error.details;
	expect(answer.headers.get('retry-after')).toBe(String(retryAfterSeconds));
	expect(retryAfterSeconds).toBeLessThanOrEqual(minutes * 60);
	return body;
}

test('sign-ins at once for one address from many networks are tried as often as may be, then refused before any lookup', async () => {
	const email = someAddress();
	const tries = await Promise.all(
		Array.from({ length: 50 }, (_, at) =>
			post('/api/auth/sign-in/email', { email, password: PASSWORD }, from(`10.0.${at}.7`)),
		),
	);
	expect(tries.filter(({ status }) => status === 401)).toHaveLength(signIn.address.max);
	expect(tries.filter(({ status }) => status === 429)).toHaveLength(50 - signIn.address.max);

	const asked = await api.counted(async () => {
		await expectTooMany(await post('/api/auth/sign-in/email', { email, password: PASSWORD }), signIn.address.minutes);
	});
	// The count that is refused, and the question how long to wait: no user is read, no password hashed.
	expect(asked).toEqual({ statements: 2, batches: 0 });
});

test('over the limit an address with an account and one without are answered alike', async () => {
	const known = someAddress();
	await api.signUp(aSignUp(known));
	await api.d1.prepare('DELETE FROM rate_windows').run();
	const answers = await Promise.all(
		[known, someAddress()].map(async (email) => {
			for (let each = 0; each < signIn.address.max; each += 1) {
				const answer = await post('/api/auth/sign-in/email', { email, password: `${PASSWORD} not` });
				expect(answer.status).toBe(401);
			}
			const refused = await post('/api/auth/sign-in/email', { email, password: PASSWORD });
			const { error } = TooMany.parse(await refused.json());
			return [refused.status, error.code, error.message];
		}),
	);
	expect(answers[0]).toEqual(answers[1]);
});

test('many addresses tried from one network are refused together: its last byte, and an IPv6 address’ end, are no way around', async () => {
	for (const address of [(at: number) => `192.0.2.${at}`, (at: number) => `2001:db8:7:${at.toString(16)}::${at}`]) {
		const statuses: number[] = [];
		// Twenty-five at once: more connections than that a busy machine closes before D1 has answered.
		for (let first = 0; first < check.network.max + 5; first += 25) {
			const tries = Array.from({ length: 25 }, (_, at) =>
				post('/api/auth/sign-in/email-otp', { email: someAddress(), code: '000000' }, from(address(first + at))),
			);
			statuses.push(...(await Promise.all(tries)).map(({ status }) => status));
		}
		expect(statuses.filter((status) => status === 400)).toHaveLength(check.network.max);
		expect(statuses.filter((status) => status === 429)).toHaveLength(5);
	}
});

test('on this machine, where no network is told, people are not counted together', async () => {
	const answers = await Promise.all(
		Array.from({ length: signUp.network.max + 2 }, () => post('/api/auth/sign-up/email', aSignUp())),
	);
	expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
});

test('what a client says of its own address is not looked at', async () => {
	const { d1 } = api;
	await post(
		'/api/auth/sign-in/email',
		{ email: someAddress(), password: PASSWORD },
		{ 'x-forwarded-for': '192.0.2.1' },
	);
	const { results } = await d1.prepare('SELECT max FROM rate_windows').all();
	expect(results).toEqual([{ max: signIn.address.max }]);
});

test('codes to one mailbox stop before they fill it, whatever stands behind a plus; nothing more is queued', async () => {
	const name = crypto.randomUUID();
	const order = (at: number) => ({ email: `${name}+${at}@practice.test`, type: 'sign-in' });
	for (let at = 0; at < code.address.max; at += 1) {
		expect((await post('/api/auth/email-otp/send-verification-otp', order(at))).status).toBe(200);
	}
	const before = [await rowsOf('mails'), await rowsOf('verifications'), api.queued.length];
	await expectTooMany(await post('/api/auth/email-otp/send-verification-otp', order(99)), code.address.minutes);
	expect([await rowsOf('mails'), await rowsOf('verifications'), api.queued.length]).toEqual(before);
});

test.each([
	['sign-in/email-otp', (email: string) => ({ email, code: '000000' })],
	['email-otp/verify-email', (email: string) => ({ email, code: '000000' })],
	['email-otp/reset-password', (email: string) => ({ email, code: '000000', password: PASSWORD })],
])('codes are tried at %s as often as may be', async (path, body) => {
	const email = someAddress();
	for (let each = 0; each < check.address.max; each += 1) {
		expect((await post(`/api/auth/${path}`, body(email))).status).toBe(400);
	}
	await expectTooMany(await post(`/api/auth/${path}`, body(email)), check.address.minutes);
});

test.each(['two-factor/verify-totp', 'two-factor/verify-backup-code'])('%s is counted by network', async (path) => {
	const answer = await post(`/api/auth/${path}`, { code: '000000' }, from('192.0.2.1'));
	expect(answer.status).toBe(401);
	const { results } = await api.d1.prepare('SELECT count, max FROM rate_windows').all();
	expect(results).toEqual([{ count: 1, max: check.network.max }]);
});

test('asking for a passkey stores a question as often as may be, and none over the limit', async () => {
	expect((await askForPasskey(from('192.0.2.1'))).status).toBe(200);
	await api.d1.prepare('UPDATE rate_windows SET count = max').run();
	const before = await rowsOf('verifications');
	await expectTooMany(await askForPasskey(from('192.0.2.1')), visit.network.minutes);
	expect(await rowsOf('verifications')).toBe(before);
});

test('strangers who try codes and order mails at an address keep its person from no proof', async () => {
	const person = aPerson();
	const ada = await givenSignedIn(api, person);
	await api.d1.prepare('DELETE FROM rate_windows').run();
	const stranger = new Visitor(api);
	const guess = { email: person.email, code: '000000' };
	for (let each = 0; each < check.address.max; each += 1) await stranger.auth('sign-in/email-otp', guess);
	expect((await stranger.auth('sign-in/email-otp', guess)).status).toBe(429);
	const order = { email: person.email, type: 'sign-in' };
	for (let each = 0; each < code.address.max; each += 1) {
		await stranger.auth('email-otp/send-verification-otp', order);
	}
	expect((await stranger.auth('email-otp/send-verification-otp', order)).status).toBe(429);

	expect((await ada.send('POST', '/v1/me/proof/code')).status).toBe(200);
	const proof = { code: await api.mailedCode(person.email) };
	expect((await ada.send('POST', '/v1/me/proof', proof)).status).toBe(200);
});

test('a signed-in person’s own tries and mails are limited, those of one as nobody else’s', async () => {
	const [ada, eve] = [await givenSignedIn(api), await givenSignedIn(api)];
	for (let each = 0; each < code.person.max; each += 1) {
		expect((await ada.send('POST', '/v1/me/proof/code')).status).toBe(200);
	}
	const mailsBefore = await rowsOf('mails');
	expect((await ada.send('POST', '/v1/me/proof/code')).code).toBe('too_many_requests');
	expect(await rowsOf('mails')).toBe(mailsBefore);
	for (let each = 0; each < check.person.max; each += 1) {
		expect((await ada.send('POST', '/v1/me/proof', { code: '12345' })).status).toBe(400);
	}
	expect((await ada.send('POST', '/v1/me/proof', { code: '12345' })).code).toBe('too_many_requests');
	expect((await eve.send('POST', '/v1/me/proof/code')).status).toBe(200);
	expect((await eve.send('POST', '/v1/me/proof', { code: '12345' })).reason).toBe('wrong_code');
});

test('mails to an address that several people want to change to are as many as anybody may have sent there', async () => {
	const { email: wanted } = aPerson();
	const statuses: number[] = [];
	for (let each = 0; each < 2; each += 1) {
		const visitor = await givenSignedIn(api);
		for (let order = 0; order < 4; order += 1) {
			statuses.push((await visitor.send('POST', '/v1/me/email', { email: wanted })).status);
		}
	}
	expect(statuses).toEqual(statuses.map((_, at) => (at < code.address.max ? 200 : 429)));
	expect(await mailsTo(api, wanted)).toHaveLength(code.address.max);
});

test('tries at the codes for one wanted address are counted together, whoever makes them', async () => {
	const { email: wanted } = aPerson();
	const people = await Promise.all(Array.from({ length: 3 }, () => givenSignedIn(api)));
	const emails: string[] = [];
	for (const visitor of people) {
		expect((await visitor.send('POST', '/v1/me/email', { email: wanted })).status).toBe(200);
		emails.push((await visitor.send('GET', '/v1/me').then(({ body }) => body as { email: string })).email);
	}
	// Of the windows of before one try is left, for whichever of them comes first.
	await api.d1.prepare('DELETE FROM rate_windows').run();
	const guess = { email: wanted, code: '000000' };
	for (let each = 1; each < check.address.max; each += 1) await new Visitor(api).auth('sign-in/email-otp', guess);
	const answers = [];
	for (const [at, visitor] of people.entries()) {
		const currentCode = await api.mailedCode(emails[at]!);
		answers.push(await visitor.send('POST', '/v1/me/email/confirm', { currentCode, newCode: '12345' }));
	}
	expect(answers.map(({ status, fields }) => [status, fields])).toEqual([
		[400, ['newCode']],
		[429, undefined],
		[429, undefined],
	]);
});

test('looking at pages that ask for a passkey takes no try from anybody in the network', async () => {
	const email = someAddress();
	for (let each = 0; each <= check.network.max; each += 1) {
		expect((await askForPasskey(from('192.0.2.7'))).status).toBe(200);
	}
	const guess = await post('/api/auth/sign-in/email-otp', { email, code: '000000' }, from('192.0.2.99'));
	expect(guess.status).toBe(400);
});

test('another site’s page has no passkey asked for, and nothing is stored or counted', async () => {
	const before = await rowsOf('verifications');
	const refused = await askForPasskey({ ...from('192.0.2.7'), 'sec-fetch-site': 'cross-site' });
	expect([refused.status, await refused.json()]).toMatchObject([403, { error: { code: 'not_allowed' } }]);
	expect(refused.headers.getSetCookie()).toEqual([]);
	expect([await rowsOf('verifications'), await rowsOf('rate_windows')]).toEqual([before, 0]);
	expect((await askForPasskey({ ...from('192.0.2.7'), 'sec-fetch-site': 'same-origin' })).status).toBe(200);
});

test('a throw-away mailbox is refused at sign-up, with nothing stored or mailed', async () => {
	const before = [await rowsOf('mails'), await rowsOf('verifications'), await rowsOf('users')];
	const answer = await post('/api/auth/sign-up/email', aSignUp('ada@box.mailinator.com'));
	expect([answer.status, await answer.json()]).toEqual([
		400,
		{
			error: {
				code: 'invalid_input',
				message:
					'This address is from a provider of throw-away mailboxes, where codes and notices get lost. Use one that you keep.',
				details: { reason: 'disposable_address', fields: ['email'] },
			},
		},
	]);
	expect([await rowsOf('mails'), await rowsOf('verifications'), await rowsOf('users')]).toEqual(before);
	expect(await rowsOf('rate_windows')).toBe(0);
});

test('a suspicious sign-up is asked for a challenge, and goes on with the token of one, once', async () => {
	const tor = { ...from('192.0.2.1'), 'cf-ipcountry': 'T1' };
	const mailsBefore = await rowsOf('mails');
	const asked = await post('/api/auth/sign-up/email', aSignUp(), tor);
	expect([asked.status, await asked.json()]).toEqual([
		403,
		{
			error: {
				code: 'challenge_required',
				message: 'This sign-up needs a check. Show that you are a person.',
				details: { siteKey: LOCAL_TURNSTILE.siteKey, scriptUrl: `${api.env.TURNSTILE_URL}/v0/api.js` },
			},
		},
	]);
	const wrong = await post('/api/auth/sign-up/email', aSignUp(), { ...tor, 'x-captcha-response': 'made up' });
	expect(wrong.status).toBe(403);
	expect(await rowsOf('mails')).toBe(mailsBefore);

	const token = api.turnstile.issueToken({ hostname: 'app.test', action: 'sign-up' });
	const passed = await post('/api/auth/sign-up/email', aSignUp(), { ...tor, 'x-captcha-response': token });
	expect(passed.status).toBe(200);
	expect(await rowsOf('mails')).toBe(mailsBefore + 1);
	const again = await post('/api/auth/sign-up/email', aSignUp(), { ...tor, 'x-captcha-response': token });
	expect(again.status).toBe(403);
});

test('while Turnstile does not answer only who is suspicious is refused', async () => {
	api.turnstile.failNext({ kind: 'unavailable', times: 2 });
	const token = { 'x-captcha-response': 'any' };
	const suspicious = await post('/api/auth/sign-up/email', aSignUp(), { 'cf-ipcountry': 'T1', ...token });
	expect([suspicious.status, await suspicious.json()]).toMatchObject([
		503,
		{ error: { code: 'upstream_unavailable' } },
	]);
	expect((await post('/api/auth/sign-up/email', aSignUp(), token)).status).toBe(200);
});
