import { serve } from '@hono/node-server';
import { afterAll, beforeEach, expect, test } from 'vitest';

import { LOCAL_RESEND } from '../../emulators/mail/clients';
import { startEmulators } from '../../emulators/start-emulators';
import { readResendWebhook, type ResendNotice } from '../../workers/core/gateways/resend-webhook';

const emulators = await startEmulators();

/** What hears the notices: reads each as the api does, and answers as it is told. */
const heard: (ResendNotice | 'refused')[] = [];
let status = 200;
const listener = serve({
	port: 0,
	hostname: '127.0.0.1',
	fetch: async (request) => {
		const rawBody = new Uint8Array(await request.arrayBuffer());
		const { headers } = request;
		const secret = LOCAL_RESEND.webhookSecret;
		heard.push(
			await readResendWebhook({ headers, rawBody, secret, nowMs: Date.now() }).catch(() => 'refused' as const),
		);
		return new Response(null, { status });
	},
});
await new Promise((resolve) => {
	listener.once('listening', resolve);
});
const address = listener.address();
const port = typeof address === 'object' && address !== null ? address.port : 0;

afterAll(async () => {
	listener.close();
	await emulators.close();
});
beforeEach(() => {
	heard.length = 0;
	status = 200;
	emulators.mail.reset();
	emulators.mailNotices.resetNotices();
});

async function post(path: string, body: unknown): Promise<Response> {
	return fetch(`${emulators.origin}${path}`, {
		method: 'POST',
		headers: { authorization: 'Bearer re_test', 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
}

async function send(to: string): Promise<string> {
	const mail = { from: 'Afterglow <hello@afterglow.test>', to, subject: 'Hello', text: 'Hello' };
	const { id } = (await (await post('/resend/emails', mail)).json()) as { id: string };
	return id;
}

test('an endpoint hears, signed, what became of a mail, as its address says', async () => {
	const told = await post('/control/mail/endpoint', {
		url: `http://127.0.0.1:${port}/webhooks/resend`,
		secret: LOCAL_RESEND.webhookSecret,
	});
	expect(told.status).toBe(200);
	const ids: Record<string, string> = {};
	for (const name of ['ada', 'bounce', 'full', 'complaint', 'suppressed'])
		ids[name] = await send(`${name}@practice.test`);
	await expect.poll(() => heard.length).toBe(5);
	const said = heard.map((notice) =>
		notice === 'refused' ? notice : [notice.providerId, notice.type, notice.bounceType],
	);
	expect(said).toEqual(
		expect.arrayContaining([
			[ids['ada'], 'email.delivered', null],
			[ids['bounce'], 'email.bounced', 'Permanent'],
			[ids['full'], 'email.bounced', 'Transient'],
			[ids['complaint'], 'email.complained', null],
			[ids['suppressed'], 'email.suppressed', null],
		]),
	);
});

test('on demand a notice comes twice under one id, and too late', async () => {
	emulators.mailNotices.tell({
		url: `http://127.0.0.1:${port}/webhooks/resend`,
		secret: LOCAL_RESEND.webhookSecret,
	});
	const mail = await send('grace@practice.test');
	await expect.poll(() => heard.length).toBe(1);
	const twice = await post('/control/mail/notices', { mail, type: 'email.bounced', id: 'msg_twice', times: 2 });
	expect(await twice.json()).toMatchObject({ notices: [{ status: 200 }, { status: 200 }] });
	const late = await post('/control/mail/notices', { mail, type: 'email.complained', ageSeconds: 301 });
	expect(late.status).toBe(200);
	expect(heard.slice(1)).toEqual([
		expect.objectContaining({ id: 'msg_twice' }),
		expect.objectContaining({ id: 'msg_twice' }),
		'refused',
	]);
	expect((await post('/control/mail/notices', { mail: 'unknown', type: 'email.bounced' })).status).toBe(404);
	expect((await post('/control/mail/notices', { mail, type: 'email.eaten' })).status).toBe(400);
});
