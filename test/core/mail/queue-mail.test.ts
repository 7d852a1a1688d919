import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';

import { addressHashOf } from '../../../workers/core/mail/address-hash';
import type { Mail } from '../../../workers/core/mail/mail';
import { mailStatements, queueMail, tellMail } from '../../../workers/core/mail/queue-mail';
import { openMail } from '../../../workers/core/mail/seal-mail';
import { START } from '../../support/deps';
import { faultyD1, firstWrites, OBJECT_RESET } from '../../support/faulty-d1';
import { givenUser } from '../../support/given';
import { takeConsoleErrors } from '../../support/unexpected-errors';
import { CODE_MAIL, givenMail, mailRow, mailWorld, type MailWorld } from './mail-world';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

function idOf(deps: MailWorld): string {
	const told = deps.sent[0]?.message;
	if (told?.type !== 'mail.send') throw new Error('the queue was not told of a mail');
	return told.mailId;
}

/** The mails of one moment, which a test has for itself. */
async function mailsAt(at: Date): Promise<number> {
	const row = await env.DB.prepare('select count(*) as count from mails where created_at_ms = ?')
		.bind(at.getTime())
		.first<{ count: number }>();
	return row?.count ?? 0;
}

test('a mail is stored sealed, and the queue learns its id and nothing else', async () => {
	const deps = mailWorld();
	await queueMail(deps, CODE_MAIL);

	const id = idOf(deps);
	expect(deps.sent).toEqual([{ message: { type: 'mail.send', mailId: id }, delaySeconds: 0 }]);
	const row = await mailRow(deps, id);
	expect(row).toMatchObject({ kind: 'sign_in_code', state: 'queued', tries: 0, triedAtMs: 0, endedAtMs: null });
	expect(await openMail(deps.mailKey, id, row?.sealed ?? '')).toEqual(CODE_MAIL);
});

test('a row says of which class a mail is, whose, and to which address without the address', async () => {
	const deps = mailWorld();
	const ada = await givenUser(deps);
	const ofCode = await givenMail(deps, { ...CODE_MAIL, to: ada.email });
	const ofNotice = await givenMail(deps, {
		kind: 'security',
		to: ada.email.toUpperCase(),
		event: { what: 'second_factor_on', atMs: 0, device: null },
	});
	const ofStranger = await givenMail(deps);
	const leaving = await givenMail(deps, CODE_MAIL, { userId: ada.userId });

	const addressHash = await addressHashOf(deps.mailKey, ada.email);
	expect(await mailRow(deps, ofCode)).toMatchObject({ mailClass: 'transactional', userId: ada.userId, addressHash });
	expect(await mailRow(deps, ofNotice)).toMatchObject({ mailClass: 'security', userId: ada.userId, addressHash });
	expect(await mailRow(deps, ofStranger)).toMatchObject({
		userId: null,
		addressHash: await addressHashOf(deps.mailKey, CODE_MAIL.to),
		providerId: null,
	});
	expect((await mailRow(deps, leaving))?.userId).toBe(ada.userId);
	expect(await addressHashOf('another mail sealing key, of 32 characters or more', ada.email)).not.toBe(addressHash);
});

test('a mail with an id of its own is stored once, however often it is queued', async () => {
	const deps = mailWorld();
	const id = deps.newId('mail');
	await queueMail(deps, CODE_MAIL, { id });
	await queueMail(deps, { ...CODE_MAIL, code: '000000' }, { id });
	const row = await mailRow(deps, id);
	expect(await openMail(deps.mailKey, id, row?.sealed ?? '')).toEqual(CODE_MAIL);
	expect(deps.sent.map(({ message }) => message)).toEqual([
		{ type: 'mail.send', mailId: id },
		{ type: 'mail.send', mailId: id },
	]);
});

test('the stored row holds neither the address nor the code', async () => {
	const deps = mailWorld();
	await queueMail(deps, CODE_MAIL);
	const raw = await env.DB.prepare('select * from mails where id = ?').bind(idOf(deps)).first();
	const text = JSON.stringify(raw);
	expect(text).toContain('sign_in_code');
	for (const words of ['ada', 'practice.test', '482913', btoa('482913')]) expect(text).not.toContain(words);
});

const TO = 'ada@practice.test';
test.each<[string, Mail, number]>([
	['a code as long as it is good', { ...CODE_MAIL, minutes: 5 }, 5 * MINUTE_MS],
	['the answer to a second sign-up for an hour', { kind: 'already_signed_up', to: TO }, 60 * MINUTE_MS],
	[
		'an invitation as long as it is open',
		{
			kind: 'invitation',
			to: TO,
			accountName: 'Practice',
			inviterName: 'Grace',
			role: 'staff',
			url: 'https://app.test/i/1',
			days: 7,
		},
		7 * DAY_MS,
	],
	[
		'a security event for three days',
		{ kind: 'security', to: TO, event: { what: 'password_changed', atMs: 0, device: null } },
		3 * DAY_MS,
	],
])('%s is worth sending', async (_what, mail, forMs) => {
	const deps = mailWorld();
	await queueMail(deps, mail);
	expect((await mailRow(deps, idOf(deps)))?.uselessAtMs).toBe(START.getTime() + forMs);
});

test.each(['before', 'after'] as const)('a connection that breaks %s the commit leaves one mail', async (fault) => {
	const { db: d1, happened } = faultyD1(env.DB, firstWrites(fault));
	const deps = mailWorld({ d1 });
	const at = fault === 'before' ? new Date('2027-01-01T00:00:00Z') : new Date('2027-01-02T00:00:00Z');
	deps.clock.set(at);
	await queueMail(deps, CODE_MAIL);
	expect(happened[fault]).toBe(1);
	expect(await mailsAt(at)).toBe(1);
	expect(deps.sent).toHaveLength(1);
});

test('a mail that is not stored is not told', async () => {
	const deps = mailWorld({ d1: faultyD1(env.DB, firstWrites('before', 9), OBJECT_RESET).db });
	await expect(queueMail(deps, CODE_MAIL)).rejects.toThrow('Failed query');
	expect(deps.sent).toEqual([]);
});

test('a queue that does not take it costs nobody the mail', async () => {
	const deps = mailWorld({ queue: { send: () => Promise.reject(new Error('the queue is down')) } });
	const at = new Date('2027-01-03T00:00:00Z');
	deps.clock.set(at);
	await queueMail(deps, CODE_MAIL);
	expect(await mailsAt(at)).toBe(1);
	expect(String(takeConsoleErrors())).toContain('message_failed');
});

test('in a caller’s batch the mail is stored with the rest or not at all', async () => {
	const deps = mailWorld();
	const first = await mailStatements(deps, CODE_MAIL);
	const second = await mailStatements(deps, CODE_MAIL);
	await deps.db.batch([...first.statements]);
	// The first once more breaks the batch, as a caller's own refused statement would.
	const both = deps.db.batch([...second.statements, ...first.statements]);
	await expect(both).rejects.toThrow('UNIQUE constraint failed: mails.id');

	expect(await mailRow(deps, first.mailId)).toMatchObject({ state: 'queued' });
	expect(await mailRow(deps, second.mailId)).toBeUndefined();
	expect(deps.sent).toEqual([]);
	await tellMail(deps, first.mailId);
	expect(deps.sent.map(({ message }) => message)).toEqual([{ type: 'mail.send', mailId: first.mailId }]);
});
