import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { mailSuppressions } from '../../../schema/mail';
import { addressHashOf } from '../../../workers/core/mail/address-hash';
import { chooseMail } from '../../../workers/core/mail/mail-choices';
import type { Mail } from '../../../workers/core/mail/mail';
import { readUnsubscribeToken } from '../../../workers/core/mail/unsubscribe-token';
import { sendMail } from '../../../workers/core/mail/send-mail';
import { givenUser } from '../../support/given';
import { givenMail, mailRow, mailWorld, type MailWorld } from './mail-world';

let logged: string[] = [];
beforeEach(() => {
	logged = [];
	vi.spyOn(console, 'log').mockImplementation((line: unknown) => logged.push(String(line)));
});
afterEach(() => {
	vi.restoreAllMocks();
});

const BY = { surface: 'settings', country: 'DE', hasGpc: false } as const;
const ALL = { product_updates: true, announcements: true };

async function suppress(deps: MailWorld, email: string, reason: 'bounced' | 'complained'): Promise<void> {
	const addressHash = await addressHashOf(deps.mailKey, email);
	await deps.db.insert(mailSuppressions).values({ addressHash, reason, sinceMs: 1 });
}

function mailsTo(to: string): Record<'code' | 'notice' | 'update' | 'announcement' | 'check', Mail> {
	return {
		code: { kind: 'sign_in_code', to, code: '482913', minutes: 10 },
		notice: { kind: 'security', to, event: { what: 'second_factor_on', atMs: 0, device: null } },
		update: { kind: 'product_update', to, subject: 'New', text: 'Words.' },
		announcement: { kind: 'announcement', to, subject: 'New', text: 'Words.' },
		check: { kind: 'address_code', to, code: '482913', minutes: 10 },
	};
}

/** What became of each of them, sent one after another. */
async function sendAll(deps: MailWorld, to: string): Promise<Record<string, string | undefined>> {
	const states: Record<string, string | undefined> = {};
	for (const [name, mail] of Object.entries(mailsTo(to))) {
		const mailId = await givenMail(deps, mail);
		await sendMail(deps, { mailId });
		states[name] = (await mailRow(deps, mailId))?.state;
	}
	return states;
}

const NEEDED = { code: 'sent', notice: 'sent', check: 'sent' };

test('without a choice what is needed goes out, and no update does', async () => {
	const deps = mailWorld();
	const { email } = await givenUser(deps);
	expect(await sendAll(deps, email)).toEqual({ ...NEEDED, update: 'suppressed', announcement: 'suppressed' });
	expect(deps.resend.mails).toHaveLength(3);
	const reasons = logged.map((line) => JSON.parse(line) as { event: string; reason: string });
	expect(reasons.map(({ event, reason }) => [event, reason])).toEqual([
		['mail_suppressed', 'not_wanted'],
		['mail_suppressed', 'not_wanted'],
	]);
	expect(logged.join()).not.toContain(email);
});

test('each class asks its own switch, at the moment of sending', async () => {
	const deps = mailWorld();
	const { userId, email } = await givenUser(deps);
	await chooseMail(deps, { ...BY, userId, email }, { product_updates: true, announcements: false });
	expect(await sendAll(deps, email)).toEqual({ ...NEEDED, update: 'sent', announcement: 'suppressed' });

	const queued = await givenMail(deps, mailsTo(email).update);
	deps.clock.advance({ seconds: 1 });
	await chooseMail(deps, { ...BY, userId, email }, { product_updates: false, announcements: true });
	await sendMail(deps, { mailId: queued });
	expect(await mailRow(deps, queued)).toMatchObject({ state: 'suppressed', sealed: null, providerId: null });
	deps.clock.advance({ seconds: 1 });
	expect(await sendAll(deps, email)).toEqual({ ...NEEDED, update: 'suppressed', announcement: 'sent' });
});

test('to who complained goes what is needed, whatever they chose before', async () => {
	const deps = mailWorld();
	const { userId, email } = await givenUser(deps);
	await chooseMail(deps, { ...BY, userId, email }, ALL);
	await suppress(deps, email, 'complained');
	expect(await sendAll(deps, email)).toEqual({ ...NEEDED, update: 'suppressed', announcement: 'suppressed' });
});

test('to an address that mail came back from goes nothing but the code that shows it works', async () => {
	const deps = mailWorld();
	const { userId, email } = await givenUser(deps);
	await chooseMail(deps, { ...BY, userId, email }, ALL);
	await suppress(deps, email.toUpperCase(), 'bounced');
	const states = await sendAll(deps, email);
	expect(states).toEqual({
		code: 'suppressed',
		notice: 'suppressed',
		update: 'suppressed',
		announcement: 'suppressed',
		check: 'sent',
	});
	expect(deps.resend.mails.map(({ subject }) => subject)).toEqual(['Your code to have mail again: Dental Diffusion']);
});

test('an update to an address without a person behind it goes to nobody', async () => {
	const deps = mailWorld();
	expect(await sendAll(deps, 'nobody@practice.test')).toMatchObject({
		update: 'suppressed',
		announcement: 'suppressed',
	});
});

test('an update carries both headers as they are sent, with a link that stops its own class alone', async () => {
	const deps = mailWorld();
	const { userId, email } = await givenUser(deps);
	await chooseMail(deps, { ...BY, userId, email }, ALL);
	await sendAll(deps, email);
	const [, , update, announcement] = deps.resend.mails;
	for (const [mail, mailClass] of [
		[update, 'product_updates'],
		[announcement, 'announcements'],
	] as const) {
		const [, token = ''] = /^<https:\/\/app\.test\/u\/([\w-]+)>$/.exec(mail?.headers['List-Unsubscribe'] ?? '') ?? [];
		expect(await readUnsubscribeToken(deps.mailKey, token)).toEqual({ userId, mailClass });
		expect(mail?.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
		expect(mail?.text).toContain(`https://app.test/u/${token}`);
		expect(mail?.html).toContain(`href="https://app.test/u/${token}"`);
	}
	for (const mail of deps.resend.mails.slice(0, 2))
		expect(mail.headers).toEqual({ 'Auto-Submitted': 'auto-generated' });
});
