/**
 * The media host's own tokens: HMAC-SHA256 over what exactly is allowed, in the URL. One token is one method on one
 * object until one moment; a PUT also one type and one length, a GET one purpose. Whoever holds `secret` decides lifetimes:
 * ten minutes for an upload, minutes for a view, never past the moment when the object is due for deletion.
 */
import * as z from 'zod/mini';

import { AppError } from '../errors';
import { isObjectKey } from './object-keys';

/** Objects live under this path of the media host. */
export const OBJECT_PATH = '/o/';

/** The same secret signs other things; this word keeps a signature of theirs from being one of ours. */
const SIGNATURE_CONTEXT = 'afterglow-media-1';

export const VIEW_PURPOSES = ['view', 'download', 'processor'] as const;

const moment = z.number().check(z.int(), z.positive());

const PutClaims = z.strictObject({
	method: z.literal('PUT'),
	objectKey: z.string(),
	contentType: z.string(),
	byteLength: z.number().check(z.int(), z.positive()),
	/** Pixels a side at most, where it is less than the media host takes anyway. */
	sideMax: z.optional(z.number().check(z.int(), z.positive())),
	expiresAtMs: moment,
});

const GetClaims = z.strictObject({
	method: z.literal('GET'),
	objectKey: z.string(),
	contentType: z.string(),
	expiresAtMs: moment,
	purpose: z.enum(VIEW_PURPOSES),
	fileName: z.optional(z.string()),
});

export type PutClaims = z.infer<typeof PutClaims>;
export type GetClaims = z.infer<typeof GetClaims>;

/** A URL that accepts one body of exactly this type and length, once, until `expiresAtMs` (epoch milliseconds). */
export function signPut(secret: string, grant: Omit<PutClaims, 'method'> & { origin: string }): Promise<string> {
	const { origin, ...claims } = grant;
	return sign(secret, origin, { method: 'PUT', ...claims });
}

/** A URL that shows (`view`), saves (`download`, as `fileName`) or hands to a processor one object until `expiresAtMs`. */
export function signGet(secret: string, grant: Omit<GetClaims, 'method'> & { origin: string }): Promise<string> {
	const { origin, ...claims } = grant;
	return sign(secret, origin, { method: 'GET', ...claims });
}

/** The claims of a PUT; `not_allowed` for a signature that is not ours, another path or method, or a token past its time. */
export async function verifyPut(secret: string, url: string, method: string, nowMs: number): Promise<PutClaims> {
	const claims = PutClaims.safeParse(await verifiedClaims(secret, url));
	if (!claims.success || method !== 'PUT') throw notValid();
	return checkUse(claims.data, url, nowMs);
}

/** The claims of a GET, which cover HEAD too; refuses like `verifyPut`. */
export async function verifyGet(secret: string, url: string, method: string, nowMs: number): Promise<GetClaims> {
	const claims = GetClaims.safeParse(await verifiedClaims(secret, url));
	if (!claims.success || (method !== 'GET' && method !== 'HEAD')) throw notValid();
	return checkUse(claims.data, url, nowMs);
}

async function sign(secret: string, origin: string, claims: PutClaims | GetClaims): Promise<string> {
	if (!isObjectKey(claims.objectKey)) throw new Error('Only keys from newObjectKey can be signed.');
	const encoded = toBase64Url(new TextEncoder().encode(JSON.stringify(claims)));
	const signature = await crypto.subtle.sign('HMAC', await hmacKey(secret), signedBytes(encoded));
	const hex = Array.from(new Uint8Array(signature), (byte) => byte.toString(16).padStart(2, '0')).join('');
	const url = new URL(OBJECT_PATH + claims.objectKey, origin);
	url.search = new URLSearchParams({ c: encoded, s: hex }).toString();
	return url.href;
}

/** What the signature covers, as unknown JSON. `subtle.verify` compares in constant time. */
async function verifiedClaims(secret: string, url: string): Promise<unknown> {
	const query = new URL(url).searchParams;
	const encoded = query.get('c') ?? '';
	const hex = query.get('s') ?? '';
	if (!/^[0-9a-f]{64}$/.test(hex)) throw notValid();
	const signature = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
	const isOurs = await crypto.subtle.verify('HMAC', await hmacKey(secret), signature, signedBytes(encoded));
	if (!isOurs) throw notValid();
	return JSON.parse(new TextDecoder().decode(fromBase64Url(encoded)));
}

function checkUse<Claims extends PutClaims | GetClaims>(claims: Claims, url: string, nowMs: number): Claims {
	if (new URL(url).pathname !== OBJECT_PATH + claims.objectKey || !isObjectKey(claims.objectKey)) throw notValid();
	if (nowMs >= claims.expiresAtMs) throw new AppError('not_allowed', 'This link has expired. Ask for a new one.');
	return claims;
}

function notValid(): AppError {
	return new AppError('not_allowed', 'This link is not valid. Ask for a new one.');
}

function hmacKey(secret: string): Promise<CryptoKey> {
	const algorithm = { name: 'HMAC', hash: 'SHA-256' };
	return crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, ['sign', 'verify']);
}

function signedBytes(encodedClaims: string) {
	return new TextEncoder().encode(`${SIGNATURE_CONTEXT}\n${encodedClaims}`);
}

function toBase64Url(bytes: Uint8Array): string {
	return btoa(String.fromCharCode(...bytes))
		.replaceAll('+', '-')
		.replaceAll('/', '_')
		.replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array {
	return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
}
