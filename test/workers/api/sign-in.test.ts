import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { auditEntries } from '../../../schema/audit';
import { sessions, signInMethods, users, verifications } from '../../../schema/users';
import { startCountingApi } from '../../budgets/counting-api';
import { aPerson, givenOtherDevice, givenSignedIn, mailsTo, Visitor, type CountingApi } from './visitor';

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

/** What a refusal or an answer says, without what is anybody's own. */
function said({ status, body }: { status: number; body: unknown }) {
	return { status, body };
}

test.each([
	['a wrong password', { password: 'another long password' }],
	['an unknown address', { email: 'nobody@practice.test' }],
	['a password of more bytes than anybody types', { password: 'x'.repeat(3000) }],
])('%s is refused the same way and opens no session', async (_, wrong) => {
	const { name: _name, ...person } = aPerson();
	await givenSignedIn(api, { name: 'Ada', ...person });
	const before = await db().select().from(sessions);

	const refused = await new Visitor(api).auth('sign-in/email', { ...person, ...wrong });

	expect(said(refused)).toEqual({
		status: 401,
		body: {
			error: {
				code: 'not_signed_in',
				message: 'E-mail and password do not belong together. Check both.',
				details: { reason: 'wrong_credentials' },
			},
		},
	});
	expect(await db().select().from(sessions)).toHaveLength(before.length);
});

test('the answer to a sign-in holds neither the session’s token nor who it is', async () => {
	const person = aPerson();
	await givenSignedIn(api, person);
	const visitor = new Visitor(api);
	const { name: _, ...credentials } = person;
	const answered = await visitor.auth('sign-in/email', { ...credentials, email: person.email.toUpperCase() });

	expect(said(answered)).toEqual({ status: 200, body: { signedIn: true } });
	const [cookie = '', ...others] = answered.headers.getSetCookie();
	expect(others).toEqual([]);
	expect(cookie).toMatch(/^__Host-afterglow_session=[^;]+;/);
	for (const attribute of [/HttpOnly/i, /Secure/i, /SameSite=Lax/i, /Path=\//i]) expect(cookie).toMatch(attribute);
	expect(cookie).not.toMatch(/Domain/i);
});

test('a session acts in the account that its person belongs to for longest, or in none', async () => {
	const person = aPerson();
	const first = await givenSignedIn(api, person);
	expect((await first.send('GET', '/v1/session')).body).toMatchObject({ signedIn: true, account: null });
	const version = '2026-11-21';
	for (const name of ['Praxis Nord', 'Praxis Süd']) {
		const order = { name, key: crypto.randomUUID(), statementVersion: version };
		expect((await first.send('POST', '/v1/accounts', order)).status).toBe(201);
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
	const later = await givenOtherDevice(api, person);
	expect((await later.send('GET', '/v1/session')).body).toMatchObject({ account: { name: 'Praxis Nord' } });
});

test('a mailed code signs in once, and only who asked for it is sent one', async () => {
	const person = aPerson();
	await givenSignedIn(api, person);
	const visitor = new Visitor(api);
	const { email } = person;
	const sent = await visitor.auth('email-otp/send-verification-otp', { email, type: 'sign-in' });
	expect(said(sent)).toEqual({ status: 200, body: { sent: true, minutes: 10 } });
	const [mail] = await mailsTo(api, email);
	expect(mail).toMatchObject({ kind: 'sign_in_code', minutes: 10 });
	const code = await api.mailedCode(email);

	expect(said(await visitor.auth('sign-in/email-otp', { email, code }))).toEqual({
		status: 200,
		body: { signedIn: true },
	});
	expect(await visitor.isSignedIn()).toBe(true);
	const again = await new Visitor(api).auth('sign-in/email-otp', { email, code });
	expect([again.status, again.reason]).toEqual([400, 'code_ended']);
});

test('a code for one purpose is worth nothing for another', async () => {
	const person = aPerson();
	await givenSignedIn(api, person);
	const { email } = person;
	const visitor = new Visitor(api);
	await visitor.auth('email-otp/send-verification-otp', { email, type: 'forget-password' });
	const code = await api.mailedCode(email);

	expect((await visitor.auth('sign-in/email-otp', { email, code })).reason).toBe('code_ended');
	expect(await visitor.isSignedIn()).toBe(false);
});

test('ten tries at once with one right code open one session', async () => {
	const person = aPerson();
	const first = await givenSignedIn(api, person);
	await first.auth('sign-out', {});
	const { email } = person;
	await first.auth('email-otp/send-verification-otp', { email, type: 'sign-in' });
	const code = await api.mailedCode(email);
	const tries = Array.from({ length: 10 }, () => new Visitor(api).auth('sign-in/email-otp', { email, code }));
	const statuses = (await Promise.all(tries)).map(({ status }) => status);

	expect(statuses.filter((status) => status === 200)).toHaveLength(1);
	expect(await sessionsOf((await userWith(email)).id)).toHaveLength(1);
});

test.each(['sign-in', 'forget-password'] as const)(
	'asking for a code (%s) answers a known and an unknown address alike, with as many statements',
	async (type) => {
		const known = aPerson();
		await givenSignedIn(api, known);
		const seen = [];
		for (const email of [known.email, aPerson().email]) {
			const mailed = (await mailsTo(api, email)).length;
			const told = api.queued.length;
			let answered: unknown;
			const asked = await api.counted(async () => {
				answered = said(await new Visitor(api).auth('email-otp/send-verification-otp', { email, type }));
			});
			seen.push({ answered, asked, told: api.queued.length - told });
			expect((await mailsTo(api, email)).length - mailed).toBe(email === known.email ? 1 : 0);
		}
		expect(seen[0]).toEqual(seen[1]);
	},
);

test.each([
	['sign-in/email-otp', 'sign-in', {}],
	['email-otp/reset-password', 'forget-password', { password: 'another long password here' }],
] as const)('tries at %s end alike for a known and an unknown address', async (path, type, more) => {
	const known = aPerson();
	await givenSignedIn(api, known);
	const seen = [];
	for (const email of [known.email, aPerson().email]) {
		const visitor = new Visitor(api);
		await visitor.auth('email-otp/send-verification-otp', { email, type });
		const tries = [];
		for (let each = 0; each < 6; each += 1) tries.push(said(await visitor.auth(path, { email, code: '1', ...more })));
		seen.push(tries);
	}
	expect(seen[0]).toEqual(seen[1]);
});

test('a reset sets the password, ends every session, signs nobody in, and is mailed and recorded', async () => {
	const person = aPerson();
	const device = await givenSignedIn(api, person);
	const { email } = person;
	const user = await userWith(email);
	const visitor = new Visitor(api);
	await visitor.auth('email-otp/send-verification-otp', { email, type: 'forget-password' });
	const code = await api.mailedCode(email);
	const password = 'a password that is new';
	const reset = await visitor.auth('email-otp/reset-password', { email, code, password });

	expect(said(reset)).toEqual({ status: 200, body: { changed: true } });
	expect(reset.headers.getSetCookie()).toEqual([]);
	expect(await device.isSignedIn()).toBe(false);
	expect(await sessionsOf(user.id)).toEqual([]);
	expect((await visitor.auth('sign-in/email', { email, password: person.password })).status).toBe(401);
	expect((await visitor.auth('sign-in/email', { email, password })).status).toBe(200);
	const entries = await db().select().from(auditEntries).where(eq(auditEntries.userId, user.id));
	expect(entries).toMatchObject([{ action: 'password.changed', accountId: null, browser: 'Firefox on Linux' }]);
	const [mail] = await mailsTo(api, email);
	expect(mail).toMatchObject({ kind: 'security', event: { what: 'password_changed', device: 'Firefox on Linux' } });
	expect((await visitor.auth('email-otp/reset-password', { email, code, password })).reason).toBe('code_ended');
});

test('a reset with a password against the rule changes nothing and leaves the code good', async () => {
	const person = aPerson();
	const device = await givenSignedIn(api, person);
	const { email } = person;
	await device.auth('email-otp/send-verification-otp', { email, type: 'forget-password' });
	const code = await api.mailedCode(email);
	const before = await db().select().from(signInMethods);
	const refused = await device.auth('email-otp/reset-password', { email, code, password: 'password password' });

	expect([refused.status, refused.reason, refused.fields]).toEqual([400, 'password_guessable', ['password']]);
	expect(await db().select().from(signInMethods)).toEqual(before);
	expect(await device.isSignedIn()).toBe(true);
	expect(
		(await device.auth('email-otp/reset-password', { email, code, password: 'four other words here' })).status,
	).toBe(200);
});

test('signing out ends the session at once, and a request with the old cookie is nobody’s', async () => {
	const visitor = await givenSignedIn(api);
	const cookie = visitor.cookies.header;
	const out = await visitor.auth('sign-out', {});

	expect(said(out)).toEqual({ status: 200, body: { signedOut: true } });
	expect(visitor.cookies.header).toBe('');
	expect((await api.fetch('/v1/me', { headers: { cookie } })).status).toBe(401);
});

test('signing in again takes the place of the session that the browser came with, and of no other', async () => {
	const person = aPerson();
	const here = await givenSignedIn(api, person);
	const there = await givenOtherDevice(api, person);
	const cookie = here.cookies.header;
	const { email, password } = person;
	expect((await here.auth('sign-in/email', { email, password: 'another long password' })).status).toBe(401);
	expect(await here.isSignedIn()).toBe(true);
	expect((await here.auth('sign-in/email', { email, password })).status).toBe(200);

	expect(here.cookies.header).not.toBe(cookie);
	expect((await api.fetch('/v1/me', { headers: { cookie } })).status).toBe(401);
	expect([await here.isSignedIn(), await there.isSignedIn()]).toEqual([true, true]);
});

test('a user who is deleted is signed out with the next request', async () => {
	const person = aPerson();
	const visitor = await givenSignedIn(api, person);
	await db().delete(users).where(eq(users.email, person.email));

	expect(await visitor.isSignedIn()).toBe(false);
});

test('no address and no name is stored in plain beside a code', async () => {
	const person = aPerson();
	const device = await givenSignedIn(api, person);
	const wanted = aPerson();
	await new Visitor(api).auth('email-otp/send-verification-otp', { email: person.email, type: 'sign-in' });
	await new Visitor(api).auth('sign-up/email', { ...aPerson(), name: 'Margarethe of the tests' });
	expect((await device.send('POST', '/v1/me/email', { email: wanted.email })).status).toBe(200);
	const waiting = JSON.stringify(await db().select().from(verifications));
	expect(waiting).toContain('code.change_to.');
	for (const known of [person.email, wanted.email, 'Margarethe']) expect(waiting).not.toContain(known);
});
