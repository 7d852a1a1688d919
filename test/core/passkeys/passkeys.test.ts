import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { auditEntries } from '../../../schema/audit';
import { mails } from '../../../schema/mail';
import { passkeys, sessions } from '../../../schema/users';
import { STUDIOS } from '../../../studios/all';
import { addPasskey, offerPasskey, PASSKEYS_MAX } from '../../../workers/core/passkeys/add-passkey';
import { askPasskey, checkPasskey } from '../../../workers/core/passkeys/check-passkey';
import { listPasskeys } from '../../../workers/core/passkeys/list-passkeys';
import { removePasskey } from '../../../workers/core/passkeys/remove-passkey';
import { renamePasskey } from '../../../workers/core/passkeys/rename-passkey';
import { Authenticator, type Ceremony } from '../../support/authenticator';
import { freshDeps, type TestDeps } from '../../support/deps';
import { givenSession, givenUser } from '../../support/given';

const WHENCE = { network: '192.0.2.0/24', country: 'US', browser: 'Firefox on Linux' };

async function givenPerson(deps: TestDeps) {
	const { userId, email } = await givenUser(deps);
	const { sessionId } = await givenSession(deps, { userId, accountId: null });
	const person = { userId, sessionId, email, name: 'Ada' };
	return { person, changer: { person, whence: WHENCE } };
}
type GivenPerson = Awaited<ReturnType<typeof givenPerson>>;

async function givenPasskey(deps: TestDeps, { person, changer }: GivenPerson) {
	const device = new Authenticator(deps.appOrigin);
	const response = device.register(await offerPasskey(deps, { person }));
	const passkey = await addPasskey(deps, { changer, response, name: undefined });
	return { device, passkey };
}

async function storedOf(deps: TestDeps, userId: string) {
	const [keys, audit, mailed] = await Promise.all([
		deps.db.select().from(passkeys).where(eq(passkeys.userId, userId)),
		deps.db.select().from(auditEntries).where(eq(auditEntries.userId, userId)),
		deps.db.select({ id: mails.id, kind: mails.kind }).from(mails),
	]);
	return { keys, audit, mailed };
}

test('a passkey is offered as one that is kept on the device, with whoever is there verified and nothing attested', async () => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	const first = await givenPasskey(deps, given);

	const options = await offerPasskey(deps, given);

	expect(options).toMatchObject({
		rp: { id: 'app.test', name: 'Dental Diffusion' },
		user: { id: Buffer.from(given.person.userId).toString('base64url') },
		attestation: 'none',
		authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
		excludeCredentials: [{ id: first.device.id }],
	});
});

test('a passkey is added once, named by the device, and its owner is told', async () => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	const before = await storedOf(deps, given.person.userId);
	const device = new Authenticator(deps.appOrigin);
	const response = device.register(await offerPasskey(deps, given));

	const passkey = await addPasskey(deps, { ...given, response, name: undefined });
	const again = addPasskey(deps, { ...given, response, name: 'Again' });

	await expect(again).rejects.toMatchObject({ code: 'invalid_input' });
	const after = await storedOf(deps, given.person.userId);
	expect(passkey).toMatchObject({ name: 'Firefox on Linux', isBackedUp: true });
	expect(after.keys).toMatchObject([{ id: passkey.id, credentialID: device.id, counter: 0, transports: 'internal' }]);
	expect(after.audit).toMatchObject([
		{ action: 'passkey.added', targetId: passkey.id, accountId: null, browser: 'Firefox on Linux' },
	]);
	expect(after.mailed.length).toBe(before.mailed.length + 1);
	expect(deps.sent.map(({ message }) => message.type)).toEqual(['mail.send']);
	expect(await listPasskeys(deps, given.person)).toEqual([passkey]);
});

const WRONG: readonly [string, Ceremony][] = [
	['another origin', { origin: 'https://evil.test' }],
	['another site', { rpId: 'evil.test' }],
	['nobody verified', { isVerified: false }],
	['another challenge', { challenge: 'bm90IHRoaXMgb25l' }],
];

test.each(WRONG)('a passkey made with %s is refused and leaves nothing', async (_, wrong) => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	const before = await storedOf(deps, given.person.userId);
	const response = new Authenticator(deps.appOrigin).register(await offerPasskey(deps, given), wrong);

	await expect(addPasskey(deps, { ...given, response, name: 'Mine' })).rejects.toMatchObject({ code: 'invalid_input' });
	expect(await storedOf(deps, given.person.userId)).toEqual(before);
});

test('an offer for one session makes no passkey in another one', async () => {
	const deps = freshDeps();
	const [ada, eve] = [await givenPerson(deps), await givenPerson(deps)];
	const response = new Authenticator(deps.appOrigin).register(await offerPasskey(deps, ada));

	await expect(addPasskey(deps, { ...eve, response, name: 'Mine' })).rejects.toMatchObject({ code: 'invalid_input' });
	expect((await storedOf(deps, eve.person.userId)).keys).toEqual([]);
});

test('a passkey of somebody else is not taken over, and a session that ended adds none', async () => {
	const deps = freshDeps();
	const [ada, eve] = [await givenPerson(deps), await givenPerson(deps)];
	const { device } = await givenPasskey(deps, ada);

	const copied = device.register(await offerPasskey(deps, eve));
	await expect(addPasskey(deps, { ...eve, response: copied, name: 'Mine' })).rejects.toMatchObject({
		code: 'conflict',
	});

	const late = new Authenticator(deps.appOrigin).register(await offerPasskey(deps, eve));
	await deps.db.delete(sessions).where(eq(sessions.id, eve.person.sessionId));
	await expect(addPasskey(deps, { ...eve, response: late, name: 'Mine' })).rejects.toMatchObject({
		code: 'not_signed_in',
	});
	expect(await storedOf(deps, eve.person.userId)).toMatchObject({ keys: [], audit: [] });
});

test('the twenty-first passkey is refused', async () => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	for (let count = 0; count < PASSKEYS_MAX; count += 1) await givenPasskey(deps, given);

	await expect(givenPasskey(deps, given)).rejects.toMatchObject({ code: 'conflict', details: { passkeysMax: 20 } });
	expect(await listPasskeys(deps, given.person)).toHaveLength(PASSKEYS_MAX);
});

test('a passkey says whose it is, and its counter is kept', async () => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	const { device } = await givenPasskey(deps, given);
	const { options, secret } = await askPasskey(deps);

	expect(options).toMatchObject({ rpId: 'app.test', userVerification: 'required' });
	expect(options.allowCredentials ?? []).toEqual([]);
	const response = device.answer(options, { counter: 7 });
	expect(await checkPasskey(deps, { secret, response })).toEqual({ userId: given.person.userId });
	expect((await storedOf(deps, given.person.userId)).keys).toMatchObject([{ counter: 7 }]);
});

test('an authenticator that does not count is known again each time', async () => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	const { device } = await givenPasskey(deps, given);
	for (let time = 0; time < 2; time += 1) {
		const { options, secret } = await askPasskey(deps);
		const response = device.answer(options);
		expect(await checkPasskey(deps, { secret, response })).toEqual({ userId: given.person.userId });
	}
});

test.each([
	...WRONG,
	['a counter that went back', { counter: 3 }],
	['a counter that stood still', { counter: 5 }],
	['the handle of another person', { userHandle: 'c29tZWJvZHkgZWxzZQ' }],
] as const)('an answer with %s lets nobody in', async (_, wrong) => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	const { device } = await givenPasskey(deps, given);
	const first = await askPasskey(deps);
	await checkPasskey(deps, { secret: first.secret, response: device.answer(first.options, { counter: 5 }) });
	const before = await storedOf(deps, given.person.userId);

	const { options, secret } = await askPasskey(deps);
	const answer = checkPasskey(deps, { secret, response: device.answer(options, { counter: 6, ...wrong }) });

	await expect(answer).rejects.toMatchObject({ code: 'invalid_input', details: { reason: 'wrong_passkey' } });
	expect(await storedOf(deps, given.person.userId)).toEqual(before);
});

test('a challenge is good once, for the browser that asked, and for five minutes', async () => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	const { device } = await givenPasskey(deps, given);
	const { options, secret } = await askPasskey(deps);
	const other = await askPasskey(deps);
	const ended = { code: 'invalid_input', details: { reason: 'challenge_ended' } };

	const response = device.answer(options, { counter: 1 });
	await expect(checkPasskey(deps, { secret: 'a guess', response })).rejects.toMatchObject(ended);
	await expect(checkPasskey(deps, { secret: other.secret, response })).rejects.toMatchObject({
		details: { reason: 'wrong_passkey' },
	});
	expect(await checkPasskey(deps, { secret, response })).toEqual({ userId: given.person.userId });
	await expect(checkPasskey(deps, { secret, response })).rejects.toMatchObject(ended);
});

test('two answers to one challenge at once let in once', async () => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	const { device } = await givenPasskey(deps, given);
	const { options, secret } = await askPasskey(deps);
	const response = device.answer(options, { counter: 1 });

	const both = await Promise.allSettled([1, 2].map(() => checkPasskey(deps, { secret, response })));
	expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('a passkey proves its own person and nobody else, and an unknown one nobody', async () => {
	const deps = freshDeps();
	const [ada, eve] = [await givenPerson(deps), await givenPerson(deps)];
	const { device } = await givenPasskey(deps, ada);
	const prove = async (authenticator: Authenticator, userId: string) => {
		const { options, secret } = await askPasskey(deps);
		return checkPasskey(deps, { secret, response: authenticator.answer(options), userId });
	};

	expect(await prove(device, ada.person.userId)).toEqual({ userId: ada.person.userId });
	await expect(prove(device, eve.person.userId)).rejects.toMatchObject({ code: 'invalid_input' });
	await expect(prove(new Authenticator(deps.appOrigin), eve.person.userId)).rejects.toMatchObject({
		details: { reason: 'wrong_passkey' },
	});
});

test('a passkey is renamed and removed by its owner alone, who is told', async () => {
	const deps = freshDeps();
	const [ada, eve] = [await givenPerson(deps), await givenPerson(deps)];
	const { passkey } = await givenPasskey(deps, ada);
	const offered = STUDIOS.dental.signIn;

	const notTheirs = { code: 'not_found' };
	await expect(renamePasskey(deps, { ...eve.person, id: passkey.id, name: 'Eve' })).rejects.toMatchObject(notTheirs);
	await expect(removePasskey(deps, { ...eve, id: passkey.id, offered })).rejects.toMatchObject(notTheirs);
	await renamePasskey(deps, { ...ada.person, id: passkey.id, name: 'The blue key' });
	expect(await listPasskeys(deps, ada.person)).toMatchObject([{ id: passkey.id, name: 'The blue key' }]);

	await removePasskey(deps, { ...ada, id: passkey.id, offered });
	await expect(removePasskey(deps, { ...ada, id: passkey.id, offered })).rejects.toMatchObject(notTheirs);
	const { keys, audit } = await storedOf(deps, ada.person.userId);
	expect(keys).toEqual([]);
	expect(audit.map(({ action }) => action)).toEqual(['passkey.added', 'passkey.removed']);
});

test('the last passkey stays where it is the last way in, and goes where codes are mailed', async () => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	const { passkey } = await givenPasskey(deps, given);
	const before = await storedOf(deps, given.person.userId);

	const last = removePasskey(deps, { ...given, id: passkey.id, offered: ['password', 'passkey'] });
	await expect(last).rejects.toMatchObject({ code: 'conflict', details: { reason: 'last_way' } });
	expect(await storedOf(deps, given.person.userId)).toEqual(before);

	await removePasskey(deps, { ...given, id: passkey.id, offered: ['code', 'passkey'] });
	expect(await listPasskeys(deps, given.person)).toEqual([]);
});

test('of two passkeys removed at once one stays where they are all there is', async () => {
	const deps = freshDeps();
	const given = await givenPerson(deps);
	const ids = [(await givenPasskey(deps, given)).passkey.id, (await givenPasskey(deps, given)).passkey.id];

	const both = await Promise.allSettled(ids.map((id) => removePasskey(deps, { ...given, id, offered: ['passkey'] })));
	expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
	expect(await listPasskeys(deps, given.person)).toHaveLength(1);
});
