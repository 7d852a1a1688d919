import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { auditEntries } from '../../../schema/audit';
import { secondFactors, sessions, signInMethods, users, verifications } from '../../../schema/users';
import { startCountingApi } from '../../budgets/counting-api';
import {
	aPerson,
	givenOtherDevice,
	givenSecondFactor,
	givenSignedIn,
	mailsTo,
	Visitor,
	type CountingApi,
	type Credentials,
} from './visitor';

let api: CountingApi;
beforeAll(async () => {
	api = await startCountingApi();
}, 60_000);
afterAll(() => api.close());

const db = () => drizzle(api.d1);

async function userWith(email: string) {
	const [user] = await db().select().from(users).where(eq(users.email, email));
	return user!;
}

function sessionsOf(userId: string) {
	return db().select().from(sessions).where(eq(sessions.userId, userId));
}

async function givenGuarded(person: Credentials = aPerson()) {
	const device = await givenSignedIn(api, person);
	return { person, device, ...(await givenSecondFactor(device)), user: await userWith(person.email) };
}

/** Every way in that ends with a session by itself, short of its second factor. */
const WAYS_IN: Readonly<Record<string, (visitor: Visitor, person: Credentials) => ReturnType<Visitor['auth']>>> = {
	password: (visitor, { email, password }) => visitor.auth('sign-in/email', { email, password }),
	async code(visitor, { email }) {
		await visitor.auth('email-otp/send-verification-otp', { email, type: 'sign-in' });
		return visitor.auth('sign-in/email-otp', { email, code: await api.mailedCode(email) });
	},
};

test('a secret alone switches nothing on; a first code does, with ten recovery codes, mailed and recorded', async () => {
	const person = aPerson();
	const device = await givenSignedIn(api, person);
	const offer = await device.send('POST', '/v1/me/second-factor');
	expect(offer.status).toBe(200);
	expect(offer.body).toEqual({
		uri: expect.stringMatching(
			/^otpauth:\/\/totp\/Dental%20Diffusion:[^?]+\?secret=[A-Z2-7]+&issuer=Dental%20Diffusion&digits=6&period=30$/,
		),
		secret: expect.stringMatching(/^[A-Z2-7]{32,}$/),
	});
	expect((await givenOtherDevice(api, person)).cookies.header).toContain('afterglow_session');
	const wrong = await device.send('POST', '/v1/me/second-factor/confirm', { code: '000000' });
	expect([wrong.status, wrong.reason, wrong.fields]).toEqual([400, 'wrong_code', ['code']]);
	expect((await userWith(person.email)).twoFactorEnabled).toBe(false);

	const { recoveryCodes } = await givenSecondFactor(device);
	expect(new Set(recoveryCodes).size).toBe(10);
	const user = await userWith(person.email);
	expect(user.twoFactorEnabled).toBe(true);
	expect((await device.send('GET', '/v1/me')).body).toMatchObject({
		secondFactor: { isOn: true, recoveryCodesLeft: 10 },
	});
	const [factor] = await db().select().from(secondFactors).where(eq(secondFactors.userId, user.id));
	for (const code of recoveryCodes) expect(JSON.stringify(factor)).not.toContain(code);
	const entries = await db().select().from(auditEntries).where(eq(auditEntries.userId, user.id));
	expect(entries).toMatchObject([{ action: 'second_factor.on', accountId: null }]);
	expect((await mailsTo(api, person.email))[0]).toMatchObject({
		kind: 'security',
		event: { what: 'second_factor_on' },
	});
	expect((await device.send('POST', '/v1/me/second-factor')).code).toBe('conflict');
});

test.each(Object.keys(WAYS_IN))(
	'with %s the second factor is asked for, and only its code opens a session',
	async (way) => {
		const { person, app, user } = await givenGuarded();
		const before = (await sessionsOf(user.id)).length;
		const signedInAt = user.lastSignInAtMs;
		const visitor = new Visitor(api);
		const begun = await WAYS_IN[way]!(visitor, person);

		expect([begun.status, begun.body]).toEqual([200, { twoFactorRedirect: true }]);
		expect(visitor.cookies.header).not.toContain('afterglow_session');
		expect(visitor.cookies.header).toMatch(/__Host-afterglow_auth\.two_factor=/);
		expect(await visitor.isSignedIn()).toBe(false);
		expect(await sessionsOf(user.id)).toHaveLength(before);
		expect((await userWith(person.email)).lastSignInAtMs).toBe(signedInAt);

		const wrong = await visitor.auth('two-factor/verify-totp', { code: '12345' });
		expect([wrong.status, wrong.reason, wrong.fields]).toEqual([400, 'wrong_code', ['code']]);
		const right = await visitor.auth('two-factor/verify-totp', { code: app.next() });
		expect([right.status, right.body]).toEqual([200, { signedIn: true }]);
		expect(await visitor.isSignedIn()).toBe(true);
		expect((await userWith(person.email)).lastSignInAtMs).toBeGreaterThan(signedInAt ?? 0);
	},
);

test('a code of the app is good once, even within its half minute and at two sign-ins at once', async () => {
	const { person, app } = await givenGuarded();
	const visitors = [new Visitor(api), new Visitor(api)];
	for (const visitor of visitors) await WAYS_IN['password']!(visitor, person);
	const code = app.next();
	const answers = await Promise.all(visitors.map((visitor) => visitor.auth('two-factor/verify-totp', { code })));
	expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);

	const late = new Visitor(api);
	await WAYS_IN['password']!(late, person);
	const replayed = await late.auth('two-factor/verify-totp', { code });
	expect([replayed.status, replayed.reason]).toEqual([400, 'wrong_code']);
	expect(await late.isSignedIn()).toBe(false);
});

test('the code that switched it on does not sign in too', async () => {
	const person = aPerson();
	const device = await givenSignedIn(api, person);
	const { app } = await givenSecondFactor(device);
	const visitor = new Visitor(api);
	await WAYS_IN['password']!(visitor, person);
	const again = app.shown.at(-1)!;
	expect((await visitor.auth('two-factor/verify-totp', { code: again })).reason).toBe('wrong_code');
});

test('five wrong codes end a challenge, and without one nothing is tried', async () => {
	const { person, app } = await givenGuarded();
	const visitor = new Visitor(api);
	await WAYS_IN['password']!(visitor, person);
	for (let each = 0; each < 5; each += 1) {
		expect((await visitor.auth('two-factor/verify-totp', { code: '00000' })).reason).toBe('wrong_code');
	}
	const code = app.next();
	const ended = await visitor.auth('two-factor/verify-totp', { code });
	expect([ended.status, ended.code, ended.reason]).toEqual([401, 'not_signed_in', 'challenge_ended']);
	expect((await new Visitor(api).auth('two-factor/verify-totp', { code })).reason).toBe('challenge_ended');
	expect(await visitor.isSignedIn()).toBe(false);
});

test('ten wrong codes in a row pause the second factor for a quarter of an hour, and not for good', async () => {
	const { person, app, user } = await givenGuarded();
	for (let challenge = 0; challenge < 2; challenge += 1) {
		const visitor = new Visitor(api);
		await WAYS_IN['password']!(visitor, person);
		for (let each = 0; each < 5; each += 1) await visitor.auth('two-factor/verify-totp', { code: '00000' });
	}
	const visitor = new Visitor(api);
	await WAYS_IN['password']!(visitor, person);
	const locked = await visitor.auth('two-factor/verify-totp', { code: '00000' });
	expect([locked.status, locked.code, locked.headers.get('retry-after')]).toEqual([429, 'too_many_requests', '900']);

	await db()
		.update(secondFactors)
		.set({ lockedUntil: new Date(0) })
		.where(eq(secondFactors.userId, user.id));
	expect((await visitor.auth('two-factor/verify-totp', { code: app.next() })).status).toBe(200);
});

test('a challenge is its own person’s, whoever is signed in at that browser', async () => {
	const ada = await givenGuarded();
	const eve = await givenGuarded();
	const browser = eve.device;
	await WAYS_IN['password']!(browser, ada.person);
	const taken = await browser.auth('two-factor/verify-totp', { code: eve.app.next() });

	expect([taken.status, taken.reason]).toEqual([400, 'wrong_code']);
	expect((await browser.auth('two-factor/verify-totp', { code: ada.app.next() })).status).toBe(200);
	expect((await browser.send('GET', '/v1/me')).body).toMatchObject({ email: ada.person.email });
});

/** What ends every session of a person ends what is to become one. */
const ENDINGS: Readonly<Record<string, (device: Visitor, person: Credentials) => Promise<{ status: number }>>> = {
	async 'a reset of the password'(_device, { email }) {
		const visitor = new Visitor(api);
		await visitor.auth('email-otp/send-verification-otp', { email, type: 'forget-password' });
		const code = await api.mailedCode(email);
		return visitor.auth('email-otp/reset-password', { email, code, password: 'four other words here' });
	},
	'a changed password': (device) => device.send('PUT', '/v1/me/password', { next: 'four other words here' }),
	'signing out everywhere else': (device) => device.send('DELETE', '/v1/me/sessions?keep=this'),
	'signing out everywhere': (device) => device.send('DELETE', '/v1/me/sessions'),
};

test.each(Object.keys(ENDINGS))(
	'%s ends a sign-in that waits for its second factor, and nobody else’s',
	async (name) => {
		const ada = await givenGuarded();
		const eve = await givenGuarded();
		const [thief, other] = [new Visitor(api), new Visitor(api)];
		expect((await WAYS_IN['password']!(thief, ada.person)).body).toEqual({ twoFactorRedirect: true });
		await WAYS_IN['password']!(other, eve.person);
		expect((await ENDINGS[name]!(ada.device, ada.person)).status).toBe(200);

		const refused = await thief.auth('two-factor/verify-backup-code', { code: ada.recoveryCodes[0] });
		expect([refused.status, refused.reason]).toEqual([401, 'challenge_ended']);
		expect(await thief.isSignedIn()).toBe(false);
		expect(await db().select().from(verifications).where(eq(verifications.value, ada.user.id))).toEqual([]);
		expect((await other.auth('two-factor/verify-totp', { code: eve.app.next() })).status).toBe(200);
	},
);

test('the session that a browser leaves is over though the sign-in in its place waits for its second factor', async () => {
	const { person, device, app } = await givenGuarded();
	const there = new Visitor(api);
	await WAYS_IN['password']!(there, person);
	expect((await there.auth('two-factor/verify-totp', { code: app.next() })).status).toBe(200);
	const cookie = device.cookies.header;
	await WAYS_IN['password']!(device, person);

	expect((await api.fetch('/v1/me', { headers: { cookie } })).status).toBe(401);
	expect(await there.isSignedIn()).toBe(true);
});

test('a recovery code signs in once, typed as people type it, and its use is mailed', async () => {
	const { person, recoveryCodes } = await givenGuarded();
	const [code = ''] = recoveryCodes;
	const visitor = new Visitor(api);
	await WAYS_IN['password']!(visitor, person);
	expect((await visitor.auth('two-factor/verify-backup-code', { code: 'none-of-them' })).reason).toBe('wrong_code');
	const typed = code.toUpperCase().replaceAll('-', ' ');
	expect((await visitor.auth('two-factor/verify-backup-code', { code: typed })).body).toEqual({ signedIn: true });
	expect(await visitor.isSignedIn()).toBe(true);
	expect((await visitor.send('GET', '/v1/me')).body).toMatchObject({ secondFactor: { recoveryCodesLeft: 9 } });
	expect((await mailsTo(api, person.email))[0]).toMatchObject({ event: { what: 'recovery_code_used', left: 9 } });

	const again = new Visitor(api);
	await WAYS_IN['password']!(again, person);
	expect((await again.auth('two-factor/verify-backup-code', { code })).reason).toBe('wrong_code');
	expect(await again.isSignedIn()).toBe(false);
});

test('one recovery code at two sign-ins at once opens one', async () => {
	const { person, recoveryCodes } = await givenGuarded();
	const visitors = [new Visitor(api), new Visitor(api)];
	for (const visitor of visitors) await WAYS_IN['password']!(visitor, person);
	const body = { code: recoveryCodes[0] };
	const answers = await Promise.all(visitors.map((visitor) => visitor.auth('two-factor/verify-backup-code', body)));
	expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
});

test('new recovery codes end those before', async () => {
	const { person, device, recoveryCodes } = await givenGuarded();
	const renewed = await device.send('POST', '/v1/me/recovery-codes');
	expect(renewed.status).toBe(200);
	const visitor = new Visitor(api);
	await WAYS_IN['password']!(visitor, person);
	expect((await visitor.auth('two-factor/verify-backup-code', { code: recoveryCodes[0] })).reason).toBe('wrong_code');
	expect((await mailsTo(api, person.email)).map((mail) => 'event' in mail && mail.event.what)).toContain(
		'recovery_codes_made',
	);
});

test('a reset of the password leaves the second factor where it is', async () => {
	const { person, app } = await givenGuarded();
	const { email } = person;
	const visitor = new Visitor(api);
	await visitor.auth('email-otp/send-verification-otp', { email, type: 'forget-password' });
	// Eight characters are enough beside a second factor.
	const password = 'kürzer 8';
	const reset = { email, code: await api.mailedCode(email), password };
	expect((await visitor.auth('email-otp/reset-password', reset)).status).toBe(200);
	expect((await userWith(email)).hasShortPassword).toBe(true);

	expect((await visitor.auth('sign-in/email', { email, password })).body).toEqual({ twoFactorRedirect: true });
	expect((await visitor.auth('two-factor/verify-totp', { code: app.next() })).status).toBe(200);
});

test('without a second factor eight characters are refused at a reset, and the code stays good', async () => {
	const person = aPerson();
	const device = await givenSignedIn(api, person);
	const { email } = person;
	await device.auth('email-otp/send-verification-otp', { email, type: 'forget-password' });
	const code = await api.mailedCode(email);
	const refused = await device.auth('email-otp/reset-password', { email, code, password: 'kürzer 8' });
	expect([refused.status, refused.reason]).toEqual([400, 'password_too_short']);
	const password = 'four other words here';
	expect((await device.auth('email-otp/reset-password', { email, code, password })).status).toBe(200);
});

test('a short password keeps the second factor on until a longer one is set', async () => {
	const { person, device, user } = await givenGuarded();
	expect((await device.send('PUT', '/v1/me/password', { next: 'kürzer 8' })).status).toBe(200);
	const refused = await device.send('DELETE', '/v1/me/second-factor');
	expect([refused.status, refused.code, refused.reason]).toEqual([409, 'conflict', 'password_too_short']);
	expect((await userWith(person.email)).twoFactorEnabled).toBe(true);
	const entries = await db().select().from(auditEntries).where(eq(auditEntries.userId, user.id));
	expect(entries.map(({ action }) => action)).not.toContain('second_factor.off');

	await device.send('PUT', '/v1/me/password', { next: 'long enough to stand alone' });
	expect((await device.send('DELETE', '/v1/me/second-factor')).body).toEqual({ isOn: false });
	expect(await db().select().from(secondFactors).where(eq(secondFactors.userId, user.id))).toEqual([]);
	const visitor = new Visitor(api);
	const credentials = { email: person.email, password: 'long enough to stand alone' };
	expect((await visitor.auth('sign-in/email', credentials)).body).toEqual({ signedIn: true });
	expect((await device.send('DELETE', '/v1/me/second-factor')).code).toBe('conflict');
	expect((await device.send('POST', '/v1/me/recovery-codes')).code).toBe('conflict');
});

test('of a short password and switching off at once, one is refused: no short password stands alone', async () => {
	for (let round = 0; round < 5; round += 1) {
		const { device, person } = await givenGuarded();
		await Promise.all([
			device.send('PUT', '/v1/me/password', { next: 'kürzer 8' }),
			device.send('DELETE', '/v1/me/second-factor'),
		]);
		const { twoFactorEnabled, hasShortPassword } = await userWith(person.email);
		expect(twoFactorEnabled || !hasShortPassword).toBe(true);
	}
});

test('secrets and codes are kept encrypted or hashed, and a step that was used has no code beside it', async () => {
	const { app, user } = await givenGuarded();
	const [factor] = await db().select().from(secondFactors).where(eq(secondFactors.userId, user.id));
	expect(factor?.secret).not.toContain(app.secret);
	const used = (await db().select().from(verifications)).filter(({ id }) => id.startsWith(`totp.${user.id}.`));
	expect(used).toHaveLength(1);
	expect(used[0]?.value).toBe('');
	const [method] = await db().select().from(signInMethods).where(eq(signInMethods.userId, user.id));
	expect(method?.password).toMatch(/^s1\$/);
});
