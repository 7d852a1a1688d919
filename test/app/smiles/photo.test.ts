import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { checkFile, fitWithin, kindOf, refuseSize, wordsOfWork } from '../../../app/upload/photo-rules';
import { sizeWords } from '../../../app/size-words';
import type { Put } from '../../../app/upload/put-with-progress';
import { sendPhoto } from '../../../app/upload/send-photo';
import type { Roads } from '../../../app/upload/send-upload';
import { json, refusal } from '../fake-api';

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const MEGABYTE = 1024 * 1024;

test('a file is what its bytes say, whatever it is called', () => {
	expect(kindOf(readFileSync('public/samples/mara.jpg'))).toBe('jpeg');
	expect(kindOf(bytes('\u0089PNG\r\n'))).toBe('png');
	expect(kindOf(bytes('RIFF\0\0\0\0WEBPVP8 '))).toBe('webp');
	expect(kindOf(bytes('\0\0\0\x18ftypheic'))).toBe('heic');
	expect(kindOf(bytes('\0\0\0\x18ftypavif'))).toBe('avif');
	expect(kindOf(bytes('\0\0\0\x18ftypisom'))).toBe('video');
	expect(kindOf(bytes('%PDF-1.7'))).toBe('pdf');
	expect(kindOf(bytes('GIF89a'))).toBe('gif');
	expect(kindOf(bytes('<svg>'))).toBe('unknown');
	expect(kindOf(new Uint8Array())).toBe('unknown');
});

test('each refused file says what it is and what to choose', () => {
	const pdf = checkFile(bytes('%PDF-1.7'), 900);
	expect(pdf).toMatchObject({ ok: false, refusal: { heading: 'This file is a PDF' } });
	const large = checkFile(bytes('\u00ff\u00d8\u00ff\u00e0'), 25 * MEGABYTE + 1);
	expect(large).toMatchObject({ ok: false, refusal: { sentence: expect.stringContaining('It has 26 MB and 25 MB') } });
	expect(checkFile(bytes('\u00ff\u00d8\u00ff\u00e0'), 25 * MEGABYTE)).toEqual({ ok: true, kind: 'jpeg' });
	expect(checkFile(new Uint8Array(), 0)).toMatchObject({ ok: false, refusal: { heading: 'This file is empty' } });
});

test('a picture too small or too large in pixels is refused with its numbers', () => {
	expect(refuseSize({ width: 255, height: 900 })?.sentence).toContain('255 × 900 pixels');
	expect(refuseSize({ width: 12_001, height: 900 })?.heading).toBe('This photo has too many pixels');
	expect(refuseSize({ width: 9000, height: 9000 })?.heading).toBe('This photo has too many pixels');
	expect(refuseSize({ width: 256, height: 256 })).toBeNull();
});

test('a photo is made smaller only when it is over the limit, and keeps its shape', () => {
	expect(fitWithin({ width: 8192, height: 4096 }, 4096)).toEqual({ width: 4096, height: 2048 });
	expect(fitWithin({ width: 600, height: 800 }, 4096)).toEqual({ width: 600, height: 800 });
	const from = { width: 8192, height: 4096 };
	const words = wordsOfWork({ kind: 'heic', from, to: { width: 4096, height: 2048 } });
	expect(words).toEqual([
		'Turned from HEIC into JPEG',
		'Place, camera, date and file name left out',
		'Made smaller, from 8192 × 4096 to 4096 × 2048 pixels',
	]);
	expect(wordsOfWork({ kind: 'jpeg', from, to: from })).toHaveLength(1);
	expect(sizeWords(2.1 * MEGABYTE)).toBe('2.1 MB');
	expect(sizeWords(300)).toBe('1 kB');
});

const TICKET = { id: 'upl_1', put: { url: 'https://media.example/put', headers: { 'content-type': 'image/jpeg' } } };
const stored: Put = (_url, { onProgress }) => {
	onProgress(1);
	return Promise.resolve({ status: 204, body: '' });
};

async function send(answers: Record<string, () => Response>, put: Put = stored) {
	const asked: { path: string; body: unknown }[] = [];
	const shares: number[] = [];
	const roads: Roads = {
		put,
		fetch: (path, init) => {
			asked.push({ path, body: JSON.parse(typeof init.body === 'string' ? init.body : 'null') });
			const answer = answers[path];
			return answer === undefined ? Promise.reject(new Error('no road')) : Promise.resolve(answer());
		},
	};
	const photo = { blob: new Blob(['pixels'], { type: 'image/jpeg' }), width: 6, height: 1, done: [] };
	const signal = new AbortController().signal;
	const sent = await sendPhoto({ photo, consentId: 'cns_1', signal, onProgress: (share) => shares.push(share) }, roads);
	return { sent, asked, shares };
}

test('a photo is announced with its exact length, put, and completed', async () => {
	const { sent, asked, shares } = await send({
		'/v1/uploads': () => json(TICKET, 201),
		'/v1/uploads/upl_1/complete': () => json({ id: 'upl_1', state: 'ready' }),
	});
	expect(sent).toEqual({ ok: true, uploadId: 'upl_1' });
	expect(asked[0]?.body).toEqual({ kind: 'source', contentType: 'image/jpeg', byteLength: 6, consentId: 'cns_1' });
	expect(asked.map(({ path }) => path)).toEqual(['/v1/uploads', '/v1/uploads/upl_1/complete']);
	expect(shares).toEqual([1]);
});

test('without a consent that holds nothing is sent, and it says so', async () => {
	const { sent, asked } = await send({
		'/v1/uploads': () => refusal(422, 'consent_required', 'The patient has revoked this consent.'),
	});
	expect(sent).toMatchObject({
		ok: false,
		refusal: {
			sentence: 'The patient has revoked this consent.',
			whatBecame: 'The photo stayed on this device. Nothing was sent or charged.',
			needsConsent: true,
		},
	});
	expect(asked).toHaveLength(1);
});

test('a photo the media host refuses is not completed', async () => {
	const body = JSON.stringify({ error: { code: 'unsupported_media_type', message: 'This is not a JPEG.' } });
	const { sent, asked } = await send({ '/v1/uploads': () => json(TICKET, 201) }, () =>
		Promise.resolve({ status: 415, body }),
	);
	expect(sent).toMatchObject({
		ok: false,
		refusal: { sentence: 'This is not a JPEG.', whatBecame: expect.stringContaining('Nothing of it was kept') },
	});
	expect(asked).toHaveLength(1);
});

test('a broken connection says where the photo may be, by where it broke', async () => {
	const before = await send({});
	expect(before.sent).toMatchObject({ refusal: { whatBecame: expect.stringContaining('Nothing was sent') } });
	const during = await send({ '/v1/uploads': () => json(TICKET, 201) }, () => Promise.reject(new Error('cut')));
	expect(during.sent).toMatchObject({ refusal: { whatBecame: expect.stringContaining('deleted within 15 minutes') } });
});

test('signed out in between is told apart, and an answer of another shape is not shown', async () => {
	const out = await send({ '/v1/uploads': () => refusal(401, 'not_signed_in', 'Sign in first.') });
	expect(out.sent).toMatchObject({ refusal: { isSignedOut: true, sentence: 'Sign in first.' } });
	const odd = await send({ '/v1/uploads': () => new Response('<h1>502</h1>', { status: 502 }) });
	expect(odd.sent).toMatchObject({ refusal: { sentence: 'The answer could not be read. Send it again in a minute.' } });
});
