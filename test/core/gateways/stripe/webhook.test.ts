import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';
import { z } from 'zod';

import { readStripeWebhook } from '../../../../workers/core/gateways/stripe/webhook';

const SECRET = 'whsec_a_secret_of_the_tests_0123456789';
const SECONDS = 1_763_726_400;
const BODY = JSON.stringify({
	id: 'evt_1',
	object: 'event',
	type: 'invoice.paid',
	livemode: false,
	data: { object: { id: 'in_1', customer_name: 'Ada Lovelace' } },
});
const NOTICE = { id: 'evt_1', type: 'invoice.paid', isLive: false, objectId: 'in_1' };

function hmac(
	body: string,
	{ seconds = SECONDS, secret = SECRET }: { seconds?: number; secret?: string } = {},
): string {
	return createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
}

function signed(body: string, options: { seconds?: number; secret?: string } = {}): string {
	return `t=${options.seconds ?? SECONDS},v1=${hmac(body, options)}`;
}

function read(
	signature: string | null,
	{
		body = BODY,
		rawBody = new TextEncoder().encode(body),
		secret = SECRET,
		nowMs = SECONDS * 1000,
	}: {
		body?: string;
		rawBody?: Uint8Array<ArrayBuffer>;
		secret?: string;
		nowMs?: number;
	} = {},
) {
	return readStripeWebhook({ signature, rawBody, secret, nowMs });
}

const REFUSED = { code: 'bad_signature', isRetryable: false };

test('what Stripe signed is read: which object it is about, and nothing that it says of it', async () => {
	expect(await read(signed(BODY))).toEqual(NOTICE);
});

test('while a secret is rolled both of Stripe’s signatures come, and one of them is enough', async () => {
	const two = `t=${SECONDS},v1=${hmac(BODY, { secret: 'whsec_old' })},v1=${hmac(BODY)},v0=${'0'.repeat(64)}`;
	expect(await read(two)).toEqual(NOTICE);
});

test.each([-300, -1, 0, 1, 300])('%i seconds from now it counts', async (seconds) => {
	expect(await read(signed(BODY, { seconds: SECONDS + seconds }))).toEqual(NOTICE);
});

test.each([-3600, -301, 301, 3600])('%i seconds from now it does not, though it is Stripe’s', async (seconds) => {
	await expect(read(signed(BODY, { seconds: SECONDS + seconds }))).rejects.toMatchObject(REFUSED);
});

test.each([
	['no signature', null],
	['an empty one', ''],
	['no time', `v1=${hmac(BODY)}`],
	['no signature beside a time', `t=${SECONDS}`],
	['a signature without a value', `t=${SECONDS},v1`],
	['the scheme of another purpose', `t=${SECONDS},v0=${hmac(BODY)}`],
	['two times', `t=${SECONDS},t=${SECONDS},v1=${hmac(BODY)}`],
	['a time with a tail', `t=${SECONDS}x,v1=${hmac(BODY)}`],
	['no number as time', `t=NaN,v1=${hmac(BODY)}`],
	['capital letters', `t=${SECONDS},v1=${hmac(BODY).toUpperCase()}`],
	['another secret', signed(BODY, { secret: 'whsec_another_secret_of_the_tests_01234' })],
	['the secret without its prefix', signed(BODY, { secret: SECRET.slice(6) })],
])('%s is refused', async (_what, signature) => {
	await expect(read(signature)).rejects.toMatchObject(REFUSED);
});

test('the signature of one body is none of another, however alike they read', async () => {
	const others = [
		JSON.stringify(JSON.parse(BODY), null, 1),
		`${BODY}\n`,
		` ${BODY}`,
		`\uFEFF${BODY}`,
		BODY.replace('in_1', 'in_2'),
		'',
	];
	for (const body of others) await expect(read(signed(BODY), { body })).rejects.toMatchObject(REFUSED);
	const broken = new Uint8Array([...new TextEncoder().encode(BODY), 0xff]);
	await expect(read(signed(`${BODY}\uFFFD`), { rawBody: broken })).rejects.toMatchObject(REFUSED);
});

test.each([
	['no JSON', 'paid'],
	['no event', '{}'],
	['a thin event', JSON.stringify({ id: 'evt_1', object: 'v2.core.event', type: 'v1.x' })],
	['an id that is none', BODY.replace('evt_1', 'in_1')],
	['no mode', BODY.replace('"livemode":false,', '')],
])('%s is refused, though it is signed', async (_what, body) => {
	await expect(read(signed(body), { body })).rejects.toMatchObject(REFUSED);
});

test('an event about what has no id yet is read without one', async () => {
	const body = BODY.replace('"id":"in_1",', '');
	expect(await read(signed(body), { body })).toEqual({ ...NOTICE, objectId: null });
});

/** Each changes a valid signature into one that is not. */
function mutations(valid: string): string[] {
	const [time = '', digest = ''] = valid.split(',v1=');
	const changed: string[] = [];
	for (let at = 0; at < digest.length; at += 1) {
		for (const digit of '0123456789abcdef') {
			if (digit === digest[at]) continue;
			changed.push(`${time},v1=${digest.slice(0, at)}${digit}${digest.slice(at + 1)}`);
		}
		changed.push(`${time},v1=${digest.slice(0, at)}${digest.slice(at + 1)}`);
		changed.push(`${time},v1=${digest.slice(0, at)}${digest[at]}${digest.slice(at)}`);
	}
	const seconds = Number(time.slice(2));
	for (let by = 1; by <= 300; by += 1) {
		changed.push(`t=${seconds + by},v1=${digest}`, `t=${seconds - by},v1=${digest}`);
	}
	for (let at = 0; at < 400; at += 1) changed.push(`${time},v1=${hmac(`${at}`)}`);
	return [...new Set(changed)].filter((signature) => signature !== valid);
}

test('of more than two thousand signatures that are nearly right none passes', async () => {
	const changed = mutations(signed(BODY));
	expect(changed.length).toBeGreaterThan(2_000);
	const passed: string[] = [];
	for (const signature of changed) {
		const outcome = await read(signature).catch((error: unknown) => error);
		if (!(outcome instanceof Error && 'code' in outcome && outcome.code === 'bad_signature')) passed.push(signature);
	}
	expect(passed).toEqual([]);
});

const VECTOR = '../shared/vectors/stripe-signature.json';

test.skipIf(!existsSync(VECTOR))('the verified vector is read, stale and tampered it is refused', async () => {
	const Vector = z.object({ secret: z.string(), timestamp: z.number(), body: z.string(), header: z.string() });
	const { secret, timestamp, body, header } = Vector.parse(JSON.parse(readFileSync(VECTOR, 'utf8')));
	// The recorded event says 299 seconds later that it counts.
	const at = (seconds: number) => ({ body, secret, nowMs: (timestamp + seconds) * 1000 });
	expect(await read(header, at(299))).toEqual({
		id: 'evt_test_0001',
		type: 'checkout.session.completed',
		isLive: false,
		objectId: 'cs_test_a1',
	});
	await expect(read(header, at(3600))).rejects.toMatchObject(REFUSED);
	await expect(read(header, at(-3600))).rejects.toMatchObject(REFUSED);
	await expect(read(header, { ...at(0), body: body.replace('1000', '1001') })).rejects.toMatchObject(REFUSED);
});
