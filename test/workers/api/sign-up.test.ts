import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { sessions, signInMethods, users, verifications } from '../../../schema/users';
import { startCountingApi } from '../../budgets/counting-api';
import { aPerson, givenSignedIn, mailsTo, ORIGIN, Visitor, type CountingApi } from './visitor';

let api: CountingApi;
beforeAll(async () => {
	api = await startCountingApi();
}, 60_000);
afterAll(() => api.close());

const db = () => drizzle(api.d1);

function usersWith(email: string) {
	return db().select().from(users).where(eq(users.email, email));
}

test('a sign-up makes no user and no session; its code makes both, and nothing waits any more', async () => {
	const person = aPerson();
	const visitor = new Visitor(api);
	const asked = await visitor.auth('sign-up/email', { ...person, email: person.email.toUpperCase() });

	expect([asked.status, asked.body]).toEqual([200, { sent: true, minutes: 10 }]);
	expect(await usersWith(person.email)).toEqual([]);
	expect(await visitor.isSignedIn()).toBe(false);
	const [mail] = await mailsTo(api, person.email);
	expect(mail).toMatchObject({ kind: 'sign_up_code', minutes: 10, code: expect.stringMatching(/^\d{6}$/) });

	const code = await api.mailedCode(person.email);
	const verified = await visitor.auth('email-otp/verify-email', { email: person.email, code: ` ${code} ` });
	expect([verified.status, verified.body]).toEqual([200, { signedIn: true }]);
	expect(await visitor.isSignedIn()).toBe(true);
	const [user] = await usersWith(person.email);
	expect(user).toMatchObject({ name: 'Ada', emailVerified: true, twoFactorEnabled: false, hasShortPassword: false });
	expect(user?.lastSignInAtMs).toBeGreaterThan(0);
	expect(visitor.cookies.header).not.toContain('sign_up');
	const waiting = await db().select().from(verifications);
	expect(waiting.filter(({ value }) => value.includes('Ada'))).toEqual([]);
});

test('a code is stored as a hash, what waits beside it sealed, and the address not at all', async () => {
	const person = aPerson();
	await new Visitor(api).auth('sign-up/email', person);
	const code = await api.mailedCode(person.email);
	const stored = JSON.stringify(await db().select().from(verifications));

	expect(stored).toContain('code.sign_up.');
	for (const clear of [person.email, person.password, 'passwordHash', `"${code}"`]) {
		expect(stored).not.toContain(clear);
	}
});

test('a code is good once: a second try with it at another tab is led to sign-in', async () => {
	const person = aPerson();
	const visitor = new Visitor(api);
	await visitor.auth('sign-up/email', person);
	const ticket = visitor.cookies.header;
	const code = await api.mailedCode(person.email);
	const verify = () =>
		api.fetch('/api/auth/email-otp/verify-email', {
			method: 'POST',
			headers: { 'content-type': 'application/json', origin: ORIGIN, cookie: ticket },
			body: JSON.stringify({ email: person.email, code }),
		});
	const statuses = (await Promise.all([verify(), verify()])).map(({ status }) => status).toSorted((a, b) => a - b);

	expect(statuses[0]).toBe(200);
	expect([400, 409]).toContain(statuses[1]);
	const [user, ...others] = await usersWith(person.email);
	expect(others).toEqual([]);
	expect(await db().select().from(sessions).where(eq(sessions.userId, user!.id))).toHaveLength(1);
	expect(await db().select().from(signInMethods).where(eq(signInMethods.userId, user!.id))).toHaveLength(1);
});

test('five wrong codes end the code; the right one is refused then, and nobody is made', async () => {
	const person = aPerson();
	const visitor = new Visitor(api);
	await visitor.auth('sign-up/email', person);
	const code = await api.mailedCode(person.email);
	const wrong = code === '000000' ? '000001' : '000000';
	for (let left = 4; left >= 0; left -= 1) {
		const refused = await visitor.auth('email-otp/verify-email', { email: person.email, code: wrong });
		expect([refused.status, refused.reason, refused.fields]).toEqual([400, 'wrong_code', ['code']]);
		expect(refused.body).toMatchObject({ error: { details: { triesLeft: left } } });
	}
	const late = await visitor.auth('email-otp/verify-email', { email: person.email, code });
	expect([late.status, late.reason]).toEqual([400, 'code_ended']);
	expect(await usersWith(person.email)).toEqual([]);
});

test('a code older than ten minutes is refused', async () => {
	const person = aPerson();
	const visitor = new Visitor(api);
	await visitor.auth('sign-up/email', person);
	const code = await api.mailedCode(person.email);
	const later = Date.now() + 10 * 60_000;
	vi.useFakeTimers({ now: later, toFake: ['Date'] });
	try {
		const late = await visitor.auth('email-otp/verify-email', { email: person.email, code });
		expect([late.status, late.reason]).toEqual([400, 'code_ended']);
	} finally {
		vi.useRealTimers();
	}
	expect(await usersWith(person.email)).toEqual([]);
});

test('a new code takes the place of the one before, for the browser that asked and for no other', async () => {
	const person = aPerson();
	const visitor = new Visitor(api);
	await visitor.auth('sign-up/email', person);
	const first = await api.mailedCode(person.email);
	const stranger = new Visitor(api);
	const again = { email: person.email, type: 'email-verification' };
	expect((await stranger.auth('email-otp/send-verification-otp', again)).body).toEqual({ sent: true, minutes: 10 });
	expect(await mailsTo(api, person.email)).toHaveLength(1);

	expect((await visitor.auth('email-otp/send-verification-otp', again)).body).toEqual({ sent: true, minutes: 10 });
	const second = await api.mailedCode(person.email);
	expect(await mailsTo(api, person.email)).toHaveLength(2);
	const old = await visitor.auth('email-otp/verify-email', { email: person.email, code: first });
	expect(old.reason).toBe('wrong_code');
	const other = await stranger.auth('email-otp/verify-email', { email: person.email, code: second });
	expect([other.status, other.reason]).toEqual([400, 'code_ended']);
	expect((await visitor.auth('email-otp/verify-email', { email: person.email, code: second })).status).toBe(200);
});

test('two sign-ups with one address at once are one user, with the password of whoever proves the address', async () => {
	const owner = aPerson();
	const stranger = { ...owner, name: 'Eve', password: 'the password of a stranger' };
	const [ada, eve] = [new Visitor(api), new Visitor(api)];
	await eve.auth('sign-up/email', stranger);
	const strangersCode = await api.mailedCode(owner.email);
	await ada.auth('sign-up/email', owner);
	const code = await api.mailedCode(owner.email);
	// What was mailed for the stranger's sign-up is worth nothing at the owner's browser, nor the other way round.
	expect((await ada.auth('email-otp/verify-email', { email: owner.email, code: strangersCode })).reason).toBe(
		'wrong_code',
	);
	expect((await eve.auth('email-otp/verify-email', { email: owner.email, code })).reason).toBe('code_ended');
	expect((await ada.auth('email-otp/verify-email', { email: owner.email, code })).status).toBe(200);

	const made = await usersWith(owner.email);
	expect(made.map(({ name }) => name)).toEqual(['Ada']);
	const { email } = owner;
	expect((await eve.auth('sign-in/email', { email, password: stranger.password })).status).toBe(401);
	expect((await eve.auth('sign-in/email', { email, password: owner.password })).status).toBe(200);
});

test('a stranger’s sign-up that came last cannot be finished by the owner of the address', async () => {
	const owner = aPerson();
	const [ada, eve] = [new Visitor(api), new Visitor(api)];
	await ada.auth('sign-up/email', owner);
	await eve.auth('sign-up/email', { ...owner, password: 'the password of a stranger' });
	const newest = await api.mailedCode(owner.email);

	const typed = await ada.auth('email-otp/verify-email', { email: owner.email, code: newest });
	expect([typed.status, typed.reason]).toEqual([400, 'code_ended']);
	expect(await usersWith(owner.email)).toEqual([]);
});

test('a known and an unknown address are answered alike, with the same work', async () => {
	const known = aPerson();
	await givenSignedIn(api, known);
	const answers = [];
	for (const email of [known.email, aPerson().email]) {
		const before = api.queued.length;
		let answered: Awaited<ReturnType<Visitor['auth']>> | undefined;
		const asked = await api.counted(async () => {
			answered = await new Visitor(api).auth('sign-up/email', { ...aPerson(), email });
		});
		const headers = [...(answered?.headers ?? [])].map(([name, value]) =>
			name === 'set-cookie' ? value.replace(/=[\w-]{43};/, '=TICKET;') : `${name}: ${value}`,
		);
		const mailed = await mailsTo(api, email);
		answers.push({
			status: answered?.status,
			body: answered?.body,
			headers,
			asked,
			told: api.queued.length - before,
			mails: mailed.length,
		});
	}
	const [ofKnown, ofUnknown] = answers;
	expect(ofKnown).toEqual({ ...ofUnknown, mails: 2 });
	expect(ofUnknown).toMatchObject({ status: 200, body: { sent: true, minutes: 10 }, told: 1, mails: 1 });
	const [mail] = await mailsTo(api, known.email);
	expect(mail).toEqual({ kind: 'already_signed_up', to: known.email });
});

test('tries for a known and an unknown address end alike', async () => {
	const known = aPerson();
	await givenSignedIn(api, known);
	const seen = [];
	for (const email of [known.email, aPerson().email]) {
		const visitor = new Visitor(api);
		await visitor.auth('sign-up/email', { ...aPerson(), email });
		const tries = [];
		for (let each = 0; each < 6; each += 1) {
			const { status, body } = await visitor.auth('email-otp/verify-email', { email, code: '12345' });
			tries.push([status, body]);
		}
		seen.push(tries);
	}
	expect(seen[0]).toEqual(seen[1]);
	expect(await usersWith(known.email)).toHaveLength(1);
});

test('who got an account while a code waited is told to sign in, and keeps what is theirs', async () => {
	const person = aPerson();
	const slow = new Visitor(api);
	await slow.auth('sign-up/email', { ...person, password: 'another long password here' });
	const slowCode = await api.mailedCode(person.email);
	// As with a provider: the address is proved and the user made, while the sign-up still waits.
	await db().insert(users).values({
		id: 'usr_meanwhile',
		name: 'Ada',
		email: person.email,
		emailVerified: true,
		createdAt: new Date(),
		updatedAt: new Date(),
	});
	const late = await slow.auth('email-otp/verify-email', { email: person.email, code: slowCode });

	expect([late.status, late.code, late.reason]).toEqual([409, 'conflict', 'already_signed_up']);
	expect(await db().select().from(signInMethods).where(eq(signInMethods.userId, 'usr_meanwhile'))).toEqual([]);
	expect(await slow.isSignedIn()).toBe(false);
	const again = await slow.auth('email-otp/verify-email', { email: person.email, code: slowCode });
	expect(again.reason).toBe('code_ended');
});

test('a user of before, who never proved the address, is the owner’s once the code comes, with nothing of a stranger’s', async () => {
	const person = aPerson();
	const userId = `usr_${crypto.randomUUID()}`;
	const at = { createdAt: new Date(), updatedAt: new Date() };
	await db()
		.insert(users)
		.values({ id: userId, name: 'Eve', email: person.email, ...at });
	await db()
		.insert(signInMethods)
		.values({ id: userId, userId, providerId: 'google', accountId: userId, ...at });

	await givenSignedIn(api, person);

	expect(await usersWith(person.email)).toMatchObject([{ id: userId, name: 'Ada', emailVerified: true }]);
	const methods = await db().select().from(signInMethods).where(eq(signInMethods.userId, userId));
	expect(methods.map(({ providerId }) => providerId)).toEqual(['credential']);
});

test.each([
	['fourteen characters', 'x'.repeat(10) + 'abcd', 'password_too_short'],
	['more than 256', 'word after word '.repeat(17), 'password_too_long'],
	['one key held down', 'aaaaaaaaaaaaaaaaaaaa', 'password_guessable'],
	['the studio’s name', 'Dental Diffusion 1', 'password_guessable'],
	['a word that everybody tries', 'Password password!', 'password_guessable'],
	['a password that was stolen elsewhere', 'correct horse battery staple', 'password_breached'],
])('a password of %s is refused beside its field, nothing is mailed and nobody waits', async (_, password, reason) => {
	const person = { ...aPerson(), password };
	const refused = await new Visitor(api).auth('sign-up/email', person);

	expect([refused.status, refused.code, refused.reason, refused.fields]).toEqual([
		400,
		'invalid_input',
		reason,
		['password'],
	]);
	expect(await mailsTo(api, person.email)).toEqual([]);
});

test('a password of one’s own address, repeated, is refused', async () => {
	const email = `margarethe${Date.now()}@practice.test`;
	const password = email.split('@')[0]!.repeat(2);
	expect((await new Visitor(api).auth('sign-up/email', { name: 'Ada', email, password })).reason).toBe(
		'password_guessable',
	);
});

test.each([
	['spaces and letters of any script', 'långt lösenord с пробелом 長い'],
	['256 characters', 'Wörter aus dem Garten, '.repeat(12).slice(0, 256)],
])('a password of %s works whole', async (_, password) => {
	const person = { ...aPerson(), password };
	await givenSignedIn(api, person);
	const again = new Visitor(api);
	const cut = password.slice(0, -1);
	expect((await again.auth('sign-in/email', { email: person.email, password: cut })).status).toBe(401);
	const decomposed = password.normalize('NFD');
	expect((await again.auth('sign-in/email', { email: person.email, password: decomposed })).status).toBe(200);
});

test('when the list of stolen passwords is down, a sign-up goes on and the log says so', async () => {
	const said: unknown[] = [];
	const original = console.log;
	console.log = (line: unknown) => void said.push(line);
	api.breached.failNext({ kind: 'unavailable' });
	const person = aPerson();
	const asked = await new Visitor(api).auth('sign-up/email', person).finally(() => {
		console.log = original;
	});

	expect(asked.status).toBe(200);
	expect(said).toEqual([JSON.stringify({ event: 'breached_list_unavailable' })]);
	expect(api.breached.requests().every(({ isPadded, prefix }) => isPadded && prefix.length === 5)).toBe(true);
});
