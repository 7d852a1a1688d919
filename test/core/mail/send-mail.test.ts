import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { AppError } from '../../../workers/core/errors';
import { listDueMails, MAIL_TRIES_MAX, sendMail } from '../../../workers/core/mail/send-mail';
import { faultyD1, type D1Fault } from '../../support/faulty-d1';
import { refusal } from './fake-resend';
import { CODE_MAIL, givenMail, mailRow, mailWorld, type MailWorld } from './mail-world';

const SENT = { state: 'sent', sealed: null };
const FAILED = { state: 'failed', sealed: null };
const INVITATION = {
	kind: 'invitation',
	to: 'grace@practice.test',
	accountName: 'Smiles',
	inviterName: 'Ada',
	role: 'clinician',
	url: 'https://app.test/invitation#t',
	days: 7,
} as const;

let logged: string[] = [];
beforeEach(() => {
	logged = [];
	vi.spyOn(console, 'log').mockImplementation((line: unknown) => logged.push(String(line)));
});
afterEach(() => {
	vi.restoreAllMocks();
});

async function isDue(deps: MailWorld, mailId: string): Promise<boolean> {
	return (await listDueMails(deps, { dueMs: deps.now().getTime(), limit: 10_000 })).includes(mailId);
}

test('a queued mail is sent once, and what was sealed is emptied', async () => {
	const deps = mailWorld();
	const mailId = await givenMail(deps);
	await sendMail(deps, { mailId });

	expect(deps.resend.mails).toMatchObject([
		{
			from: 'Dental Diffusion <hello@practice.test>',
			to: 'ada@practice.test',
			subject: 'Your code to sign in: Dental Diffusion',
		},
	]);
	expect(deps.resend.mails[0]?.text).toContain('482913');
	expect(deps.resend.calls).toEqual([mailId]);
	expect(await mailRow(deps, mailId)).toMatchObject({
		...SENT,
		tries: 1,
		endedAtMs: deps.now().getTime(),
		providerId: deps.resend.idOf(mailId),
	});
});

test('a message that comes twice, or for no mail, sends nothing more', async () => {
	const deps = mailWorld();
	const mailId = await givenMail(deps);
	await sendMail(deps, { mailId });
	await sendMail(deps, { mailId });
	await sendMail(deps, { mailId: 'mai_nothing' });
	expect(deps.resend.calls).toHaveLength(1);
});

test('two consumers at once send one mail', async () => {
	const deps = mailWorld();
	const mailId = await givenMail(deps);
	await Promise.all([sendMail(deps, { mailId }), sendMail(deps, { mailId })]);
	expect(deps.resend.calls).toEqual([mailId, mailId]);
	expect(deps.resend.mails).toHaveLength(1);
	expect(await mailRow(deps, mailId)).toMatchObject(SENT);
});

const POINTS = [0, 1, 2].flatMap((call) =>
	(['before', 'after'] as const).map((fault): [D1Fault, number] => [fault, call]),
);
test.each(POINTS)('a crash %s the database call %i leaves one mail in the end', async (fault, at) => {
	const healthy = mailWorld();
	const mailId = await givenMail(healthy);
	let call = -1;
	const { db: d1, happened } = faultyD1(env.DB, () => {
		call += 1;
		return call === at ? fault : null;
	});
	const { resend, mailer } = healthy;
	await expect(sendMail({ ...mailWorld({ d1 }), mailer }, { mailId })).rejects.toThrow('Failed query');
	expect(happened[fault]).toBe(1);

	await sendMail(healthy, { mailId });
	expect(resend.mails).toHaveLength(1);
	expect(await mailRow(healthy, mailId)).toMatchObject(SENT);
});

test('an answer that is lost after Resend took the mail sends it no second time', async () => {
	const deps = mailWorld();
	const mailId = await givenMail(deps);
	deps.resend.loseNextAnswer();
	await expect(sendMail(deps, { mailId })).rejects.toThrow(AppError);
	expect(await mailRow(deps, mailId)).toMatchObject({ state: 'queued', tries: 1 });
	await sendMail(deps, { mailId });
	expect(deps.resend.mails).toHaveLength(1);
	expect(await mailRow(deps, mailId)).toMatchObject({ ...SENT, providerId: deps.resend.idOf(mailId) });
});

test('a mail that was taken with other words, before a deployment changed them, is not sent again', async () => {
	const deps = mailWorld();
	const mailId = await givenMail(deps);
	deps.resend.loseNextAnswer();
	await expect(sendMail(deps, { mailId })).rejects.toThrow(AppError);
	await sendMail({ ...deps, mailFrom: 'Another Name <hello@practice.test>' }, { mailId });
	expect(deps.resend.mails).toHaveLength(1);
	expect(await mailRow(deps, mailId)).toMatchObject(SENT);
});

test.each<[string, () => Response | Promise<Response>]>([
	['429', () => refusal(429, 'rate_limit_exceeded')],
	['500', () => refusal(500, 'internal_server_error')],
	['a send of the same mail under way', () => refusal(409, 'concurrent_idempotent_requests')],
	['a broken connection', () => Promise.reject(new TypeError('Network connection lost.'))],
])('after %s the queue is asked to bring it again, and then it is sent', async (_what, answer) => {
	const deps = mailWorld();
	const mailId = await givenMail(deps);
	deps.resend.next.push(answer);
	await expect(sendMail(deps, { mailId })).rejects.toMatchObject({ code: 'upstream_unavailable', isRetryable: true });
	expect(await mailRow(deps, mailId)).toMatchObject({ state: 'queued', tries: 1, triedAtMs: deps.now().getTime() });
	await sendMail(deps, { mailId });
	expect(deps.resend.mails).toHaveLength(1);
	expect(await mailRow(deps, mailId)).toMatchObject({ ...SENT, tries: 2 });
});

test.each([
	[400, 'validation_error'],
	[401, 'restricted_api_key'],
	[403, 'invalid_api_key'],
	[422, 'invalid_from_address'],
])('after a %i the mail is given up and emptied, and the log says which, not whose', async (status, name) => {
	const deps = mailWorld();
	const mailId = await givenMail(deps);
	deps.resend.next.push(() => refusal(status, name));
	await sendMail(deps, { mailId });
	expect(await mailRow(deps, mailId)).toMatchObject(FAILED);
	expect(logged.map((line) => JSON.parse(line))).toEqual([
		{ event: 'mail_failed', mailId, kind: 'sign_in_code', reason: `refused_${status}` },
	]);
});

test('a code that has ended is not sent', async () => {
	const deps = mailWorld();
	const mailId = await givenMail(deps);
	deps.clock.advance({ minutes: CODE_MAIL.minutes });
	expect(await isDue(deps, mailId)).toBe(true);
	await sendMail(deps, { mailId });
	expect(deps.resend.calls).toEqual([]);
	expect(await mailRow(deps, mailId)).toMatchObject({ ...FAILED, tries: 0 });
	expect(JSON.parse(logged[0] ?? '')).toMatchObject({ event: 'mail_failed', mailId, reason: 'useless' });
});

test('a code that ended between two tries far apart is emptied at once, not at its next try', async () => {
	const deps = mailWorld();
	const mailId = await givenMail(deps);
	await env.DB.prepare('update mails set tries = 11, tried_at_ms = ? where id = ?')
		.bind(deps.now().getTime(), mailId)
		.run();
	deps.clock.advance({ minutes: CODE_MAIL.minutes, seconds: -1 });
	expect(await isDue(deps, mailId)).toBe(false);
	deps.clock.advance({ seconds: 1 });
	expect(await isDue(deps, mailId)).toBe(true);
	await sendMail(deps, { mailId });
	expect(await mailRow(deps, mailId)).toMatchObject(FAILED);
});

test('what cannot be opened goes to nobody and is given up after its tries', async () => {
	const deps = mailWorld();
	const mailId = await givenMail(deps, INVITATION);
	const wrong = { ...deps, mailKey: 'another mail sealing key, of 32 characters or more' };
	for (let tries = 0; tries < MAIL_TRIES_MAX; tries += 1) {
		await expect(sendMail(wrong, { mailId })).rejects.toThrow('another key');
	}
	await sendMail(wrong, { mailId });
	expect(deps.resend.calls).toEqual([]);
	expect(await mailRow(deps, mailId)).toMatchObject(FAILED);
});

test('one mail’s sealed text in another mail’s row is not sent', async () => {
	const deps = mailWorld();
	const [theirs, ours] = [await givenMail(deps), await givenMail(deps, INVITATION)];
	await env.DB.prepare('update mails set sealed = (select sealed from mails where id = ?) where id = ?')
		.bind(theirs, ours)
		.run();
	await expect(sendMail(deps, { mailId: ours })).rejects.toThrow('another id');
	expect(deps.resend.calls).toEqual([]);
});

test('while Resend is down the sweep’s tries grow apart, and the twelfth is the last', async () => {
	const deps = mailWorld();
	const mailId = await givenMail(deps, INVITATION);
	const startMs = deps.now().getTime();
	const triedAfterMinutes: number[] = [];
	const tryOnce = async () => {
		triedAfterMinutes.push((deps.now().getTime() - startMs) / 60_000);
		deps.resend.next.push(() => refusal(503, 'internal_server_error'));
		return sendMail(deps, { mailId });
	};
	for (let tries = 1; tries <= 6; tries += 1) await expect(tryOnce()).rejects.toThrow(AppError);
	const waitForSweep = async () => {
		for (let minutes = 0; minutes < 200 && !(await isDue(deps, mailId)); minutes += 1)
			deps.clock.advance({ minutes: 1 });
	};
	for (let tries = 7; tries < MAIL_TRIES_MAX; tries += 1) {
		await waitForSweep();
		await expect(tryOnce()).rejects.toThrow(AppError);
	}
	await waitForSweep();
	await tryOnce();
	expect(triedAfterMinutes).toEqual([0, 0, 0, 0, 0, 0, 2, 6, 14, 30, 62, 126]);
	expect(await mailRow(deps, mailId)).toMatchObject({ ...FAILED, tries: MAIL_TRIES_MAX });
	expect(await isDue(deps, mailId)).toBe(false);
	expect(deps.resend.mails).toEqual([]);
});

test('a mail whose message was lost is due after a minute', async () => {
	const deps = mailWorld();
	const mailId = await givenMail(deps);
	deps.clock.advance({ seconds: 59 });
	expect(await isDue(deps, mailId)).toBe(false);
	deps.clock.advance({ seconds: 1 });
	expect(await isDue(deps, mailId)).toBe(true);
});
