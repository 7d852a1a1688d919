import { createHmac, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { unsubscribeToken } from '../../../workers/core/mail/unsubscribe-token';
import { startCountingApi } from '../../budgets/counting-api';

let api: Awaited<ReturnType<typeof startCountingApi>>;
let cookie: string;
let userId: string;
const EMAIL = 'ada@practice.test';
const ORIGIN = 'https://app.test';

beforeAll(async () => {
	api = await startCountingApi();
	cookie = await api.signUp({ email: EMAIL, password: 'a long enough password', name: 'Ada' });
	const row = await api.d1.prepare('select id from users where email = ?').bind(EMAIL).first();
	({ id: userId } = z.object({ id: z.string() }).parse(row));
}, 60_000);
afterAll(() => api.close());

interface Asking {
	method?: string;
	body?: object;
	headers?: Record<string, string>;
}

async function ask(path: string, { method = 'GET', body, headers = { cookie, origin: ORIGIN } }: Asking = {}) {
	const answer = await api.fetch(path, {
		method,
		headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, headers: answer.headers };
}

const tokenOf = (mailClass: 'product_updates' | 'announcements') =>
	unsubscribeToken(api.env.MAIL_SEALING_KEY, { userId, mailClass });

/** What the person chose about mail; a browser's signal has a row of its own. */
async function rows(): Promise<unknown[]> {
	const { results } = await api.d1
		.prepare(
			`select purpose, choice, surface, regime, has_gpc from choices
			where user_id = ? and purpose in ('product_updates', 'announcements') order by rowid`,
		)
		.bind(userId)
		.all();
	return results;
}

test('mail that nobody needs is off, is switched on in the settings, and the ledger says how', async () => {
	expect((await ask('/v1/me/mail')).body).toEqual({
		wants: { product_updates: false, announcements: false },
		problem: null,
	});
	const wants = { product_updates: true, announcements: true };
	const headers = { cookie, origin: ORIGIN, 'cf-ipcountry': 'GB', 'sec-gpc': '1' };
	expect((await ask('/v1/me/mail', { method: 'PUT', body: wants, headers })).body).toEqual({ wants, problem: null });
	const made = { choice: 'granted', surface: 'settings', regime: 'uk', has_gpc: 1 };
	expect(await rows()).toEqual([
		{ ...made, purpose: 'product_updates' },
		{ ...made, purpose: 'announcements' },
	]);
});

test('nobody is asked who they are to stop mail, and looking stops nothing', async () => {
	const before = await rows();
	const path = `/v1/unsubscribe/${await tokenOf('product_updates')}`;
	expect(await ask(path, { headers: {} })).toMatchObject({ status: 200, body: { mailClass: 'product_updates' } });
	expect(await rows()).toEqual(before);

	for (let time = 0; time < 2; time += 1) {
		const stopped = await ask(path, { method: 'POST', headers: {} });
		expect(stopped).toMatchObject({ status: 200, body: { mailClass: 'product_updates' } });
		expect(stopped.headers.getSetCookie()).toEqual([]);
	}
	expect((await rows()).slice(before.length)).toEqual([
		{ purpose: 'product_updates', choice: 'denied', surface: 'mail', regime: 'eea', has_gpc: 0 },
	]);
	expect((await ask('/v1/me/mail')).body['wants']).toEqual({ product_updates: false, announcements: true });
});

test('a link works after every session has ended', async () => {
	await api.d1.prepare('delete from sessions where user_id = ?').bind(userId).run();
	const path = `/v1/unsubscribe/${await tokenOf('announcements')}`;
	expect((await ask(path, { method: 'POST', headers: {} })).status).toBe(200);
	expect((await rows()).at(-1)).toMatchObject({ purpose: 'announcements', choice: 'denied' });
	expect((await ask('/v1/me/mail')).status).toBe(401);
});

test('a changed link is as one that never was, and asks the database nothing', async () => {
	const token = await tokenOf('announcements');
	const asked = await api.counted(async () => {
		for (const wrong of [`${token}A`, token.toUpperCase(), 'x', 'x'.repeat(299)]) {
			for (const method of ['GET', 'POST']) {
				expect((await ask(`/v1/unsubscribe/${wrong}`, { method, headers: {} })).status).toBe(404);
			}
		}
	});
	expect(asked).toEqual({ statements: 0, batches: 0 });
});

function signed(body: string, secret = api.env.RESEND_WEBHOOK_SECRET, seconds = Math.floor(Date.now() / 1000)) {
	const id = `msg_${randomUUID()}`;
	const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
	const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
	return { 'svix-id': id, 'svix-timestamp': String(seconds), 'svix-signature': `v1,${signature}` };
}

test('a notice of Resend’s is kept with one statement and told to the queue', async () => {
	const body = JSON.stringify({
		type: 'email.bounced',
		data: { email_id: randomUUID(), to: [EMAIL], bounce: { type: 'Permanent', subType: 'General', message: '' } },
	});
	const headers = signed(body);
	const queued = api.queued.length;
	const asked = await api.counted(async () => {
		const answer = await api.fetch('/webhooks/resend', { method: 'POST', headers, body });
		expect([answer.status, await answer.json()]).toEqual([200, { ok: true }]);
	});
	expect(asked).toEqual({ statements: 1, batches: 0 });
	expect(api.queued.slice(queued)).toEqual([{ type: 'mail.event', eventId: headers['svix-id'] }]);
});

test('a notice that is forged, late or endless is refused and leaves no trace', async () => {
	const body = JSON.stringify({ type: 'email.complained', data: { email_id: randomUUID() } });
	const now = Math.floor(Date.now() / 1000);
	const forged = signed(body, `whsec_${Buffer.from('another secret of thirty-two characters').toString('base64')}`);
	const late = signed(body, undefined, now - 301);
	const queued = api.queued.length;
	const asked = await api.counted(async () => {
		for (const headers of [forged, late]) {
			expect((await api.fetch('/webhooks/resend', { method: 'POST', headers, body })).status).toBe(400);
		}
		const long = JSON.stringify({ type: 'x'.repeat(200_000) });
		expect((await api.fetch('/webhooks/resend', { method: 'POST', headers: signed(long), body: long })).status).toBe(
			413,
		);
	});
	expect(asked).toEqual({ statements: 0, batches: 0 });
	expect(api.queued).toHaveLength(queued);
});
