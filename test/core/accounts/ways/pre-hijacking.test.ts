import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { mails } from '../../../../schema/mail';
import { passkeys, secondFactors, sessions, signInMethods, statements, users } from '../../../../schema/users';
import { enterByProvider } from '../../../../workers/core/accounts/enter-by-provider';
import { linkWay } from '../../../../workers/core/accounts/link-way';
import { verifyPassword } from '../../../../workers/core/accounts/password';
import type { PasswordDeps } from '../../../../workers/core/accounts/password-rule';
import { SIGN_IN_PROVIDERS, type SignInProvider } from '../../../../workers/core/gateways/sign-in/sign-in-gateway';
import { openMail } from '../../../../workers/core/mail/seal-mail';
import { askPasskey, checkPasskey } from '../../../../workers/core/passkeys/check-passkey';
import { beginSignUp } from '../../../../workers/core/people/begin-sign-up';
import { completeSignUp } from '../../../../workers/core/people/complete-sign-up';
import { mailCode } from '../../../../workers/core/people/mail-code';
import { takeCode } from '../../../../workers/core/people/mailed-code';
import { Authenticator } from '../../../support/authenticator';
import { freshDeps, type TestDeps } from '../../../support/deps';
import { anIdentity, storedOf, ANYWHERE } from './given-ways';

/*
 * Classic-federated merge, unexpired session, trojan identifier, unexpired e-mail change, non-verifying provider (Sudhodanan
 * and Paverd, "Pre-hijacked accounts", 2022): somebody sets up an account with an address before its owner comes. Each
 * ordered pair of what the stranger does and what the owner does, and afterwards nothing of the stranger's is left.
 */

type World = TestDeps & PasswordDeps;

const PEPPER = 'a pepper of the tests, 32 characters or more';
const EVES = 'the password that eve chose';
const ADAS = 'the password that ada chose';

function world(): World {
	const authSecrets = { authSecret: 'a session secret of the tests, 32 characters', passwordPepper: PEPPER };
	return { ...freshDeps(), authSecrets, breachedPasswords: () => Promise.resolve(false) };
}

/** The code in the newest mail: whoever owns the address reads it, nobody else. */
async function mailedCode(deps: World, email: string): Promise<string> {
	for (const row of await deps.db
		.select()
		.from(mails)
		.orderBy(sql`rowid desc`)) {
		if (row.sealed === null) continue;
		const mail = await openMail(deps.mailKey, row.id, row.sealed);
		if (mail.to === email && 'code' in mail) return mail.code;
	}
	throw new Error('no code was mailed');
}

/** What a stranger is left with; `triesAgain` is all that they can still do with it, and says whom it makes them. */
type Aftermath = (deps: World) => Promise<string | null>;

/** A stranger's first move with somebody's address. The mailbox is not theirs, so a provider does not vouch for the address. */
const ATTACKS: Readonly<Record<string, (deps: World, email: string) => Promise<Aftermath>>> = {
	async password(deps, email) {
		const { ticket } = await beginSignUp(deps, { email, name: 'Eve', password: EVES });
		const code = await mailedCode(deps, email);
		// At worst the owner types the stranger's code where the stranger can see it.
		return async (later) => (await refusedOr(completeSignUp(later, { email, code, ticket })))?.userId ?? null;
	},
	async code(deps, email) {
		await mailCode(deps, { purpose: 'sign_in', email });
		return async (later) => {
			const known = await refusedOr(takeCode(later, { purpose: 'sign_in', of: email, code: '000000' }));
			return known === null ? null : email;
		};
	},
	...Object.fromEntries(
		SIGN_IN_PROVIDERS.map((provider) => [
			provider,
			async (deps: World) => {
				const identity = anIdentity({ email: null, name: 'Eve' });
				const enter = (now: World) => refusedOr(enterByProvider(now, { provider, identity, whence: ANYWHERE }));
				if ((await enter(deps)) !== null) throw new Error('an unverified address let somebody in');
				return async (later: World) => (await enter(later))?.userId ?? null;
			},
		]),
	),
};

async function refusedOr<T>(attempt: Promise<T>): Promise<T | null> {
	return attempt.catch(() => null);
}

function byProvider(provider: SignInProvider) {
	return async (deps: World, email: string) => {
		const identity = anIdentity({ email, name: 'Ada' });
		const { userId } = await enterByProvider(deps, { provider, identity, whence: ANYWHERE });
		return { userId, ways: [provider] };
	};
}

/** The owner's own proof. A mailed code makes a user as the end of a sign-up, so the two are one way here. */
const PROOFS: Readonly<Record<string, (deps: World, email: string) => Promise<{ userId: string; ways: string[] }>>> = {
	async password(deps, email) {
		const { ticket } = await beginSignUp(deps, { email, name: 'Ada', password: ADAS });
		const { userId } = await completeSignUp(deps, { email, code: await mailedCode(deps, email), ticket });
		return { userId, ways: ['credential'] };
	},
	google: byProvider('google'),
	apple: byProvider('apple'),
	github: byProvider('github'),
};

const PAIRS = Object.keys(ATTACKS).flatMap((attack) => Object.keys(PROOFS).map((proof) => [attack, proof] as const));

test('every ordered pair of five first moves and four proofs is tried', () => {
	expect(PAIRS).toHaveLength(20);
	expect(new Set(PAIRS.map((pair) => pair.join())).size).toBe(20);
});

test.each(PAIRS)('who comes first with %s has nothing once the owner came with %s', async (attack, proof) => {
	const deps = world();
	const email = `${crypto.randomUUID()}@practice.test`;
	const triesAgain = await ATTACKS[attack]!(deps, email);
	expect(await deps.db.select().from(users).where(eq(users.email, email))).toEqual([]);

	const { userId, ways } = await PROOFS[proof]!(deps, email);
	const before = await storedOf(deps, userId);
	const made = await triesAgain(deps);

	expect(made).toBeNull();
	const stored = await storedOf(deps, userId);
	expect(stored).toEqual(before);
	expect(stored.person).toMatchObject([{ email, name: 'Ada', emailVerified: true, twoFactorEnabled: false }]);
	expect(stored.ways.map(({ providerId }) => providerId)).toEqual(ways);
	expect(stored).toMatchObject({ keys: [], factors: [], running: [] });
	const opened = stored.ways.map(
		async ({ password }) => password !== null && (await verifyPassword(PEPPER, EVES, password)),
	);
	expect(await Promise.all(opened)).not.toContain(true);
});

/** A user of an earlier version, from before an address had to be proved: a stranger could have set up all of these. */
const LEFT_BEHIND = ['password', 'google', 'apple', 'github', 'passkey', 'second factor', 'session'] as const;

async function givenLeftBehind(deps: World, email: string, what: (typeof LEFT_BEHIND)[number]) {
	const userId = deps.newId('user');
	const at = { createdAt: deps.now(), updatedAt: deps.now() };
	await deps.db.insert(users).values({ id: userId, name: 'Eve', email, hasShortPassword: true, ...at });
	const madeAtMs = deps.now().getTime();
	await deps.db
		.insert(statements)
		.values({ id: `${userId}.professional.1`, userId, kind: 'professional', textVersion: '1', madeAtMs });
	const sessionId = crypto.randomUUID();
	const ends = { token: sessionId, expiresAt: new Date(Date.now() + 3_600_000) };
	if (what === 'session') await deps.db.insert(sessions).values({ id: sessionId, userId, ...ends, ...at });
	if (what === 'second factor') {
		await deps.db.insert(secondFactors).values({ id: sessionId, userId, secret: 's', backupCodes: 'b' });
		await deps.db.update(users).set({ twoFactorEnabled: true }).where(eq(users.id, userId));
	}
	const device = new Authenticator(deps.appOrigin);
	if (what === 'passkey') {
		const key = { publicKey: '', counter: 0, deviceType: 'x', backedUp: true };
		await deps.db.insert(passkeys).values({ id: deps.newId('passkey'), userId, credentialID: device.id, ...key });
	}
	const subject = crypto.randomUUID();
	const provider = SIGN_IN_PROVIDERS.find((each) => each === what);
	if (provider !== undefined || what === 'password') {
		const method = { id: deps.newId('way'), userId, providerId: provider ?? 'credential', accountId: subject };
		await deps.db
			.insert(signInMethods)
			.values({ ...method, password: provider === undefined ? 'a hash' : null, ...at });
	}
	return { userId, sessionId, subject, device };
}

const LEFT_PAIRS = LEFT_BEHIND.flatMap((left) => SIGN_IN_PROVIDERS.map((proof) => [left, proof] as const));

test('every ordered pair of seven things left behind and three providers is tried', () => {
	expect(LEFT_PAIRS).toHaveLength(21);
});

test.each(LEFT_PAIRS)('a %s left with an unproved address is gone once its owner came with %s', async (left, proof) => {
	const deps = world();
	const email = `${crypto.randomUUID()}@practice.test`;
	const eves = await givenLeftBehind(deps, email, left);

	const { userId } = await PROOFS[proof]!(deps, email);

	expect(userId).toBe(eves.userId);
	const stored = await storedOf(deps, userId);
	expect(stored.person).toMatchObject([
		{ email, name: 'Ada', emailVerified: true, twoFactorEnabled: false, hasShortPassword: false },
	]);
	expect(stored.ways.map(({ providerId }) => providerId)).toEqual([proof]);
	expect(stored).toMatchObject({ keys: [], factors: [], running: [] });
	expect(await deps.db.select().from(statements).where(eq(statements.userId, userId))).toEqual([]);
	for (const provider of SIGN_IN_PROVIDERS) {
		const identity = anIdentity({ subject: eves.subject, email: null });
		const back = enterByProvider(deps, { provider, identity, whence: ANYWHERE });
		await expect(back).rejects.toMatchObject({ code: 'address_unverified' });
	}
	const { options, secret } = await askPasskey(deps);
	const answer = checkPasskey(deps, { secret, response: eves.device.answer(options) });
	await expect(answer).rejects.toMatchObject({ details: { reason: 'wrong_passkey' } });
	const eve = { userId, sessionId: eves.sessionId, email };
	const linked = linkWay(deps, {
		changer: { person: eve, whence: ANYWHERE },
		provider: SIGN_IN_PROVIDERS.find((each) => each !== proof)!,
		identity: anIdentity(),
	});
	await expect(linked).rejects.toMatchObject({ code: 'another_person' });
	expect(await storedOf(deps, userId)).toEqual(stored);
});

test.each(SIGN_IN_PROVIDERS)(
	'%s, connected to an unproved address, lets in whoever proves it and nobody else',
	async (way) => {
		const deps = world();
		const email = `${crypto.randomUUID()}@practice.test`;
		const { userId, subject } = await givenLeftBehind(deps, email, way);
		const enter = (address: string | null) => {
			const identity = anIdentity({ subject, email: address, name: 'Ada' });
			return enterByProvider(deps, { provider: way, identity, whence: ANYWHERE });
		};
		const before = await storedOf(deps, userId);

		await expect(enter(null)).rejects.toMatchObject({ code: 'address_unverified' });
		await expect(enter(`eve-${email}`)).rejects.toMatchObject({ code: 'address_unverified' });
		expect(await storedOf(deps, userId)).toEqual(before);

		expect(await enter(email)).toMatchObject({ userId, isVerified: true });
		expect(await storedOf(deps, userId)).toMatchObject({ person: [{ name: 'Ada' }], ways: [{ accountId: subject }] });
	},
);

test('two owners’ proofs at once of an unproved address leave one way in, and what was there before none', async () => {
	const deps = world();
	const email = `${crypto.randomUUID()}@practice.test`;
	const { userId } = await givenLeftBehind(deps, email, 'password');

	const both = await Promise.allSettled([PROOFS['google']!(deps, email), PROOFS['github']!(deps, email)]);

	expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
	const { ways } = await storedOf(deps, userId);
	expect(ways).toHaveLength(1);
	expect(['google', 'github']).toContain(ways[0]!.providerId);
});
