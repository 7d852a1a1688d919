import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { openMail } from '../../../workers/core/mail/seal-mail';
import { ANNOUNCED_AT_ONCE, announceStep, previewAnnouncement } from '../../../workers/core/mail/announce';
import { chooseMail, unsubscribe } from '../../../workers/core/mail/mail-choices';
import { listDueMails, sendMail } from '../../../workers/core/mail/send-mail';
import { unsubscribeToken } from '../../../workers/core/mail/unsubscribe-token';
import { faultyD1, firstWrites } from '../../support/faulty-d1';
import { givenUser } from '../../support/given';
import { WHENCE } from '../operations/given-operator';
import { givenMail, mailRow, mailWorld, type MailWorld } from './mail-world';

beforeEach(() => {
	vi.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterEach(() => {
	vi.restoreAllMocks();
});

const BY = { surface: 'settings', country: 'DE', hasGpc: false } as const;

type Person = Awaited<ReturnType<typeof givenUser>>;

async function wants(deps: MailWorld, person: Person, product_updates: boolean, announcements = false) {
	deps.clock.advance({ seconds: 1 });
	await chooseMail(deps, { ...BY, ...person }, { product_updates, announcements });
}

function update() {
	return {
		whence: WHENCE,
		mailClass: 'product_updates' as const,
		subject: `New ${crypto.randomUUID()}`,
		text: 'Words that say what is new.',
	};
}

/** All steps, one after another; the addresses that got a mail, and the delay of each message. */
async function announceAll(deps: MailWorld, announcement: ReturnType<typeof update>) {
	const before = deps.sent.length;
	let queued = 0;
	let after: string | null = null;
	for (let steps = 0; steps < 1_000; steps += 1) {
		const step: Awaited<ReturnType<typeof announceStep>> = await announceStep(deps, {
			...announcement,
			after,
			queuedBefore: queued,
		});
		queued += step.queued;
		after = step.next;
		if (after === null) break;
	}
	const told = deps.sent.slice(before);
	const ids = told.flatMap(({ message }) => (message.type === 'mail.send' ? [message.mailId] : []));
	return { queued, ids, delays: told.map(({ delaySeconds }) => delaySeconds) };
}

async function sendTo(deps: MailWorld, ids: readonly string[]): Promise<string[]> {
	const before = deps.resend.mails.length;
	for (const mailId of ids) await sendMail(deps, { mailId });
	return deps.resend.mails.slice(before).map(({ to }) => to);
}

async function recordsOf(subject: string): Promise<number> {
	const row = await env.DB.prepare(
		"select count(*) as count from audit_entries where action = 'mail.announced' and facts not like ?",
	)
		.bind(`%${subject}%`)
		.first<{ count: number }>();
	return row?.count ?? 0;
}

test('an update goes to those whose newest choice wants its class, once, and to nobody else', async () => {
	const deps = mailWorld();
	const [yes, no, never, other, gone] = await Promise.all(Array.from({ length: 5 }, () => givenUser(deps)));
	if (!yes || !no || !never || !other || !gone) throw new Error('five people were asked for');
	await wants(deps, yes, true);
	await wants(deps, no, true);
	await wants(deps, no, false);
	await wants(deps, other, false, true);
	await wants(deps, gone, true);

	const announcement = update();
	const records = await recordsOf(announcement.subject);
	const { ids, delays } = await announceAll(deps, announcement);
	expect(delays).toEqual(delays.map((_delay, at) => at));
	// Between queueing and sending one of them unsubscribes with a link, signed in nowhere.
	deps.clock.advance({ seconds: 1 });
	const token = await unsubscribeToken(deps.mailKey, { userId: gone.userId, mailClass: 'product_updates' });
	await unsubscribe(deps, { token });

	const got = await sendTo(deps, ids);
	expect(got).toContain(yes.email);
	for (const { email } of [no, never, other, gone]) expect(got).not.toContain(email);

	const again = await announceAll(deps, announcement);
	expect(again).toMatchObject({ queued: 0, ids: [] });
	expect(await recordsOf(announcement.subject)).toBe(records + 1);

	const notice = await givenMail(deps, {
		kind: 'security',
		to: gone.email,
		event: { what: 'second_factor_on', atMs: 0, device: null },
	});
	expect(await sendTo(deps, [notice])).toEqual([gone.email]);
});

test('other words are another update', async () => {
	const deps = mailWorld();
	const person = await givenUser(deps);
	await wants(deps, person, true);
	const announcement = update();
	const first = await announceAll(deps, announcement);
	const second = await announceAll(deps, { ...announcement, text: 'Words that say it better.' });
	expect(first.queued).toBeGreaterThan(0);
	expect(second.queued).toBe(first.queued);
	expect(second.ids.filter((id) => first.ids.includes(id))).toEqual([]);
});

test('a step looks at so many people, and whoever goes on after a break mails nobody twice', async () => {
	const deps = mailWorld();
	const people = await Promise.all(Array.from({ length: ANNOUNCED_AT_ONCE + 5 }, () => givenUser(deps)));
	for (const person of people) await wants(deps, person, true);
	const announcement = update();
	const step = await announceStep(deps, { ...announcement, after: null, queuedBefore: 0 });
	expect(step.next).not.toBeNull();
	expect(step.queued).toBeLessThanOrEqual(ANNOUNCED_AT_ONCE);

	const rest = await announceAll(deps, announcement);
	const all = await announceAll(deps, announcement);
	expect(all.queued).toBe(0);
	expect(step.queued + rest.queued).toBeGreaterThanOrEqual(people.length);
});

test('a step whose answer was lost is made again, and stores no mail twice', async () => {
	const { db: d1, happened } = faultyD1(env.DB, firstWrites('after'));
	const deps = mailWorld({ d1 });
	const person = await givenUser(mailWorld());
	await wants(mailWorld(), person, true);
	await announceAll(deps, update());
	expect(happened.after).toBe(1);
});

test('a preview goes to the address that is named, whatever it wants, and says what it is', async () => {
	const deps = mailWorld();
	const to = 'operator@studio.test';
	await previewAnnouncement(deps, { to, subject: 'New', text: 'Words that say what is new.' });
	const told = deps.sent[0]?.message;
	const mailId = told?.type === 'mail.send' ? told.mailId : '';
	const row = await mailRow(deps, mailId);
	expect(await openMail(deps.mailKey, mailId, row?.sealed ?? '')).toMatchObject({ kind: 'update_preview', to });
	expect(await sendTo(deps, [mailId])).toEqual([to]);
	expect(deps.resend.mails[0]?.subject).toBe('Preview: New');
	expect(deps.resend.mails[0]?.headers).toEqual({ 'Auto-Submitted': 'auto-generated' });
});

test('the sweep sends what is needed before it sends updates', async () => {
	const deps = mailWorld();
	deps.clock.set(new Date('2020-01-01T00:00:00Z'));
	const person = await givenUser(deps);
	const first = await givenMail(deps, { kind: 'announcement', to: person.email, subject: 'New', text: 'Words.' });
	const code = await givenMail(deps, {
		kind: 'invitation',
		to: person.email,
		accountName: 'S',
		inviterName: 'A',
		role: 'staff',
		url: 'https://app.test/i',
		days: 7,
	});
	deps.clock.advance({ minutes: 2 });
	const due = await listDueMails(deps, { dueMs: deps.now().getTime(), limit: 1_000 });
	expect(due.filter((id) => [first, code].includes(id))).toEqual([code, first]);
});
