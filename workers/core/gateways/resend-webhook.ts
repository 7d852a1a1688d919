import { z } from 'zod';

import { AppError } from '../errors';

/** How far the time of a signature may lie from ours, either way (Svix). */
const LEEWAY_SECONDS = 300;
/** Two while a secret is rolled; more are nobody's. */
const SIGNATURES_MAX = 8;
/** A mail's headers, addresses and the words of a bounce are a few kilobytes. */
export const RESEND_WEBHOOK_BYTES_MAX = 128 * 1024;

const Event = z.object({
	type: z.string().max(100),
	// Domains and contacts have events too, which are about no mail.
	data: z.object({
		email_id: z.string().max(100).optional(),
		bounce: z.object({ type: z.string().max(40) }).optional(),
	}),
});

/** All that is taken from a notice: which mail it is about. The addresses in it are left where they came from. */
export interface ResendNotice {
	/** `svix-id`: the same for each delivery of one notice. */
	id: string;
	type: string;
	/** Resend's id of the mail; null where it is about none. */
	providerId: string | null;
	/** Of a bounce: `Permanent`, `Transient` or `Undetermined`. */
	bounceType: string | null;
}

/** The notice in a webhook whose raw body was signed with this secret in these five minutes; refuses all else as one (protocols §3.1). */
export async function readResendWebhook(input: {
	headers: Headers;
	rawBody: Uint8Array<ArrayBuffer>;
	/** `whsec_` and base64. */
	secret: string;
	nowMs: number;
}): Promise<ResendNotice> {
	const { headers, rawBody, secret, nowMs } = input;
	const id = headers.get('svix-id') ?? '';
	const timestamp = headers.get('svix-timestamp') ?? '';
	if (id === '' || id.length > 255 || !isFresh(timestamp, nowMs)) throw badSignature();
	const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), rawBody]);
	const key = await keyOf(secret);
	const verdicts = signaturesIn(headers).map((signature) => crypto.subtle.verify('HMAC', key, signature, signed));
	if (!(await Promise.all(verdicts)).includes(true)) throw badSignature();
	const event = Event.safeParse(jsonOf(rawBody));
	if (!event.success) throw badSignature();
	const { type, data } = event.data;
	return { id, type, providerId: data.email_id ?? null, bounceType: data.bounce?.type ?? null };
}

function keyOf(secret: string): Promise<CryptoKey> {
	const bytes = Uint8Array.from(Buffer.from(secret.replace(/^whsec_/, ''), 'base64'));
	return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

function signaturesIn(headers: Headers): Uint8Array<ArrayBuffer>[] {
	return (headers.get('svix-signature') ?? '')
		.split(' ')
		.slice(0, SIGNATURES_MAX)
		.filter((word) => word.startsWith('v1,'))
		.map((word) => Uint8Array.from(Buffer.from(word.slice('v1,'.length), 'base64')));
}

/** One time, in plain digits, near ours. */
function isFresh(timestamp: string, nowMs: number): boolean {
	if (!/^\d{1,12}$/.test(timestamp)) return false;
	return Math.abs(Math.floor(nowMs / 1000) - Number(timestamp)) <= LEEWAY_SECONDS;
}

function jsonOf(rawBody: Uint8Array<ArrayBuffer>): unknown {
	try {
		return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(rawBody));
	} catch {
		return null;
	}
}

function badSignature(): AppError {
	return new AppError('bad_signature', 'This webhook is not signed as it should be.');
}
