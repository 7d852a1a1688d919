import { expect, test } from 'vitest';

import { newObjectKey } from '../../../workers/core/media/object-keys';
import { signGet, signPut, verifyGet, verifyPut } from '../../../workers/core/media/sign-url';

const secret = 'a signing key of enough characters';
const origin = 'https://media.example';
const objectKey = newObjectKey('src', 'acc_ada');
const expiresAtMs = 1_700_000_600_000;
const nowMs = expiresAtMs - 1;
const put = await signPut(secret, { origin, objectKey, contentType: 'image/jpeg', byteLength: 42, expiresAtMs });
const get = await signGet(secret, { origin, objectKey, contentType: 'image/jpeg', expiresAtMs, purpose: 'view' });
const refused = expect.objectContaining({ code: 'not_allowed' });

test('a signed URL verifies to exactly what was granted', async () => {
	expect(new URL(put).pathname).toBe(`/o/${objectKey}`);
	expect(await verifyPut(secret, put, 'PUT', nowMs)).toEqual({
		method: 'PUT',
		objectKey,
		contentType: 'image/jpeg',
		byteLength: 42,
		expiresAtMs,
	});
	for (const method of ['GET', 'HEAD']) {
		expect(await verifyGet(secret, get, method, nowMs)).toMatchObject({ objectKey, purpose: 'view' });
	}
});

test('a token ends at its moment, to the millisecond', async () => {
	await expect(verifyPut(secret, put, 'PUT', expiresAtMs)).rejects.toThrow('This link has expired. Ask for a new one.');
	await expect(verifyGet(secret, get, 'GET', expiresAtMs + 1)).rejects.toEqual(refused);
});

test('a token of one method is nothing for another', async () => {
	await expect(verifyGet(secret, put, 'GET', nowMs)).rejects.toEqual(refused);
	await expect(verifyPut(secret, get, 'PUT', nowMs)).rejects.toEqual(refused);
	await expect(verifyPut(secret, put, 'POST', nowMs)).rejects.toEqual(refused);
	await expect(verifyGet(secret, get, 'DELETE', nowMs)).rejects.toEqual(refused);
});

test('a token opens no other object and no other key made it', async () => {
	const elsewhere = new URL(put);
	elsewhere.pathname = `/o/${newObjectKey('src', 'acc_ada')}`;
	await expect(verifyPut(secret, elsewhere.href, 'PUT', nowMs)).rejects.toEqual(refused);
	await expect(verifyPut(`${secret}!`, put, 'PUT', nowMs)).rejects.toEqual(refused);
});

test('changing any one character of claims or signature is refused', async () => {
	for (const name of ['c', 's']) {
		const value = new URL(put).searchParams.get(name)!;
		for (let at = 0; at < value.length; at++) {
			const url = new URL(put);
			url.searchParams.set(name, value.slice(0, at) + (value[at] === 'a' ? 'b' : 'a') + value.slice(at + 1));
			await expect(verifyPut(secret, url.href, 'PUT', nowMs), `${name} at ${at}`).rejects.toEqual(refused);
		}
	}
});

test.each(['', '?c=', '?s=00', '?c=e30&s=zz', `?c=e30&s=${'0'.repeat(64)}`, '?c=%00&s[]=1'])(
	'a URL with the query "%s" is refused',
	async (query) => {
		await expect(verifyGet(secret, `${origin}/o/${objectKey}${query}`, 'GET', nowMs)).rejects.toEqual(refused);
	},
);

test('the signature of another use of the same secret opens nothing', async () => {
	const claims = new URL(put).searchParams.get('c')!;
	const usage: KeyUsage[] = ['sign'];
	const raw = new TextEncoder().encode(secret);
	const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, usage);
	const signature = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(claims));
	const url = new URL(put);
	url.searchParams.set('s', Buffer.from(signature).toString('hex'));
	await expect(verifyPut(secret, url.href, 'PUT', nowMs)).rejects.toEqual(refused);
});

test('only keys that this code made can be signed', async () => {
	const grant = { origin, contentType: 'image/png', byteLength: 1, expiresAtMs };
	await expect(signPut(secret, { ...grant, objectKey: 'src/../vault/key' })).rejects.toThrow('Only keys');
	expect(() => newObjectKey('src', '../other')).toThrow('account id');
});

test('object keys carry the account and 128 random bits', () => {
	const keys = new Set(Array.from({ length: 1_000 }, () => newObjectKey('out', 'acc_ada')));
	expect(keys.size).toBe(1_000);
	for (const key of keys) expect(key).toMatch(/^out\/acc_ada\/[0-9a-f]{32}$/);
});
