import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { sessions, users } from '../../../schema/users';
import { createAuth, sessionCookieName } from '../../../workers/core/accounts/create-auth';
import { hashPassword, verifyPassword } from '../../../workers/core/accounts/password';
import { resolvePerson } from '../../../workers/core/accounts/resolve-person';
import { countD1 } from '../../support/counting-d1';
import { freshDeps, type TestDeps } from '../../support/deps';
import { givenUser } from '../../support/given';

const SECRETS = { authSecret: 'a secret of the tests, 32 characters or more', passwordPepper: 'pepper of the tests' };

/** Speaks to better-auth as the api Worker does. */
function post(deps: TestDeps, path: string, body: object, headers: Record<string, string> = {}) {
	const request = new Request(`${deps.appOrigin}/api/auth${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', origin: deps.appOrigin, ...headers },
		body: JSON.stringify(body),
	});
	return createAuth(deps, SECRETS).handler(request);
}

function aPerson() {
	return { name: 'Ada', email: `${crypto.randomUUID()}@practice.test`, password: 'a long enough password' };
}

function cookieOf(answer: Response): string {
	return (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
}

function tokenOf(answer: Response): string {
	return decodeURIComponent(cookieOf(answer).split('=')[1] ?? '').split('.')[0] ?? '';
}

test('signing up, signing in and signing out work, and a session is dead the moment it is signed out', async () => {
	const deps = freshDeps();
	const person = aPerson();

	expect((await post(deps, '/sign-up/email', person)).status).toBe(200);
	const signedIn = await post(deps, '/sign-in/email', { email: person.email, password: person.password });
	expect(signedIn.status).toBe(200);
	const sessionToken = tokenOf(signedIn);
	expect(await resolvePerson(deps, { sessionToken })).toMatchObject({ email: person.email });

	await post(deps, '/sign-out', {}, { cookie: cookieOf(signedIn) });
	expect(await resolvePerson(deps, { sessionToken })).toBeNull();
});

test('signing out everywhere ends every session of the person and of nobody else', async () => {
	const deps = freshDeps();
	const person = aPerson();
	const other = await post(deps, '/sign-up/email', aPerson());
	const first = await post(deps, '/sign-up/email', person);
	const second = await post(deps, '/sign-in/email', { email: person.email, password: person.password });

	const ended = await post(deps, '/revoke-sessions', {}, { cookie: cookieOf(second) });

	expect(ended.status).toBe(200);
	expect(await resolvePerson(deps, { sessionToken: tokenOf(first) })).toBeNull();
	expect(await resolvePerson(deps, { sessionToken: tokenOf(second) })).toBeNull();
	expect(await resolvePerson(deps, { sessionToken: tokenOf(other) })).not.toBeNull();
});

test.each([
	['a wrong password', { password: 'another long password' }],
	['an unknown address', { email: 'nobody@practice.test' }],
])('%s is refused the same way and opens no session', async (_, wrong) => {
	const deps = freshDeps();
	const person = aPerson();
	await post(deps, '/sign-up/email', person);
	const before = await deps.db.select().from(sessions);

	const answer = await post(deps, '/sign-in/email', { email: person.email, password: person.password, ...wrong });

	expect(answer.status).toBe(401);
	expect(await answer.json()).toMatchObject({ code: 'INVALID_EMAIL_OR_PASSWORD' });
	expect(await deps.db.select().from(sessions)).toHaveLength(before.length);
});

test('a password of fourteen characters is refused and nobody is stored; one of two hundred works', async () => {
	const deps = freshDeps();
	const short = { ...aPerson(), password: 'x'.repeat(14) };
	const long = { ...aPerson(), password: 'långt lösenord '.repeat(14) };

	expect((await post(deps, '/sign-up/email', short)).status).toBe(400);
	expect(await deps.db.select().from(users).where(eq(users.email, short.email))).toEqual([]);
	expect((await post(deps, '/sign-up/email', long)).status).toBe(200);
});

test('the session cookie is closed to scripts, and to plain hosts where the app has https', async () => {
	const deps = freshDeps();
	const cookie = (await post(deps, '/sign-up/email', aPerson())).headers.getSetCookie()[0] ?? '';

	expect(cookie).toMatch(/^__Host-afterglow_session=/);
	expect(cookie).toMatch(/HttpOnly/i);
	expect(cookie).toMatch(/Secure/i);
	expect(cookie).toMatch(/SameSite=Lax/i);
	expect(sessionCookieName('http://127.0.0.1:8788')).toBe('afterglow_session');
});

test('who is signed in is read in one statement', async () => {
	const deps = freshDeps();
	const sessionToken = tokenOf(await post(deps, '/sign-up/email', aPerson()));
	await resolvePerson(deps, { sessionToken });

	const counted = countD1(deps.d1);
	await resolvePerson(freshDeps({ d1: counted.db }), { sessionToken });

	expect(counted.count).toEqual({ statements: 1, batches: 0 });
});

test('an ended session and an unknown token resolve to nobody', async () => {
	const deps = freshDeps();
	const { userId } = await givenUser(deps);
	const past = new Date(Date.now() - 1000);
	await deps.db.insert(sessions).values({
		id: crypto.randomUUID(),
		userId,
		token: `ended-${userId}`,
		expiresAt: past,
		createdAt: past,
		updatedAt: past,
	});

	expect(await resolvePerson(deps, { sessionToken: `ended-${userId}` })).toBeNull();
	expect(await resolvePerson(deps, { sessionToken: 'no such token' })).toBeNull();
});

test('a hash needs its pepper and its password, and says its format', async () => {
	const stored = await hashPassword('pepper', 'correct horse battery');

	expect(stored).toMatch(/^s1\$[\w-]{22}\$[\w-]{43}$/);
	expect(await verifyPassword('pepper', 'correct horse battery', stored)).toBe(true);
	expect(await verifyPassword('pepper', 'correct horse batterY', stored)).toBe(false);
	expect(await verifyPassword('another pepper', 'correct horse battery', stored)).toBe(false);
	expect(await verifyPassword('pepper', 'correct horse battery', 'scrypt$old$format')).toBe(false);
});
