import { asc, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { choices } from '../../../schema/choices';
import { mailSuppressions } from '../../../schema/mail';
import { users } from '../../../schema/users';
import { MAIL_CHOICES } from '../../../studios/mail-choices';
import { addressHashOf } from '../../../workers/core/mail/address-hash';
import { chooseMail, readMailSettings, unsubscribe } from '../../../workers/core/mail/mail-choices';
import { openMail } from '../../../workers/core/mail/seal-mail';
import { mailAddressCode, proveArrival } from '../../../workers/core/mail/prove-arrival';
import { unsubscribeToken } from '../../../workers/core/mail/unsubscribe-token';
import { givenUser } from '../../support/given';
import { mailRow, mailWorld, type MailWorld } from './mail-world';

const BY = { surface: 'settings', country: 'US', hasGpc: true } as const;

async function rowsOf({ db }: MailWorld, userId: string) {
	return db.select().from(choices).where(eq(choices.userId, userId)).orderBy(asc(choices.madeAtMs));
}

async function givenBounced(deps: MailWorld) {
	const person = await givenUser(deps);
	const addressHash = await addressHashOf(deps.mailKey, person.email);
	await deps.db.insert(mailSuppressions).values({ addressHash, reason: 'bounced', sinceMs: 1 });
	return person;
}

/** The code of the newest mail that the queue was told of. */
async function mailedCode(deps: MailWorld): Promise<{ code: string; to: string }> {
	const told = deps.sent.at(-1)?.message;
	if (told?.type !== 'mail.send') throw new Error('the queue was not told of a mail');
	const row = await mailRow(deps, told.mailId);
	const mail = await openMail(deps.mailKey, told.mailId, row?.sealed ?? '');
	if (!('code' in mail)) throw new Error('the mail has no code');
	return mail;
}

test('both switches are off until somebody switches them on', async () => {
	const deps = mailWorld();
	const { userId, email } = await givenUser(deps);
	expect(await readMailSettings(deps, { userId, email })).toEqual({
		wants: { product_updates: false, announcements: false },
		suppression: null,
	});
	await chooseMail(deps, { ...BY, userId, email }, { product_updates: false, announcements: false });
	expect(await rowsOf(deps, userId)).toEqual([]);
});

test('what changed is recorded with its words, its page and its circumstances; what did not is not', async () => {
	const deps = mailWorld();
	const { userId, email } = await givenUser(deps);
	await chooseMail(deps, { ...BY, userId, email }, { product_updates: true, announcements: false });
	deps.clock.advance({ seconds: 1 });
	await chooseMail(deps, { ...BY, userId, email }, { product_updates: true, announcements: true });
	deps.clock.advance({ seconds: 1 });
	await chooseMail(deps, { ...BY, surface: 'sign_up', userId, email }, { product_updates: false, announcements: true });
	const { textVersion } = MAIL_CHOICES;
	const same = { visitorId: null, hasGpc: true, regime: 'california', textVersion };
	expect(await rowsOf(deps, userId)).toMatchObject([
		{ ...same, purpose: 'product_updates', choice: 'granted', surface: 'settings' },
		{ ...same, purpose: 'announcements', choice: 'granted', surface: 'settings' },
		{ ...same, purpose: 'product_updates', choice: 'denied', surface: 'sign_up' },
	]);
});

test('a link stops its own class, once, without anybody signed in', async () => {
	const deps = mailWorld();
	const { userId, email } = await givenUser(deps);
	await chooseMail(deps, { ...BY, userId, email }, { product_updates: true, announcements: true });
	deps.clock.advance({ seconds: 1 });
	const token = await unsubscribeToken(deps.mailKey, { userId, mailClass: 'product_updates' });
	for (let time = 0; time < 3; time += 1) {
		expect(await unsubscribe(deps, { token })).toEqual({ mailClass: 'product_updates' });
	}
	expect((await readMailSettings(deps, { userId, email })).wants).toEqual({
		product_updates: false,
		announcements: true,
	});
	const [, , stopped, ...more] = await rowsOf(deps, userId);
	expect(more).toEqual([]);
	expect(stopped).toMatchObject({ purpose: 'product_updates', choice: 'denied', surface: 'mail', visitorId: null });
});

test('a link works for years, and for who never chose', async () => {
	const deps = mailWorld();
	const { userId } = await givenUser(deps);
	const token = await unsubscribeToken(deps.mailKey, { userId, mailClass: 'announcements' });
	deps.clock.advance({ hours: 24 * 365 * 3 });
	expect(await unsubscribe(deps, { token })).toEqual({ mailClass: 'announcements' });
	expect(await rowsOf(deps, userId)).toMatchObject([{ purpose: 'announcements', choice: 'denied' }]);
});

test('the link of somebody who is erased is answered the same, and writes nothing about them', async () => {
	const deps = mailWorld();
	const { userId } = await givenUser(deps);
	const token = await unsubscribeToken(deps.mailKey, { userId, mailClass: 'product_updates' });
	await deps.db.delete(users).where(eq(users.id, userId));
	expect(await unsubscribe(deps, { token })).toEqual({ mailClass: 'product_updates' });
	expect(await rowsOf(deps, userId)).toEqual([]);
});

test('a link that is not ours stops nothing', async () => {
	const deps = mailWorld();
	expect(await unsubscribe(deps, { token: 'opaque-token' })).toBeNull();
});

test('an address that mail came back from gets mail again once its code was brought', async () => {
	const deps = mailWorld();
	const { userId, email } = await givenBounced(deps);
	await mailAddressCode(deps, { userId, email });
	const { code, to } = await mailedCode(deps);
	expect(to).toBe(email);
	const wrong = code === '000000' ? '000001' : '000000';
	await expect(proveArrival(deps, { userId, email, code: wrong })).rejects.toMatchObject({ code: 'invalid_input' });
	expect((await readMailSettings(deps, { userId, email })).suppression).toBe('bounced');

	await proveArrival(deps, { userId, email, code });
	expect((await readMailSettings(deps, { userId, email })).suppression).toBeNull();
	await expect(proveArrival(deps, { userId, email, code })).rejects.toMatchObject({ code: 'invalid_input' });
});

test('a code of one address lifts nothing from the next', async () => {
	const deps = mailWorld();
	const { userId, email } = await givenBounced(deps);
	await mailAddressCode(deps, { userId, email });
	const { code } = await mailedCode(deps);
	const other = await givenBounced(deps);
	const elsewhere = proveArrival(deps, { userId, email: other.email, code });
	await expect(elsewhere).rejects.toMatchObject({ code: 'invalid_input' });
	expect((await readMailSettings(deps, { userId, email: other.email })).suppression).toBe('bounced');
});

test('where mail arrives no code is mailed', async () => {
	const deps = mailWorld();
	const { userId, email } = await givenUser(deps);
	await expect(mailAddressCode(deps, { userId, email })).rejects.toMatchObject({ code: 'conflict' });
	expect(deps.sent).toEqual([]);
});
