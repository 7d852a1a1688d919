import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { sessions, users } from '../../../schema/users';
import { cookieName, createAuth, sessionCookieName } from '../../../workers/core/accounts/create-auth';
import { ENTRANCE_PATHS, type Entering } from '../../../workers/core/accounts/entrance';
import { resolvePerson } from '../../../workers/core/accounts/resolve-person';
import { countD1 } from '../../support/counting-d1';
import { freshDeps, type TestDeps } from '../../support/deps';
import { givenAccount, givenSession, givenUser } from '../../support/given';

const SECRETS = { authSecret: 'a secret of the tests, 32 characters or more', passwordPepper: 'pepper of the tests' };

/** As the api does for somebody whom a provider or a passkey has just shown to be this user. */
function enter(deps: TestDeps, entering: Entering): Promise<Response> {
	const request = new Request(`${deps.appOrigin}/api/auth/${ENTRANCE_PATHS[entering.by]}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', origin: deps.appOrigin, 'user-agent': 'curl/8' },
		body: '{}',
	});
	return createAuth(deps, SECRETS, entering).handler(request);
}

test('who is signed in, and what they act in, is read in one statement', async () => {
	const deps = freshDeps();
	const { userId, accountId, via } = await givenAccount(deps);
	const sessionToken = `token of ${via.kind === 'session' ? via.sessionId : ''}`;
	const counted = countD1(deps.d1);
	const person = await resolvePerson(freshDeps({ d1: counted.db }), { sessionToken });

	expect(person).toMatchObject({ userId, account: { id: accountId, role: 'owner' }, credits: { available: 60 } });
	expect(person?.isAccountLost).toBe(false);
	expect(counted.count).toEqual({ statements: 1, batches: 0 });
});

test('an ended session, an unknown token and the session of a deleted user resolve to nobody', async () => {
	const deps = freshDeps();
	const { userId } = await givenUser(deps);
	const { sessionId } = await givenSession(deps, { userId, accountId: null });
	const sessionToken = `token of ${sessionId}`;
	expect(await resolvePerson(deps, { sessionToken })).toMatchObject({ userId, account: null, isAccountLost: false });
	expect(await resolvePerson(deps, { sessionToken: 'no such token' })).toBeNull();

	await deps.db
		.update(sessions)
		.set({ expiresAt: new Date(Date.now() - 1) })
		.where(eq(sessions.id, sessionId));
	expect(await resolvePerson(deps, { sessionToken })).toBeNull();

	const other = await givenSession(deps, { userId, accountId: null });
	await deps.db.delete(users).where(eq(users.id, userId));
	expect(await resolvePerson(deps, { sessionToken: `token of ${other.sessionId}` })).toBeNull();
});

test('a session acts in the account of the oldest membership, and says when its person signed in', async () => {
	const deps = freshDeps();
	const { userId, accountId } = await givenAccount(deps);
	expect((await enter(deps, { userId, by: 'provider' })).status).toBe(200);
	const rows = await deps.db.select().from(sessions).where(eq(sessions.userId, userId));
	expect(rows.map((row) => row.accountId)).toEqual([accountId, accountId]);
	expect(rows.map(({ ipAddress }) => ipAddress ?? '')).toEqual(['', '']);
	const [user] = await deps.db.select().from(users).where(eq(users.id, userId));
	expect(user?.lastSignInAtMs).toBe(deps.now().getTime());
});

test.each([
	['provider', false],
	['passkey', true],
] as const)('for somebody with a second factor on, a %s is a whole sign-in: %s', async (by, isWhole) => {
	const deps = freshDeps();
	const { userId } = await givenUser(deps);
	await deps.db.update(users).set({ twoFactorEnabled: true }).where(eq(users.id, userId));
	const entered = await enter(deps, { userId, by });

	const said: unknown = await entered.json();
	expect(said).toEqual(isWhole ? { signedIn: true } : { twoFactorRedirect: true, twoFactorMethods: [] });
	const names = entered.headers
		.getSetCookie()
		.filter((cookie) => !/max-age=0/i.test(cookie))
		.map((cookie) => cookie.split('=', 1)[0]);
	expect(names).toEqual([isWhole ? '__Host-afterglow_session' : '__Host-afterglow_auth.two_factor']);
	const rows = await deps.db.select().from(sessions).where(eq(sessions.userId, userId));
	expect(rows).toHaveLength(isWhole ? 1 : 0);
	const [user] = await deps.db.select().from(users).where(eq(users.id, userId));
	expect(user?.lastSignInAtMs).toBe(isWhole ? deps.now().getTime() : null);
});

test('every cookie is bound to its host where that has https, and only there', () => {
	expect(sessionCookieName('https://app.test')).toBe('__Host-afterglow_session');
	expect(cookieName('https://app.test', 'sign_up')).toBe('__Host-afterglow_sign_up');
	expect(sessionCookieName('http://127.0.0.1:8788')).toBe('afterglow_session');
});
