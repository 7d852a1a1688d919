import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { passkeys, sessions } from '../../../../schema/users';
import type { SignInWay } from '../../../../studios/studio';
import { enterByProvider } from '../../../../workers/core/accounts/enter-by-provider';
import { linkWay } from '../../../../workers/core/accounts/link-way';
import { unlinkWay } from '../../../../workers/core/accounts/unlink-way';
import type { SignInProvider } from '../../../../workers/core/gateways/sign-in/sign-in-gateway';
import { freshDeps, type TestDeps } from '../../../support/deps';
import { faultyD1, firstWrites } from '../../../support/faulty-d1';
import { anIdentity, givenPassword, givenPerson, providersOf, storedOf, ANYWHERE } from './given-ways';

type GivenPerson = Awaited<ReturnType<typeof givenPerson>>;

/** Every way but mailed codes, with which nobody can be locked out. */
const WITHOUT_CODE: readonly SignInWay[] = ['password', 'passkey', 'google', 'apple', 'github'];
const WITH_CODE: readonly SignInWay[] = ['code', ...WITHOUT_CODE];

async function givenLinked(deps: TestDeps, { changer, person }: GivenPerson, provider: SignInProvider) {
	const identity = anIdentity();
	await linkWay(deps, { changer, provider, identity });
	const way = (await providersOf(deps, person)).find((each) => each.way === provider);
	return { identity, id: way!.id };
}

async function givenPasskey({ db, newId }: TestDeps, userId: string): Promise<void> {
	const row = { publicKey: '', credentialID: crypto.randomUUID(), counter: 0, deviceType: 'x', backedUp: true };
	await db.insert(passkeys).values({ id: newId('passkey'), userId, ...row });
}

function unlink(deps: TestDeps, { changer }: GivenPerson, id: string, offered = WITHOUT_CODE) {
	return unlinkWay(deps, { changer, id, offered });
}

test('a provider with another address is connected, its owner is told, and it lets them in', async () => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	const before = await storedOf(deps, given.person.userId);

	const { identity, id } = await givenLinked(deps, given, 'google');

	const after = await storedOf(deps, given.person.userId);
	expect(after.person).toEqual(before.person);
	expect(after.ways).toMatchObject([
		{ id, providerId: 'google', accountId: identity.subject, accessToken: null, refreshToken: null, idToken: null },
	]);
	expect(after.audit).toMatchObject([
		{ action: 'way_in.linked', targetId: id, facts: { way: 'google' }, accountId: null, network: '192.0.2.0/24' },
	]);
	expect(after.mailed).toHaveLength(before.mailed.length + 1);
	const entered = await enterByProvider(deps, { provider: 'google', identity, whence: ANYWHERE });
	expect(entered.userId).toBe(given.person.userId);
});

test('one whose provider verified no address is connected all the same', async () => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	await linkWay(deps, { ...given, provider: 'github', identity: anIdentity({ email: null }) });
	expect(await providersOf(deps, given.person)).toMatchObject([{ way: 'github' }]);
});

test('connecting the same twice is connecting it once, one after the other and at once', async () => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	const { identity } = await givenLinked(deps, given, 'google');
	await linkWay(deps, { ...given, provider: 'google', identity });
	const apple = anIdentity();
	await Promise.all([1, 2].map(() => linkWay(deps, { ...given, provider: 'apple', identity: apple })));

	const { ways, audit } = await storedOf(deps, given.person.userId);
	expect(ways.map(({ providerId }) => providerId).toSorted()).toEqual(['apple', 'google']);
	expect(audit).toHaveLength(2);
});

test('what somebody else connected is refused, and both keep what they had', async () => {
	const deps = freshDeps();
	const [ada, eve] = [await givenPerson(deps), await givenPerson(deps)];
	const { identity } = await givenLinked(deps, ada, 'google');
	const before = [await storedOf(deps, ada.person.userId), await storedOf(deps, eve.person.userId)];

	const taken = linkWay(deps, { ...eve, provider: 'google', identity });

	await expect(taken).rejects.toMatchObject({ code: 'linked_elsewhere' });
	expect([await storedOf(deps, ada.person.userId), await storedOf(deps, eve.person.userId)]).toEqual(before);
});

test('of two people who connect one account at once, one has it', async () => {
	const deps = freshDeps();
	const people = [await givenPerson(deps), await givenPerson(deps)];
	const identity = anIdentity();

	const both = await Promise.allSettled(people.map((one) => linkWay(deps, { ...one, provider: 'google', identity })));

	expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
	expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'linked_elsewhere' } });
	const ways = await Promise.all(people.map(({ person }) => providersOf(deps, person)));
	expect(ways.flat()).toHaveLength(1);
});

test('a second account of one provider is refused', async () => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	await givenLinked(deps, given, 'google');
	const before = await storedOf(deps, given.person.userId);

	const second = linkWay(deps, { ...given, provider: 'google', identity: anIdentity() });

	await expect(second).rejects.toMatchObject({ code: 'linked_another' });
	expect(await storedOf(deps, given.person.userId)).toEqual(before);
});

test('a session that ended meanwhile connects and disconnects nothing', async () => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	await givenPassword(deps, given.person.userId);
	const { id } = await givenLinked(deps, given, 'google');
	await deps.db.delete(sessions).where(eq(sessions.id, given.person.sessionId));
	const before = await storedOf(deps, given.person.userId);

	const linked = linkWay(deps, { ...given, provider: 'apple', identity: anIdentity() });
	await expect(linked).rejects.toMatchObject({ code: 'another_person' });
	await expect(unlink(deps, given, id)).rejects.toMatchObject({ code: 'not_signed_in' });
	expect(await storedOf(deps, given.person.userId)).toEqual(before);
});

test('a provider is disconnected, its owner is told, and it lets nobody in', async () => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	await givenPassword(deps, given.person.userId);
	const { identity, id } = await givenLinked(deps, given, 'google');
	const before = await storedOf(deps, given.person.userId);

	await unlink(deps, given, id);

	const after = await storedOf(deps, given.person.userId);
	expect(after.ways.map(({ providerId }) => providerId)).toEqual(['credential']);
	expect(after.audit.map(({ action }) => action)).toEqual(['way_in.linked', 'way_in.unlinked']);
	expect(after.mailed).toHaveLength(before.mailed.length + 1);
	const known = { provider: 'google', identity: { ...identity, email: given.person.email }, whence: ANYWHERE } as const;
	await expect(enterByProvider(deps, known)).rejects.toMatchObject({ code: 'address_taken' });
	await expect(unlink(deps, given, id)).rejects.toMatchObject({ code: 'not_found' });
});

test('what is not theirs, and a password, is not disconnected', async () => {
	const deps = freshDeps();
	const [ada, eve] = [await givenPerson(deps), await givenPerson(deps)];
	await givenPassword(deps, ada.person.userId);
	const { id } = await givenLinked(deps, ada, 'google');
	const before = await storedOf(deps, ada.person.userId);
	const password = before.ways.find(({ providerId }) => providerId === 'credential')!;

	await expect(unlink(deps, eve, id)).rejects.toMatchObject({ code: 'not_found' });
	await expect(unlink(deps, ada, password.id)).rejects.toMatchObject({ code: 'not_found' });
	expect(await storedOf(deps, ada.person.userId)).toEqual(before);
});

test.each([
	['a password', (deps: TestDeps, userId: string) => givenPassword(deps, userId)],
	['a passkey', (deps: TestDeps, userId: string) => givenPasskey(deps, userId)],
] as const)('the last provider goes while %s is left, and stays where that way is not offered', async (_, give) => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	await give(deps, given.person.userId);
	const { id } = await givenLinked(deps, given, 'google');

	await expect(unlink(deps, given, id, ['google', 'apple'])).rejects.toMatchObject({
		code: 'conflict',
		details: { reason: 'last_way' },
	});
	expect(await providersOf(deps, given.person)).toHaveLength(1);
	await unlink(deps, given, id);
	expect(await providersOf(deps, given.person)).toEqual([]);
});

test('the last provider stays in a studio without mailed codes, and goes in one with them', async () => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	const { id } = await givenLinked(deps, given, 'google');
	const before = await storedOf(deps, given.person.userId);

	await expect(unlink(deps, given, id)).rejects.toMatchObject({ code: 'conflict', details: { reason: 'last_way' } });
	expect(await storedOf(deps, given.person.userId)).toEqual(before);
	await unlink(deps, given, id, WITH_CODE);
	expect(await providersOf(deps, given.person)).toEqual([]);
});

test('a provider that is connected and not configured any more is no way in', async () => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	await givenLinked(deps, given, 'github');
	const { id } = await givenLinked(deps, given, 'google');

	const last = unlink(deps, given, id, ['password', 'google', 'passkey']);
	await expect(last).rejects.toMatchObject({ details: { reason: 'last_way' } });
});

test('two disconnected at once leave one way in, however often it is tried', async () => {
	const deps = freshDeps();
	for (let time = 0; time < 10; time += 1) {
		const given = await givenPerson(deps);
		const ids = [(await givenLinked(deps, given, 'google')).id, (await givenLinked(deps, given, 'apple')).id];
		const both = await Promise.allSettled(ids.map((id) => unlink(deps, given, id)));
		expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
		expect(await providersOf(deps, given.person)).toHaveLength(1);
	}
});

test('connecting one while disconnecting the other leaves at least one way in', async () => {
	const deps = freshDeps();
	for (let time = 0; time < 10; time += 1) {
		const given = await givenPerson(deps);
		const { id } = await givenLinked(deps, given, 'google');
		const moves = [
			() => linkWay(deps, { ...given, provider: 'apple', identity: anIdentity() }),
			() => unlink(deps, given, id),
		];
		const order = time % 2 === 0 ? moves : moves.toReversed();
		await Promise.allSettled(order.map((move) => move()));
		const ways = (await providersOf(deps, given.person)).map(({ way }) => way);
		expect(ways).toContain('apple');
	}
});

test.each(['before', 'after'] as const)(
	'a store that breaks off %s disconnecting left all of it or none',
	async (when) => {
		const working = freshDeps();
		const given = await givenPerson(working);
		await givenPassword(working, given.person.userId);
		const { id } = await givenLinked(working, given, 'google');
		const { db: d1 } = faultyD1(working.d1, firstWrites(when));

		await expect(unlink(freshDeps({ d1 }), given, id)).rejects.toBeInstanceOf(Error);

		const { ways, audit } = await storedOf(working, given.person.userId);
		const isGone = when === 'after';
		expect(ways.some((way) => way.id === id)).toBe(!isGone);
		expect(audit.some(({ action }) => action === 'way_in.unlinked')).toBe(isGone);
	},
);
