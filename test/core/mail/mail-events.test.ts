import { env } from 'cloudflare:workers';
import { desc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { choices } from '../../../schema/choices';
import { mailEvents, mailSuppressions } from '../../../schema/mail';
import { addressHashOf } from '../../../workers/core/mail/address-hash';
import { handleMailEvent, listOpenMailEvents } from '../../../workers/core/mail/handle-mail-event';
import { chooseMail, readMailSettings } from '../../../workers/core/mail/mail-choices';
import { recordMailEvent } from '../../../workers/core/mail/record-mail-event';
import { sendMail } from '../../../workers/core/mail/send-mail';
import { faultyD1, firstWrites, OBJECT_RESET } from '../../support/faulty-d1';
import { givenUser } from '../../support/given';
import { CODE_MAIL, givenMail, mailWorld, type MailWorld } from './mail-world';

let logged: string[] = [];
beforeEach(() => {
	logged = [];
	vi.spyOn(console, 'log').mockImplementation((line: unknown) => logged.push(String(line)));
});
afterEach(() => {
	vi.restoreAllMocks();
});

const KEY = new TextEncoder().encode('what the tests sign notices with.');
const SECRET = `whsec_${Buffer.from(KEY).toString('base64')}`;

interface Told {
	type: string;
	providerId: string | undefined;
	bounceType?: string;
	id?: string;
	signedWith?: Uint8Array<ArrayBuffer>;
}

/** A notice as it comes over the wire. */
async function tell(deps: MailWorld, told: Told): Promise<string> {
	const { type, providerId, bounceType, id = `msg_${crypto.randomUUID()}`, signedWith = KEY } = told;
	const bounce = bounceType === undefined ? {} : { bounce: { type: bounceType, subType: 'General', message: 'no' } };
	const rawBody = new TextEncoder().encode(
		JSON.stringify({ type, data: { email_id: providerId, to: ['ada@practice.test'], ...bounce } }),
	);
	const nowMs = deps.now().getTime();
	const timestamp = String(Math.floor(nowMs / 1000));
	const key = await crypto.subtle.importKey('raw', signedWith, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
	const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), rawBody]);
	const signature = Buffer.from(await crypto.subtle.sign('HMAC', key, signed)).toString('base64');
	const headers = new Headers({ 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': `v1,${signature}` });
	await recordMailEvent(deps, { headers, rawBody, secret: SECRET, nowMs });
	return id;
}

/** A person to whom a mail was sent, and Resend's id of it. */
async function givenSent(deps: MailWorld) {
	const person = await givenUser(deps);
	const mailId = await givenMail(deps, { ...CODE_MAIL, to: person.email });
	await sendMail(deps, { mailId });
	const addressHash = await addressHashOf(deps.mailKey, person.email);
	return { ...person, addressHash, providerId: deps.resend.idOf(mailId) };
}

async function suppressionOf({ db }: MailWorld, addressHash: string) {
	const [row] = await db.select().from(mailSuppressions).where(eq(mailSuppressions.addressHash, addressHash));
	return row === undefined ? null : row.reason;
}

async function eventRow({ db }: MailWorld, id: string) {
	const [row] = await db.select().from(mailEvents).where(eq(mailEvents.id, id));
	return row;
}

const INCIDENT_MAIL = {
	kind: 'incident' as const,
	incidentId: 'inc_1',
	happened: 'A backup lay open.',
	consequences: 'Seen.',
	measures: 'Closed.',
	advice: 'Look out.',
	what: ['Your account'],
	fromMs: 0,
	untilMs: 1,
	contact: 'privacy@studio.test',
};
const BOUNCE = { type: 'email.bounced', bounceType: 'Permanent' };
const COMPLAINT = { type: 'email.complained' };

test.each([
	[BOUNCE, 'bounced'],
	[{ type: 'email.suppressed' }, 'bounced'],
	[COMPLAINT, 'complained'],
])('%o makes the address %s, once, and the notice is done', async (notice, reason) => {
	const deps = mailWorld();
	const { addressHash, providerId } = await givenSent(deps);
	const eventId = await tell(deps, { ...notice, providerId });
	expect(deps.sent.at(-1)?.message).toEqual({ type: 'mail.event', eventId });
	expect(await suppressionOf(deps, addressHash)).toBeNull();

	await handleMailEvent(deps, { eventId });
	await handleMailEvent(deps, { eventId });
	expect(await suppressionOf(deps, addressHash)).toBe(reason);
	expect((await eventRow(deps, eventId))?.doneAtMs).toBe(deps.now().getTime());
});

test.each([
	{ type: 'email.bounced', bounceType: 'Transient' },
	{ type: 'email.bounced', bounceType: 'Undetermined' },
	{ type: 'email.bounced' },
	{ type: 'email.delivered' },
	{ type: 'email.delivery_delayed' },
	{ type: 'email.opened' },
	{ type: 'email.failed' },
])('%o changes nothing, and is not kept', async (notice) => {
	const deps = mailWorld();
	const { addressHash, providerId } = await givenSent(deps);
	const told = deps.sent.length;
	const eventId = await tell(deps, { ...notice, providerId });
	expect(await eventRow(deps, eventId)).toBeUndefined();
	expect(deps.sent).toHaveLength(told);
	expect(await suppressionOf(deps, addressHash)).toBeNull();
});

test('a bounce that is not for good is kept where it says that somebody was not told of an incident', async () => {
	const deps = mailWorld();
	const { email } = await givenUser(deps);
	const mailId = await givenMail(deps, { ...INCIDENT_MAIL, to: email });
	await sendMail(deps, { mailId });
	const providerId = deps.resend.idOf(mailId);
	const eventId = await tell(deps, { type: 'email.bounced', bounceType: 'Transient', providerId });
	expect(deps.sent.at(-1)?.message).toEqual({ type: 'mail.event', eventId });
	await handleMailEvent(deps, { eventId });
	expect(await eventRow(deps, eventId)).toMatchObject({ doneAtMs: deps.now().getTime() });
	expect(await suppressionOf(deps, await addressHashOf(deps.mailKey, email))).toBeNull();
	const delayed = await tell(deps, { type: 'email.delivery_delayed', providerId });
	expect(await eventRow(deps, delayed)).toBeUndefined();
});

test('a notice with a wrong signature leaves no trace', async () => {
	const deps = mailWorld();
	const { providerId } = await givenSent(deps);
	const told = deps.sent.length;
	const id = 'msg_forged';
	const forged = tell(deps, { ...BOUNCE, providerId, id, signedWith: new TextEncoder().encode('another') });
	await expect(forged).rejects.toMatchObject({ code: 'bad_signature' });
	expect(await eventRow(deps, id)).toBeUndefined();
	expect(deps.sent).toHaveLength(told);
});

test('what is kept of a notice is which mail it is about, not to whom that went', async () => {
	const deps = mailWorld();
	const { providerId } = await givenSent(deps);
	const id = await tell(deps, { ...BOUNCE, providerId });
	const row = await env.DB.prepare('select * from mail_events where id = ?').bind(id).first();
	expect(JSON.stringify(row)).not.toContain('practice.test');
	expect(row).toMatchObject({ type: 'email.bounced', provider_id: providerId, bounce_type: 'Permanent' });
});

test.each([
	['a bounce and then a complaint', [BOUNCE, COMPLAINT]],
	['a complaint and then a bounce', [COMPLAINT, BOUNCE]],
])('after %s the address is dead', async (_order, notices) => {
	const deps = mailWorld();
	const { addressHash, providerId } = await givenSent(deps);
	for (const notice of notices) {
		await handleMailEvent(deps, { eventId: await tell(deps, { ...notice, providerId }) });
		deps.clock.advance({ seconds: 1 });
	}
	expect(await suppressionOf(deps, addressHash)).toBe('bounced');
});

test('the same notice again is kept once, and told to the queue only while it was not done', async () => {
	const deps = mailWorld();
	const { addressHash, providerId } = await givenSent(deps);
	const id = await tell(deps, { ...BOUNCE, providerId });
	const told = deps.sent.length;
	await tell(deps, { ...BOUNCE, providerId, id });
	expect(deps.sent).toHaveLength(told + 1);
	await handleMailEvent(deps, { eventId: id });

	await deps.db.delete(mailSuppressions).where(eq(mailSuppressions.addressHash, addressHash));
	await tell(deps, { ...BOUNCE, providerId, id });
	await handleMailEvent(deps, { eventId: id });
	expect(deps.sent).toHaveLength(told + 1);
	// What was lifted since stays lifted.
	expect(await suppressionOf(deps, addressHash)).toBeNull();
});

test('a notice that comes before its mail is marked as sent waits for the sweep', async () => {
	const deps = mailWorld();
	const { email } = await givenUser(deps);
	const mailId = await givenMail(deps, { ...CODE_MAIL, to: email });
	const { db: d1 } = faultyD1(env.DB, firstWrites('before', 9), OBJECT_RESET);
	await expect(sendMail({ ...mailWorld({ d1 }), mailer: deps.mailer }, { mailId })).rejects.toThrow('Failed query');
	// Resend has it, and the row does not say so yet: the next try does.
	await deps.mailer.send({ id: mailId, from: 'a', to: email, subject: 's', text: 't', html: 'h', headers: {} });
	const eventId = await tell(deps, { ...BOUNCE, providerId: deps.resend.idOf(mailId) });
	await handleMailEvent(deps, { eventId });
	expect((await eventRow(deps, eventId))?.doneAtMs).toBeNull();

	deps.clock.advance({ minutes: 1 });
	expect(await listOpenMailEvents(deps, { dueMs: deps.now().getTime(), limit: 1_000 })).toContain(eventId);
	await env.DB.prepare("update mails set state = 'sent', sealed = null, provider_id = ? where id = ?")
		.bind(deps.resend.idOf(mailId) ?? '', mailId)
		.run();
	await handleMailEvent(deps, { eventId });
	expect(await suppressionOf(deps, await addressHashOf(deps.mailKey, email))).toBe('bounced');
	expect(await listOpenMailEvents(deps, { dueMs: deps.now().getTime(), limit: 1_000 })).not.toContain(eventId);
});

test('a notice about a mail that is not ours is given up after three hours, and the log says so', async () => {
	const deps = mailWorld();
	const eventId = await tell(deps, { ...BOUNCE, providerId: crypto.randomUUID() });
	await handleMailEvent(deps, { eventId });
	expect((await eventRow(deps, eventId))?.doneAtMs).toBeNull();
	deps.clock.advance({ hours: 3 });
	await handleMailEvent(deps, { eventId });
	expect((await eventRow(deps, eventId))?.doneAtMs).toBe(deps.now().getTime());
	expect(JSON.parse(logged.at(-1) ?? '')).toEqual({
		event: 'mail_event_unmatched',
		eventId,
		type: 'email.bounced',
	});
});

test.each([0, 1])('a handling that breaks off at its call %i of the database is done by the next', async (at) => {
	const healthy = mailWorld();
	const { addressHash, providerId } = await givenSent(healthy);
	const eventId = await tell(healthy, { ...BOUNCE, providerId });
	let call = -1;
	const { db: d1, happened } = faultyD1(
		env.DB,
		() => {
			call += 1;
			return call === at ? 'before' : null;
		},
		OBJECT_RESET,
	);
	const broken = handleMailEvent(mailWorld({ d1 }), { eventId });
	await broken.catch(() => undefined);
	expect(happened.before).toBe(1);
	await handleMailEvent(healthy, { eventId });
	expect(await suppressionOf(healthy, addressHash)).toBe('bounced');
	expect((await eventRow(healthy, eventId))?.doneAtMs).not.toBeNull();
});

test('who complains has said no to both classes, and yes again when they switch one on later', async () => {
	const deps = mailWorld();
	const { userId, email, addressHash, providerId } = await givenSent(deps);
	const by = { userId, email, surface: 'settings', country: 'DE', hasGpc: false } as const;
	await chooseMail(deps, by, { product_updates: true, announcements: false });
	deps.clock.advance({ seconds: 1 });
	await handleMailEvent(deps, { eventId: await tell(deps, { ...COMPLAINT, providerId }) });
	expect(await readMailSettings(deps, { userId, email })).toEqual({
		wants: { product_updates: false, announcements: false },
		suppression: 'complained',
	});
	const rows = await deps.db.select().from(choices).where(eq(choices.userId, userId)).orderBy(desc(choices.madeAtMs));
	expect(rows).toMatchObject([
		{ purpose: 'product_updates', choice: 'denied', surface: 'mail' },
		{ purpose: 'product_updates', choice: 'granted', surface: 'settings' },
	]);

	deps.clock.advance({ seconds: 1 });
	await chooseMail(deps, by, { product_updates: false, announcements: true });
	expect(await suppressionOf(deps, addressHash)).toBeNull();
	expect((await readMailSettings(deps, { userId, email })).wants.announcements).toBe(true);
});
