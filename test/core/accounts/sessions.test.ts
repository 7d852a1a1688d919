import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { sessions, users } from '../../../schema/users';
import { cookieName, createAuth, sessionCookieName } from '../../../workers/core/accounts/create-auth';
import { resolvePerson } from '../../../workers/core/accounts/resolve-person';
import { countD1 } from '../../support/counting-d1';
import { freshDeps } from '../../support/deps';
import { givenAccount, givenSession, givenUser } from '../../support/given';

const SECRETS = { authSecret: 'a secret of the tests, 32 characters or more', passwordPepper: 'pepper of the tests' };

test('who is signed in, and what they act in, is read in one statement', async () => {
	const deps = freshDeps();
	const { userId, accountId, via } = await givenAccount(deps);
	const sessionToken = `token of ${via.kind === 'session' ? via.sessionId : ''}`;
	const counted = countD1(deps.d1);
	const person = await resolvePerson(freshDeps({ d1: counted.db }), { sessionToken });

	expect(person).toMatchObject({ userId, account: { id: accountId, role: 'owner' }, credits: { available: 60 } });
	expect(counted.count).toEqual({ statements: 1, batches: 0 });
});

test('an ended session, an unknown token and the session of a deleted user resolve to nobody', async () => {
	const deps = freshDeps();
	const { userId } = await givenUser(deps);
	const { sessionId } = await givenSession(deps, { userId, accountId: null });
	const sessionToken = `token of ${sessionId}`;
	expect(await resolvePerson(deps, { sessionToken })).toMatchObject({ userId, account: null });
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
	const auth = createAuth(deps, SECRETS, { userId, by: 'provider' });
	const entered = await auth.handler(
		new Request(`${deps.appOrigin}/api/auth/sign-in/provider`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', origin: deps.appOrigin, 'user-agent': 'curl/8' },
			body: '{}',
		}),
	);

	expect(entered.status).toBe(200);
	const rows = await deps.db.select().from(sessions).where(eq(sessions.userId, userId));
	expect(rows.map((row) => row.accountId)).toEqual([accountId, accountId]);
	expect(rows.map(({ ipAddress }) => ipAddress ?? '')).toEqual(['', '']);
	const [user] = await deps.db.select().from(users).where(eq(users.id, userId));
	expect(user?.lastSignInAtMs).toBe(deps.now().getTime());
});

test('every cookie is bound to its host where that has https, and only there', () => {
	expect(sessionCookieName('https://app.test')).toBe('__Host-afterglow_session');
	expect(cookieName('https://app.test', 'sign_up')).toBe('__Host-afterglow_sign_up');
	expect(sessionCookieName('http://127.0.0.1:8788')).toBe('afterglow_session');
});
