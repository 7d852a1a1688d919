import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { rateWindows } from '../../../../schema/limits';
import { signInMethods, users } from '../../../../schema/users';
import { STUDIOS } from '../../../../studios/all';
import { enterByProvider } from '../../../../workers/core/accounts/enter-by-provider';
import { windowsOf } from '../../../../workers/core/limits/limit-statements';
import { freshDeps, type TestDeps } from '../../../support/deps';
import { faultyD1, firstWrites } from '../../../support/faulty-d1';
import { anIdentity, givenPassword, givenPerson, storedOf, usersOf, ANYWHERE } from './given-ways';

const FROM = { whence: ANYWHERE };

function enter(deps: TestDeps, identity: ReturnType<typeof anIdentity>, provider = 'google' as const) {
	return enterByProvider(deps, { provider, identity, ...FROM });
}

test('somebody new is stored whole, with the verified address and no token of the provider', async () => {
	const deps = freshDeps();
	const identity = anIdentity({ name: '  Ada \n Lovelace ' });

	const { userId } = await enter(deps, identity);

	const stored = await storedOf(deps, userId);
	expect(stored.person).toMatchObject([
		{ email: identity.email, emailVerified: true, name: 'Ada Lovelace', image: null, twoFactorEnabled: false },
	]);
	expect(stored.ways).toEqual([
		{
			id: expect.stringMatching(/^way_/),
			userId,
			providerId: 'google',
			accountId: identity.subject,
			issuer: null,
			accessToken: null,
			refreshToken: null,
			idToken: null,
			accessTokenExpiresAt: null,
			refreshTokenExpiresAt: null,
			scope: null,
			password: null,
			createdAt: deps.now(),
			updatedAt: deps.now(),
		},
	]);
});

test('without a name they are called what stands before the @, and a long one is cut', async () => {
	const deps = freshDeps();
	const [nameless, long] = [anIdentity({ name: ' ' }), anIdentity({ name: 'x'.repeat(500) })];

	const [one, other] = [await enter(deps, nameless), await enter(deps, long)];

	expect((await storedOf(deps, one.userId)).person).toMatchObject([{ name: nameless.subject }]);
	expect((await storedOf(deps, other.userId)).person).toMatchObject([{ name: 'x'.repeat(120) }]);
});

test('they are known again by the subject, whatever address the provider gives now', async () => {
	const deps = freshDeps();
	const identity = anIdentity();
	const { userId } = await enter(deps, identity);
	const before = await storedOf(deps, userId);

	for (const email of [identity.email, 'another@practice.test', null]) {
		expect(await enter(deps, { ...identity, email })).toMatchObject({ userId });
	}
	expect(await storedOf(deps, userId)).toEqual(before);
});

test('the same subject at another provider is somebody else', async () => {
	const deps = freshDeps();
	const identity = anIdentity();
	const { userId } = await enter(deps, identity);

	const other = await enterByProvider(deps, {
		provider: 'github',
		identity: { ...identity, email: `other-${identity.email}` },
		...FROM,
	});
	expect(other.userId).not.toBe(userId);
});

test('without a verified address nobody new is let in, and nothing is stored', async () => {
	const deps = freshDeps();
	const identity = anIdentity({ email: null });

	await expect(enter(deps, identity)).rejects.toMatchObject({ code: 'address_unverified' });
	expect(await usersOf(deps, { subject: identity.subject, email: '' })).toEqual([]);
});

test('the address of somebody who has an account lets nobody in, and connects nothing', async () => {
	const deps = freshDeps();
	const { person } = await givenPerson(deps);
	await givenPassword(deps, person.userId);
	const before = await storedOf(deps, person.userId);
	const identity = anIdentity({ email: person.email });

	await expect(enter(deps, identity)).rejects.toMatchObject({ code: 'address_taken' });
	expect(await storedOf(deps, person.userId)).toEqual(before);
	expect(await usersOf(deps, { subject: identity.subject, email: person.email })).toMatchObject([
		{ id: person.userId },
	]);
});

test('an address that is thrown away is refused', async () => {
	const deps = freshDeps();
	const identity = anIdentity({ email: `${crypto.randomUUID()}@mailinator.com` });

	await expect(enter(deps, identity)).rejects.toMatchObject({ code: 'disposable_address' });
	expect(await usersOf(deps, { subject: identity.subject, email: identity.email ?? '' })).toEqual([]);
});

test('Apple’s relay is an address like any other', async () => {
	const deps = freshDeps();
	const email = `${crypto.randomUUID().slice(0, 10)}@privaterelay.appleid.com`;
	const { userId } = await enterByProvider(deps, { provider: 'apple', identity: anIdentity({ email }), ...FROM });
	expect((await storedOf(deps, userId)).person).toMatchObject([{ email, emailVerified: true }]);
});

test('the same person twice at once is one person', async () => {
	const deps = freshDeps();
	const identity = anIdentity();

	const both = await Promise.all([enter(deps, identity), enter(deps, identity)]);

	expect(both[0].userId).toBe(both[1].userId);
	expect((await storedOf(deps, both[0].userId)).ways).toHaveLength(1);
});

test('two who bring one address at once are one with it, and one refused', async () => {
	const deps = freshDeps();
	const email = `${crypto.randomUUID()}@practice.test`;

	const both = await Promise.allSettled([1, 2].map(() => enter(deps, anIdentity({ email }))));

	expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
	expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'address_taken' } });
	const rows = await deps.db.select().from(users).where(eq(users.email, email));
	expect(rows).toHaveLength(1);
});

test.each(['before', 'after'] as const)(
	'a store that breaks off %s its write leaves one user or none',
	async (when) => {
		const working = freshDeps();
		const { db: d1, happened } = faultyD1(working.d1, firstWrites(when));
		const deps = freshDeps({ d1 });
		const identity = anIdentity();

		await expect(enter(deps, identity)).rejects.toBeInstanceOf(Error);
		expect(happened[when]).toBe(1);
		const left = await usersOf(working, { subject: identity.subject, email: identity.email ?? '' });
		expect(left).toHaveLength(when === 'before' ? 0 : 1);

		const { userId } = await enter(working, identity);
		expect(await usersOf(working, { subject: identity.subject, email: identity.email ?? '' })).toMatchObject([
			{ id: userId },
		]);
		expect((await storedOf(working, userId)).ways).toHaveLength(1);
	},
);

test('a network that makes more users than its rate allows is refused', async () => {
	const { signUp } = STUDIOS.dental.rates;
	const deps = freshDeps({
		studio: {
			...STUDIOS.dental,
			rates: { ...STUDIOS.dental.rates, signUp: { ...signUp, network: { max: 1, minutes: 60 } } },
		},
		lookupKey: `a key of this test, so that its windows are its own ${crypto.randomUUID()}`,
	});
	const crowd = { provider: 'google', whence: { network: '203.0.113.0/24' } } as const;
	await enterByProvider(deps, { ...crowd, identity: anIdentity() });
	// Named by its own key: other tests of this database have windows too.
	const [own] = windowsOf(deps, [{ what: 'signUp', by: 'network', value: crowd.whence.network }]);
	const windowsNow = () => deps.db.select().from(rateWindows).where(eq(rateWindows.key, own!.key));
	const windows = await windowsNow();
	const second = anIdentity();

	const over = enterByProvider(deps, { ...crowd, identity: second });
	await expect(over).rejects.toMatchObject({ code: 'too_many_requests' });
	expect(windows).toHaveLength(1);
	expect(await windowsNow()).toEqual(windows);
	expect(await deps.db.select().from(signInMethods).where(eq(signInMethods.accountId, second.subject))).toEqual([]);
});
