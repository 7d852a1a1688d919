import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { auditEntries } from '../../../schema/audit';
import { mails } from '../../../schema/mail';
import { secondFactors, sessions, signInMethods, users, verifications } from '../../../schema/users';
import { createAuth } from '../../../workers/core/accounts/create-auth';
import { hashPassword } from '../../../workers/core/accounts/password';
import { newCode } from '../../../workers/core/people/mailed-code';
import { resetPassword } from '../../../workers/core/people/reset-password';
import { endSecondFactor } from '../../../workers/core/people/second-factor';
import { passwordStatements } from '../../../workers/core/people/set-password';
import { freshDeps, type TestDeps } from '../../support/deps';
import { givenSession, givenUser } from '../../support/given';
import { interceptD1, type D1Call } from '../../support/intercepted-d1';

const WHENCE = { network: null, country: null, browser: null };
const SECRETS = { authSecret: 'a secret of the tests, 32 characters or more', passwordPepper: 'pepper of the tests' };
const OLD = 'four words are enough';
const NEXT = 'four other words here';

/** Somebody with a password, who is signed in, and their code for a reset. */
async function givenReset({ hasSecondFactor }: { hasSecondFactor: boolean }) {
	const deps = freshDeps();
	const { userId, email } = await givenUser(deps);
	const { sessionId } = await givenSession(deps, { userId, accountId: null });
	const passwordHash = await hashPassword(SECRETS.passwordPepper, OLD);
	const { code, statements } = newCode(deps, { purpose: 'reset', of: email });
	await deps.db.batch([...passwordStatements(deps, { userId, password: OLD, passwordHash }), ...statements]);
	if (hasSecondFactor) {
		const factor = { id: crypto.randomUUID(), userId, secret: 's', backupCodes: '', verified: true };
		await deps.db.insert(secondFactors).values(factor);
		await deps.db.update(users).set({ twoFactorEnabled: true }).where(eq(users.id, userId));
	}
	return { deps, userId, email, sessionId, code };
}

function reset(deps: TestDeps, input: { email: string; code: string; password: string }): Promise<void> {
	const more = { authSecrets: SECRETS, breachedPasswords: () => Promise.resolve(false) };
	return resetPassword({ ...deps, ...more }, { ...input, whence: WHENCE });
}

/** The same database, with something that another request does just before the first call that `isIt`. */
function depsWith(deps: TestDeps, isIt: (call: D1Call) => boolean, act: () => Promise<void>) {
	const seen = { done: false };
	const d1 = interceptD1(deps.d1, async (call, run) => {
		if (!seen.done && isIt(call)) {
			seen.done = true;
			await act();
		}
		return run();
	});
	return { deps: freshDeps({ d1 }), seen };
}

function signIn(deps: TestDeps, credentials: { email: string; password: string }): Promise<Response> {
	const request = new Request(`${deps.appOrigin}/api/auth/sign-in/email`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', origin: deps.appOrigin },
		body: JSON.stringify(credentials),
	});
	return createAuth(deps, SECRETS).handler(request);
}

const setsPassword = ({ kind, sql }: D1Call) =>
	kind === 'batch' && sql.some((text) => text.startsWith('insert into "sign_in_methods"'));

const inserts = (table: string) => (call: D1Call) => call.sql.some((text) => text.startsWith(`insert into "${table}"`));

test.each([
	['a session', false, 'sessions'],
	['a challenge', true, 'verifications'],
])(
	'of a sign-in that was under way with the password of before, %s does not outlive a reset',
	async (_, hasSecondFactor, table) => {
		const { deps, userId, email, code } = await givenReset({ hasSecondFactor });
		const late = depsWith(deps, inserts(table), () => reset(deps, { email, code, password: NEXT }));
		const answer = await signIn(late.deps, { email, password: OLD });

		expect(late.seen.done).toBe(true);
		expect(answer.status).toBe(401);
		expect(await answer.json()).toMatchObject({ code: 'INVALID_EMAIL_OR_PASSWORD' });
		expect(answer.headers.getSetCookie().filter((cookie) => !/max-age=0/i.test(cookie))).toEqual([]);
		expect(await deps.db.select().from(sessions).where(eq(sessions.userId, userId))).toEqual([]);
		expect(await deps.db.select().from(verifications).where(eq(verifications.value, userId))).toEqual([]);
		const again = await signIn(deps, { email, password: NEXT });
		expect(again.status).toBe(200);
		expect(await again.json()).toMatchObject(hasSecondFactor ? { twoFactorRedirect: true } : { user: { id: userId } });
	},
);

test('a reset to a short password is refused when the second factor goes off meanwhile, and the code stays good', async () => {
	const { deps, userId, email, sessionId, code } = await givenReset({ hasSecondFactor: true });
	const changer = { person: { userId, sessionId, email }, whence: WHENCE };
	const raced = depsWith(deps, setsPassword, () => endSecondFactor({ ...deps, authSecrets: SECRETS }, changer));
	const ofUser = eq(signInMethods.userId, userId);
	const methods = await deps.db.select().from(signInMethods).where(ofUser);

	await expect(reset(raced.deps, { email, code, password: 'kettle 41 w' })).rejects.toMatchObject({
		details: { reason: 'password_too_short', fields: ['password'] },
	});
	expect(raced.seen.done).toBe(true);
	const [user] = await deps.db.select().from(users).where(eq(users.id, userId));
	expect(user).toMatchObject({ twoFactorEnabled: false, hasShortPassword: false });
	expect(await deps.db.select().from(signInMethods).where(ofUser)).toEqual(methods);
	const theirs = and(eq(auditEntries.userId, userId), eq(auditEntries.action, 'password.changed'));
	expect(await deps.db.select().from(auditEntries).where(theirs)).toEqual([]);
	await reset(deps, { email, code, password: NEXT });
	expect(await deps.db.select().from(auditEntries).where(theirs)).toHaveLength(1);
});

test('of two resets with one code at once, one is made, mailed and recorded', async () => {
	const { deps, userId, email, code } = await givenReset({ hasSecondFactor: false });
	const mailed = (await deps.db.select().from(mails)).length;
	const ends = await Promise.allSettled(
		[NEXT, 'and four words more here'].map((password) => reset(deps, { email, code, password })),
	);

	expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
	expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({
		reason: { details: { reason: 'code_ended' } },
	});
	expect(await deps.db.select().from(auditEntries).where(eq(auditEntries.userId, userId))).toHaveLength(1);
	expect(await deps.db.select().from(mails)).toHaveLength(mailed + 1);
});

test('a reset that D1 does not take leaves the password, the sessions and the code as they were', async () => {
	const { deps, userId, email, code } = await givenReset({ hasSecondFactor: false });
	const failing = freshDeps({
		d1: interceptD1(deps.d1, (call, run) => {
			if (call.kind === 'batch') throw new Error('D1_ERROR: down');
			return run();
		}),
	});
	await expect(reset(failing, { email, code, password: NEXT })).rejects.toThrow('D1_ERROR: down');
	expect(await deps.db.select().from(sessions).where(eq(sessions.userId, userId))).toHaveLength(1);
	expect((await signIn(deps, { email, password: OLD })).status).toBe(200);
	await reset(deps, { email, code, password: NEXT });
	expect((await signIn(deps, { email, password: OLD })).status).toBe(401);
});
