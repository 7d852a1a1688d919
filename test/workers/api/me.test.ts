import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { auditEntries } from '../../../schema/audit';
import { welcomeGrants } from '../../../schema/limits';
import { sessions, signInMethods, users, verifications } from '../../../schema/users';
import { dental } from '../../../studios/dental';
import { startCountingApi } from '../../budgets/counting-api';
import {
	aPerson,
	givenOtherDevice,
	givenSecondFactor,
	givenSignedIn,
	mailsTo,
	Visitor,
	type Answered,
	type CountingApi,
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

async function actionsOf(userId: string): Promise<string[]> {
	const entries = await db().select().from(auditEntries).where(eq(auditEntries.userId, userId));
	return entries.map(({ action }) => action);
}

/** Signed in so long ago that it is no proof any more. */
async function makeOld(userId: string): Promise<void> {
	const createdAt = new Date(Date.now() - 11 * 60_000);
	await db().update(sessions).set({ createdAt, confirmedAtMs: null }).where(eq(sessions.userId, userId));
}

async function codeOf(email: string, kind: string): Promise<string> {
	const mail = (await mailsTo(api, email)).find((each) => each.kind === kind);
	if (mail === undefined || !('code' in mail)) throw new Error(`no ${kind} was mailed`);
	return mail.code;
}

async function changeAddress(visitor: Visitor, { from, to }: { from: string; to: string }): Promise<number> {
	await visitor.send('POST', '/v1/me/email', { email: to });
	const codes = { currentCode: await codeOf(from, 'change_from_code'), newCode: await codeOf(to, 'change_to_code') };
	return (await visitor.send('POST', '/v1/me/email/confirm', codes)).status;
}

const kindsTo = async (email: string) => (await mailsTo(api, email)).map(({ kind }) => kind);

test('a person reads what they are called and how they get in, and changes the name', async () => {
	const person = aPerson();
	const visitor = await givenSignedIn(api, person);
	const { id } = await userWith(person.email);
	const me = await visitor.send('GET', '/v1/me');
	expect([me.status, me.body]).toEqual([
		200,
		{
			id,
			name: 'Ada',
			email: person.email,
			ways: [{ id: expect.stringMatching(/^way_/), way: 'password', linkedAt: expect.any(String) }],
			passkeys: [],
			secondFactor: { isOn: false, recoveryCodesLeft: 0 },
			hasPassword: true,
			statements: [],
		},
	]);
	expect((await visitor.send('PATCH', '/v1/me', { name: ' Ada Lovelace ' })).body).toMatchObject({
		name: 'Ada Lovelace',
	});
	const refused = await visitor.send('PATCH', '/v1/me', { name: ' ' });
	expect([refused.status, refused.code, refused.fields]).toEqual([400, 'invalid_input', ['name']]);
	expect((await userWith(person.email)).name).toBe('Ada Lovelace');
});

test('without a session nothing about a person is there', async () => {
	const visitor = new Visitor(api);
	const asked: [string, string, object?][] = [
		['GET', '/v1/me'],
		['PATCH', '/v1/me', { name: 'Eve' }],
		['GET', '/v1/me/sessions'],
		['DELETE', '/v1/me/sessions'],
		['POST', '/v1/me/proof/code'],
		['POST', '/v1/me/proof', { password: 'x' }],
		['PUT', '/v1/me/password', { next: 'four other words here' }],
		['POST', '/v1/me/email', { email: 'eve@practice.test' }],
		['POST', '/v1/me/second-factor'],
		['GET', '/v1/me/events'],
	];
	for (const [method, path, body] of asked) {
		const refused = await visitor.send(method, path, body);
		expect([path, refused.status, refused.code]).toEqual([path, 401, 'not_signed_in']);
	}
});

test('devices are listed, and one that is signed out is nobody’s with its next request', async () => {
	const person = aPerson();
	const here = await givenSignedIn(api, person);
	const phone = new Visitor(api);
	phone.userAgent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) AppleWebKit/605 Version/19.0 Mobile Safari/604.1';
	await phone.auth('sign-in/email', { email: person.email, password: person.password });
	const { body } = await here.send('GET', '/v1/me/sessions');
	expect(body).toMatchObject({
		items: [
			{ device: 'Safari on iPhone', isThis: false },
			{ device: 'Firefox on Linux', isThis: true },
		],
	});
	const [{ id }] = (body as { items: [{ id: string }] }).items;
	const stranger = await givenSignedIn(api);
	const refused = await stranger.send('DELETE', `/v1/me/sessions/${id}`);
	expect([refused.status, refused.code]).toEqual([404, 'not_found']);
	expect(await phone.isSignedIn()).toBe(true);

	expect((await here.send('DELETE', `/v1/me/sessions/${id}`)).body).toEqual({ ended: 1 });
	expect(await phone.isSignedIn()).toBe(false);
	expect(await here.isSignedIn()).toBe(true);
	expect((await here.send('DELETE', `/v1/me/sessions/${id}`)).status).toBe(404);
	expect(await actionsOf((await userWith(person.email)).id)).toEqual(['session.ended']);
});

test('signing out everywhere else keeps this device, and everywhere ends it too, and nobody else’s', async () => {
	const person = aPerson();
	const here = await givenSignedIn(api, person);
	const others = [await givenOtherDevice(api, person), await givenOtherDevice(api, person)];
	const stranger = await givenSignedIn(api);

	expect((await here.send('DELETE', '/v1/me/sessions?keep=this')).body).toEqual({ ended: 2 });
	expect(await Promise.all(others.map((device) => device.isSignedIn()))).toEqual([false, false]);
	expect(await here.isSignedIn()).toBe(true);
	expect((await here.send('DELETE', '/v1/me/sessions?keep=this')).body).toEqual({ ended: 0 });
	expect((await here.send('DELETE', '/v1/me/sessions')).body).toEqual({ ended: 1 });
	expect(await here.isSignedIn()).toBe(false);
	expect(await stranger.isSignedIn()).toBe(true);
	expect(await actionsOf((await userWith(person.email)).id)).toEqual(['sessions.ended', 'sessions.ended']);
});

const DANGEROUS: [string, string, object?][] = [
	['PUT', '/v1/me/password', { next: 'four other words here' }],
	['POST', '/v1/me/email', { email: 'new@practice.test' }],
	['POST', '/v1/me/second-factor'],
	['DELETE', '/v1/me/second-factor'],
	['POST', '/v1/me/recovery-codes'],
];

test.each(DANGEROUS)('%s %s asks for a fresh proof, and leaves no trace without', async (method, path, body) => {
	const person = aPerson();
	const visitor = await givenSignedIn(api, person);
	const user = await userWith(person.email);
	await makeOld(user.id);
	const mailed = await kindsTo(person.email);
	const refused = await visitor.send(method, path, body);

	expect([refused.status, refused.code]).toEqual([403, 'reauthentication_required']);
	expect(await userWith(person.email)).toEqual(user);
	expect(await kindsTo(person.email)).toEqual(mailed);
	expect(await actionsOf(user.id)).toEqual([]);
});

async function proofs(visitor: Visitor, person: { email: string; password: string }): Promise<Record<string, object>> {
	await visitor.send('POST', '/v1/me/proof/code');
	return { password: { password: person.password }, code: { code: await codeOf(person.email, 'proof_code') } };
}

test.each(['password', 'code'])(
	'a %s proves again who it is, for ten minutes and this session, which goes on under a new token',
	async (by) => {
		const person = aPerson();
		const here = await givenSignedIn(api, person);
		const there = await givenOtherDevice(api, person);
		await makeOld((await userWith(person.email)).id);
		const proof = (await proofs(here, person))[by]!;
		const cookieBefore = here.cookies.header;
		const proved = await here.send('POST', '/v1/me/proof', proof);

		expect(proved.status).toBe(200);
		expect(proved.headers.get('set-cookie')).toMatch(/^__Host-afterglow_session=.*HttpOnly; Secure; SameSite=Lax$/);
		const copied = await api.fetch('/v1/session', { headers: { cookie: cookieBefore } });
		expect(await copied.json()).toEqual({ signedIn: false });
		expect((await here.send('GET', '/v1/me/sessions')).body).toMatchObject({ items: { length: 2 } });
		const until = Date.parse((proved.body as { provedUntil: string }).provedUntil);
		expect(Math.abs(until - Date.now() - 10 * 60_000)).toBeLessThan(10_000);
		expect((await here.send('POST', '/v1/me/second-factor')).status).toBe(200);
		expect((await there.send('POST', '/v1/me/second-factor')).code).toBe('reauthentication_required');
		// A password stays what it is; a code is used up.
		const again = await here.send('POST', '/v1/me/proof', proof);
		expect(again.reason).toBe(by === 'code' ? 'code_ended' : undefined);
	},
);

test.each([
	['a wrong password', { password: 'another long password' }, 'wrong_password', ['password']],
	['a code that was never mailed', { code: '123456' }, 'code_ended', ['code']],
	['a code of no app', { totp: '123456' }, undefined, undefined],
])('%s proves nothing', async (_, proof, reason, fields) => {
	const person = aPerson();
	const visitor = await givenSignedIn(api, person);
	await makeOld((await userWith(person.email)).id);
	const refused = await visitor.send('POST', '/v1/me/proof', proof);

	expect(refused.status).toBeGreaterThanOrEqual(400);
	expect([refused.reason, refused.fields]).toEqual([reason, fields]);
	expect((await visitor.send('POST', '/v1/me/second-factor')).code).toBe('reauthentication_required');
});

test('with a second factor on, a password or a mailed code alone proves nothing; a code of the app does, once', async () => {
	const person = aPerson();
	const visitor = await givenSignedIn(api, person);
	const { app } = await givenSecondFactor(visitor);
	await makeOld((await userWith(person.email)).id);
	for (const proof of Object.values(await proofs(visitor, person))) {
		const refused = await visitor.send('POST', '/v1/me/proof', proof);
		expect([refused.status, refused.code, refused.reason]).toEqual([403, 'not_allowed', 'second_factor_required']);
	}
	expect((await visitor.send('DELETE', '/v1/me/second-factor')).code).toBe('reauthentication_required');
	const totp = app.next();
	expect((await visitor.send('POST', '/v1/me/proof', { totp })).status).toBe(200);
	expect((await visitor.send('POST', '/v1/me/proof', { totp })).reason).toBe('wrong_code');
	expect((await visitor.send('DELETE', '/v1/me/second-factor')).status).toBe(200);
});

test('tries to prove are limited', async () => {
	const visitor = await givenSignedIn(api);
	let last: Answered | undefined;
	for (let each = 0; each < 25 && last?.status !== 429; each += 1) {
		last = await visitor.send('POST', '/v1/me/proof', { code: '000000' });
	}
	expect([last?.status, last?.code]).toEqual([429, 'too_many_requests']);
});

test('a changed password ends the other sessions, is mailed and recorded, and the old one is over', async () => {
	const person = aPerson();
	const here = await givenSignedIn(api, person);
	const there = await givenOtherDevice(api, person);
	const { id } = await userWith(person.email);
	const next = 'four other words here';
	expect((await here.send('PUT', '/v1/me/password', { next })).body).toEqual({ changed: true });

	expect([await here.isSignedIn(), await there.isSignedIn()]).toEqual([true, false]);
	const visitor = new Visitor(api);
	expect((await visitor.auth('sign-in/email', { email: person.email, password: person.password })).status).toBe(401);
	expect((await visitor.auth('sign-in/email', { email: person.email, password: next })).status).toBe(200);
	expect(await actionsOf(id)).toEqual(['password.changed']);
	expect((await mailsTo(api, person.email))[0]).toMatchObject({ event: { what: 'password_changed' } });
	expect((await here.send('GET', '/v1/me/events')).body).toMatchObject({
		items: [{ action: 'password.changed', browser: 'Firefox on Linux', facts: {} }],
	});
	const other = await givenSignedIn(api);
	expect((await other.send('GET', '/v1/me/events')).body).toEqual({ items: [] });
});

test.each([
	['too short', 'eight ch', 'password_too_short'],
	['stolen elsewhere', 'correct horse battery staple', 'password_breached'],
])('a password that is %s is refused beside its field, and nothing changes', async (_, next, reason) => {
	const person = aPerson();
	const visitor = await givenSignedIn(api, person);
	const { id } = await userWith(person.email);
	const before = await db().select().from(signInMethods).where(eq(signInMethods.userId, id));
	const refused = await visitor.send('PUT', '/v1/me/password', { next });

	expect([refused.status, refused.reason, refused.fields]).toEqual([400, reason, ['next']]);
	expect(await db().select().from(signInMethods).where(eq(signInMethods.userId, id))).toEqual(before);
	expect(await actionsOf(id)).toEqual([]);
});

test('an address changes with the codes of both, ends the other sessions, and both are told', async () => {
	const person = aPerson();
	const here = await givenSignedIn(api, person);
	const there = await givenOtherDevice(api, person);
	const { id } = await userWith(person.email);
	const { email } = aPerson();
	expect((await here.send('POST', '/v1/me/email', { email })).body).toEqual({ sent: true, minutes: 10 });
	expect(await userWith(person.email)).toMatchObject({ id });
	const currentCode = await codeOf(person.email, 'change_from_code');
	const newCode = await codeOf(email, 'change_to_code');

	const wrong = await here.send('POST', '/v1/me/email/confirm', { currentCode, newCode: '12345' });
	expect([wrong.status, wrong.reason, wrong.fields]).toEqual([400, 'wrong_code', ['newCode']]);
	const swapped = await here.send('POST', '/v1/me/email/confirm', { currentCode: '12345', newCode });
	expect([swapped.status, swapped.reason, swapped.fields]).toEqual([400, 'wrong_code', ['currentCode']]);
	const changed = await here.send('POST', '/v1/me/email/confirm', { currentCode, newCode });
	expect([changed.status, changed.body]).toEqual([200, { email }]);

	expect(await userWith(email)).toMatchObject({ id, emailVerified: true });
	expect([await here.isSignedIn(), await there.isSignedIn()]).toEqual([true, false]);
	for (const to of [person.email, email]) {
		expect((await mailsTo(api, to))[0]).toMatchObject({ event: { what: 'email_changed', newAddress: email } });
	}
	expect(await actionsOf(id)).toEqual(['email.changed']);
	const again = await here.send('POST', '/v1/me/email/confirm', { currentCode, newCode });
	expect(again.reason).toBe('code_ended');
});

test('a changed address ends a sign-in under the old one that waits for its second factor', async () => {
	const person = aPerson();
	const here = await givenSignedIn(api, person);
	const { recoveryCodes } = await givenSecondFactor(here);
	const thief = new Visitor(api);
	const { email, password } = person;
	expect((await thief.auth('sign-in/email', { email, password })).body).toEqual({ twoFactorRedirect: true });
	expect(await changeAddress(here, { from: email, to: aPerson().email })).toBe(200);

	const refused = await thief.auth('two-factor/verify-backup-code', { code: recoveryCodes[0] });
	expect([refused.status, refused.reason]).toEqual([401, 'challenge_ended']);
	expect(await thief.isSignedIn()).toBe(false);
	const { body } = await here.send('GET', '/v1/me');
	expect(body).toMatchObject({ secondFactor: { recoveryCodesLeft: recoveryCodes.length } });
});

test('a person is welcomed once, whatever addresses they change to, and so is whoever has one of those later', async () => {
	const person = aPerson();
	const visitor = await givenSignedIn(api, person);
	const statementVersion = dental.statement?.textVersion;
	const open = async (who: Visitor) => {
		const order = { name: 'Practice', key: crypto.randomUUID(), statementVersion };
		return (await who.send('POST', '/v1/accounts', order)).body;
	};
	expect(await open(visitor)).toMatchObject({ welcomeCredits: dental.welcomeCredits });
	const [second, third] = [aPerson().email, aPerson().email];
	for (const [from, to] of [
		[person.email, second],
		[second, third],
		[third, person.email],
	] as const) {
		expect(await changeAddress(visitor, { from, to })).toBe(200);
		expect(await open(visitor)).toMatchObject({ welcomeCredits: 0 });
	}
	expect(await db().select().from(welcomeGrants)).toHaveLength(3);
	const next = await givenSignedIn(api, { ...aPerson(), email: second });
	expect(await open(next)).toMatchObject({ welcomeCredits: 0 });
	expect(await open(await givenSignedIn(api))).toMatchObject({ welcomeCredits: dental.welcomeCredits });
});

test('an address that is taken is answered as one that is free, and nothing changes', async () => {
	const owner = aPerson();
	await givenSignedIn(api, owner);
	const person = aPerson();
	const visitor = await givenSignedIn(api, person);
	const free = aPerson().email;
	const seen = [];
	for (const email of [owner.email, free]) {
		let said: unknown;
		const asked = await api.counted(async () => {
			const { status, body } = await visitor.send('POST', '/v1/me/email', { email });
			said = { status, body };
		});
		seen.push({ said, asked });
		expect(await kindsTo(email)).toContain(email === free ? 'change_to_code' : 'already_signed_up');
	}
	expect(seen[0]).toEqual(seen[1]);
	expect((await visitor.send('POST', '/v1/me/email', { email: person.email })).reason).toBe('same_address');
	expect((await userWith(owner.email)).name).toBe('Ada');
});

test('a throw-away mailbox is refused as a new address beside its field, with nothing stored or mailed', async () => {
	const person = aPerson();
	const visitor = await givenSignedIn(api, person);
	const before = await db().select().from(verifications);
	const email = `${crypto.randomUUID()}@box.mailinator.com`;
	const refused = await visitor.send('POST', '/v1/me/email', { email });
	expect([refused.status, refused.reason, refused.fields]).toEqual([400, 'disposable_address', ['email']]);
	expect(await db().select().from(verifications)).toEqual(before);
	expect([await kindsTo(person.email), await kindsTo(email)]).toEqual([['sign_up_code'], []]);
});

test('who signs up with an address first has it; the change that comes second is refused and changes nothing', async () => {
	const person = aPerson();
	const visitor = await givenSignedIn(api, person);
	const wanted = aPerson();
	await visitor.send('POST', '/v1/me/email', { email: wanted.email });
	const codes = {
		currentCode: await codeOf(person.email, 'change_from_code'),
		newCode: await codeOf(wanted.email, 'change_to_code'),
	};
	await givenSignedIn(api, wanted);
	const before = await userWith(person.email);
	const refused = await visitor.send('POST', '/v1/me/email/confirm', codes);

	expect([refused.status, refused.code, refused.reason]).toEqual([409, 'conflict', 'address_taken']);
	expect(await userWith(person.email)).toEqual(before);
	expect(await actionsOf(before.id)).toEqual([]);
	expect(await kindsTo(person.email)).not.toContain('security');
});

test('two confirmations at once change the address once', async () => {
	const person = aPerson();
	const visitor = await givenSignedIn(api, person);
	const { email } = aPerson();
	await visitor.send('POST', '/v1/me/email', { email });
	const codes = {
		currentCode: await codeOf(person.email, 'change_from_code'),
		newCode: await codeOf(email, 'change_to_code'),
	};
	const answers = await Promise.all([1, 2].map(() => visitor.send('POST', '/v1/me/email/confirm', codes)));
	expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
	expect(await actionsOf((await userWith(email)).id)).toEqual(['email.changed']);
});

test('codes for one address do not confirm another that was asked for since', async () => {
	const person = aPerson();
	const visitor = await givenSignedIn(api, person);
	const [first, second] = [aPerson().email, aPerson().email];
	await visitor.send('POST', '/v1/me/email', { email: first });
	const newCode = await codeOf(first, 'change_to_code');
	await visitor.send('POST', '/v1/me/email', { email: second });
	const currentCode = await codeOf(person.email, 'change_from_code');
	const refused = await visitor.send('POST', '/v1/me/email/confirm', { currentCode, newCode });
	expect([refused.status, refused.reason]).toEqual([400, 'wrong_code']);
	expect((await userWith(person.email)).email).toBe(person.email);
});
