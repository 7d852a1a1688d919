import { Readable } from 'node:stream';

import sharp from 'sharp';
import { afterAll, expect, test, vi } from 'vitest';

import { sanitizeImage } from '../../../workers/core/media/sanitize-image';
import { newObjectKey } from '../../../workers/core/media/object-keys';
import { joined, picture, sampleImages } from '../../core/media/sample-images';
import { header, pixels, pngOf, END } from '../../core/media/png-chunks';
import { handMadePdf, packed, streamObject, writtenPdf } from '../../core/media/sample-pdfs';
import { APP_ORIGIN, startMediaWorker } from './media-worker';

// A Worker starts in a second, or in many when other test files use the same cores.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const worker = await startMediaWorker();
afterAll(() => worker.close());

const samples = await sampleImages();
const photo = samples.find(({ name }) => name === 'jpeg orientation 6')!.bytes;

function put(url: string, body: Uint8Array | string, headers: Record<string, string> = {}) {
	const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
	return worker.fetch(url, { method: 'PUT', body: bytes, headers: { 'content-type': 'image/jpeg', ...headers } });
}

function keyOf(url: string): string {
	return new URL(url).pathname.slice('/o/'.length);
}

/** What a request was answered, and which keys the bucket holds since. */
async function outcomeOf(run: () => ReturnType<typeof put>) {
	const before = await worker.keys();
	const response = await run();
	const body: unknown = await response.json();
	const after = await worker.keys();
	return { status: response.status, body, stored: after.filter((key) => !before.includes(key)) };
}

function refusal(status: number, code: string, words = '') {
	return { status, body: { error: { code, message: expect.stringContaining(words) } }, stored: [] };
}

test.each(samples)('$name goes in once, clean, and its facts can be asked for', async ({ type, bytes }) => {
	const url = await worker.grantPut(bytes.length, { contentType: type });
	const response = await put(url, bytes, { 'content-type': type });
	expect([response.status, await response.text()]).toEqual([204, '']);

	const stored = await worker.bucket.get(keyOf(url));
	const clean = new Uint8Array(await stored!.arrayBuffer());
	expect(await sharp(clean).raw().toBuffer()).toEqual(await sharp(bytes).raw().toBuffer());
	expect((await sharp(clean).metadata()).xmp).toBeUndefined();
	const { info } = await sharp(clean).autoOrient().toBuffer({ resolveWithObject: true });
	const facts = { contentType: type, byteLength: clean.length, width: info.width, height: info.height };
	expect(await worker.head(keyOf(url))).toEqual(facts);
});

test('a key that holds nothing has no facts', async () => {
	expect(await worker.head(newObjectKey('src', 'acc_ada'))).toBeNull();
});

test('a second upload to the same link is refused and the first stays', async () => {
	const url = await worker.grantPut(photo.length);
	expect((await put(url, photo)).status).toBe(204);
	const first = await worker.bucket.head(keyOf(url));
	expect(await outcomeOf(() => put(url, photo))).toEqual(refusal(409, 'conflict', 'already sent'));
	expect((await worker.bucket.head(keyOf(url)))?.etag).toBe(first?.etag);
	expect((await worker.bucket.head(keyOf(url)))?.uploaded).toEqual(first?.uploaded);
});

test('of two uploads at the same time one wins', async () => {
	const url = await worker.grantPut(photo.length);
	const responses = await Promise.all([put(url, photo), put(url, photo), put(url, photo)]);
	expect(responses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409, 409]);
});

test('another type, another length and a lie about either are refused', async () => {
	const png = samples.find(({ name }) => name === 'png rgb')!.bytes;
	const url = await worker.grantPut(photo.length);
	expect(await outcomeOf(() => put(url, photo, { 'content-type': 'image/png' }))).toEqual(
		refusal(415, 'unsupported_media_type', 'image/jpeg'),
	);
	expect(await outcomeOf(() => put(url, photo.slice(1)))).toEqual(refusal(400, 'invalid_input', 'exactly'));
	expect(await outcomeOf(() => put(url, joined([photo, photo])))).toEqual(refusal(413, 'payload_too_large', 'accepts'));
	const lying = await worker.grantPut(png.length);
	expect(await outcomeOf(() => put(lying, png))).toEqual(refusal(415, 'unsupported_media_type', 'Announce image/png.'));
	const pdf = await worker.grantPut(8, { contentType: 'application/pdf' });
	expect(await outcomeOf(() => put(pdf, '%PDF-1.7', { 'content-type': 'application/pdf' }))).toEqual(
		refusal(415, 'unsupported_media_type'),
	);
});

test('a body without a length is refused before it is read', async () => {
	const url = await worker.grantPut(photo.length);
	const body = Readable.from([photo]);
	const init = { method: 'PUT', body, duplex: 'half' as const, headers: { 'content-type': 'image/jpeg' } };
	expect(await outcomeOf(() => worker.fetch(url, init))).toEqual(refusal(400, 'invalid_input', 'Content-Length'));
});

test('cut, animated, oversized and hidden-in-pixels files are refused', async () => {
	const cases: readonly (readonly [string, Uint8Array, number, string])[] = [
		['image/jpeg', photo.slice(0, photo.length / 2), 400, 'invalid_input'],
		['image/png', pngOf([header({ width: 60_000, height: 9 }), pixels(9), END]), 413, 'payload_too_large'],
		['image/png', pngOf([header({ width: 2, height: 2 }), pixels(50_000_000), END]), 400, 'invalid_input'],
		[
			'image/png',
			pngOf([header({ width: 2, height: 2 }), { type: 'acTL', data: new Uint8Array(8) }, END]),
			415,
			'unsupported_media_type',
		],
		['image/webp', new TextEncoder().encode('RIFF\x04\0\0\0WEBP'), 400, 'invalid_input'],
	];
	for (const [contentType, bytes, status, code] of cases) {
		const url = await worker.grantPut(bytes.length, { contentType });
		expect(await outcomeOf(() => put(url, bytes, { 'content-type': contentType }))).toEqual(refusal(status, code));
	}
});

test('a logo goes in under its own prefix up to the side its link allows, and one pixel more is refused', async () => {
	const objectKey = newObjectKey('logo', 'acc_ada');
	const wide = await sharp({ create: { width: 41, height: 7, channels: 3, background: '#fff' } })
		.png()
		.toBuffer();
	const type = { 'content-type': 'image/png' };
	const grant = { contentType: 'image/png', objectKey };

	const tooWide = await worker.grantPut(wide.length, { ...grant, sideMax: 40 });
	expect(await outcomeOf(() => put(tooWide, wide, type))).toEqual(refusal(413, 'payload_too_large', '41 × 7 pixels'));
	const url = await worker.grantPut(wide.length, { ...grant, sideMax: 41 });
	expect((await put(url, wide, type)).status).toBe(204);
	expect(await worker.head(objectKey)).toMatchObject({ contentType: 'image/png', width: 41, height: 7 });
});

test('a late, altered, foreign or missing token is refused', async () => {
	const late = await worker.grantPut(photo.length, { expiresAtMs: Date.now() - 1 });
	expect(await outcomeOf(() => put(late, photo))).toEqual(refusal(403, 'not_allowed', 'expired'));
	const url = await worker.grantPut(photo.length);
	const elsewhere = url.replace(keyOf(url), newObjectKey('src', 'acc_ada'));
	for (const wrong of [elsewhere, url.slice(0, -1), url.replace('s=', 's=0'), url.split('?')[0]!]) {
		expect(await outcomeOf(() => put(wrong, photo))).toEqual(refusal(403, 'not_allowed', 'not valid'));
	}
	const view = await worker.grantGet(keyOf(url));
	expect(await outcomeOf(() => put(view, photo))).toEqual(refusal(403, 'not_allowed'));
});

test('there is no list, no delete and no other path', async () => {
	const url = await worker.grantPut(photo.length);
	await put(url, photo);
	for (const [method, path] of [
		['DELETE', url],
		['POST', url],
		['GET', '/'],
		['GET', '/other'],
		['PATCH', '/o/x'],
	] as const) {
		expect(await outcomeOf(() => worker.fetch(path, { method }))).toEqual(refusal(404, 'not_found'));
	}
});

test('a stored photo comes back whole, inert, and only to whom it was granted', async () => {
	const url = await worker.grantPut(photo.length);
	await put(url, photo);
	const stored = new Uint8Array(await (await worker.bucket.get(keyOf(url)))!.arrayBuffer());
	const response = await worker.fetch(await worker.grantGet(keyOf(url)), { headers: { origin: APP_ORIGIN } });
	expect(response.status).toBe(200);
	expect(new Uint8Array(await response.arrayBuffer())).toEqual(stored);
	expect(Object.fromEntries(response.headers)).toMatchObject({
		'content-type': 'image/jpeg',
		'content-length': String(stored.length),
		'content-disposition': 'inline',
		'x-content-type-options': 'nosniff',
		'content-security-policy': "sandbox; default-src 'none'",
		'cache-control': 'private, no-store',
		'referrer-policy': 'no-referrer',
		'cross-origin-resource-policy': 'cross-origin',
		'access-control-allow-origin': APP_ORIGIN,
		'accept-ranges': 'bytes',
	});

	const head = await worker.fetch(await worker.grantGet(keyOf(url)), { method: 'HEAD' });
	expect([head.status, await head.text(), head.headers.get('etag')]).toEqual([200, '', response.headers.get('etag')]);
	expect((await worker.fetch(url)).status).toBe(403);
	const late = await worker.grantGet(keyOf(url), { expiresAtMs: Date.now() - 1 });
	expect(await outcomeOf(() => worker.fetch(late))).toEqual(refusal(403, 'not_allowed', 'expired'));
	const missing = await worker.grantGet(newObjectKey('src', 'acc_ada'));
	expect(await outcomeOf(() => worker.fetch(missing))).toEqual(refusal(404, 'not_found'));
});

test('a download carries its name and cannot be embedded', async () => {
	const objectKey = newObjectKey('out', 'acc_ada');
	await worker.bucket.put(objectKey, 'video', { httpMetadata: { contentType: 'video/mp4' } });
	const fileName = 'Lächeln "M-2041"\r\n.mp4';
	const url = await worker.grantGet(objectKey, { purpose: 'download', contentType: 'video/mp4', fileName });
	const { headers } = await worker.fetch(url);
	expect(headers.get('content-disposition')).toBe(
		`attachment; filename="L_cheln _M-2041___.mp4"; filename*=UTF-8''L%C3%A4cheln%20%22M-2041%22%0D%0A.mp4`,
	);
	expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
	expect(headers.get('content-type')).toBe('video/mp4');
});

test('a type that browsers would run is a download whatever its token says', async () => {
	const objectKey = newObjectKey('out', 'acc_ada');
	await worker.bucket.put(objectKey, '<script>', { httpMetadata: { contentType: 'text/html' } });
	const { headers } = await worker.fetch(await worker.grantGet(objectKey, { contentType: 'image/png' }));
	expect(headers.get('content-disposition')).toBe('attachment');
	expect(headers.get('content-type')).toBe('text/html');
});

test('one range is answered exactly, several as the whole, none outside', async () => {
	const objectKey = newObjectKey('out', 'acc_ada');
	await worker.bucket.put(objectKey, '0123456789', { httpMetadata: { contentType: 'video/mp4' } });
	const url = await worker.grantGet(objectKey, { contentType: 'video/mp4' });
	const ask = async (range: string, more: Record<string, string> = {}) => {
		const response = await worker.fetch(url, { headers: { range, ...more } });
		return [response.status, response.headers.get('content-range'), await response.text()];
	};
	const etag = (await worker.fetch(url, { method: 'HEAD' })).headers.get('etag')!;
	expect(await ask('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234']);
	expect(await ask('bytes=-3')).toEqual([206, 'bytes 7-9/10', '789']);
	expect(await ask('bytes=8-99')).toEqual([206, 'bytes 8-9/10', '89']);
	expect(await ask('bytes=0-1,4-5')).toEqual([200, null, '0123456789']);
	expect(await ask('bytes=2-4', { 'if-range': etag })).toEqual([206, 'bytes 2-4/10', '234']);
	expect(await ask('bytes=2-4', { 'if-range': '"another"' })).toEqual([200, null, '0123456789']);
	const [status, contentRange, body] = await ask('bytes=10-');
	expect([status, contentRange]).toEqual([416, 'bytes */10']);
	expect(JSON.parse(String(body))).toMatchObject({ error: { code: 'invalid_input' } });
});

test('a browser may send from the app and from nowhere else', async () => {
	const url = await worker.grantPut(photo.length);
	const preflight = (origin: string) => {
		const asked = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'content-type' };
		return worker.fetch(url, { method: 'OPTIONS', headers: { origin, ...asked } });
	};
	const allowed = (await preflight(APP_ORIGIN)).headers;
	expect(allowed.get('access-control-allow-origin')).toBe(APP_ORIGIN);
	expect(allowed.get('access-control-allow-methods')).toContain('PUT');
	expect(allowed.get('access-control-allow-headers')).toContain('content-type');
	for (const origin of ['http://evil.example', `${APP_ORIGIN}.evil.example`, 'null']) {
		expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull();
	}
	const refused = await put(url, 'short', { origin: APP_ORIGIN });
	expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([400, APP_ORIGIN]);
});

test('a photo near the limit goes through whole', async () => {
	const noise = Buffer.alloc(2_600 * 2_600 * 3);
	for (let at = 0, state = 1; at < noise.length; at += 4) {
		state = (state * 48_271) % 2_147_483_647;
		noise.writeUInt32LE(state, at);
	}
	const raw = { width: 2_600, height: 2_600, channels: 3 as const };
	const large = new Uint8Array(await sharp(noise, { raw }).png({ compressionLevel: 0 }).toBuffer());
	expect(large.length).toBeGreaterThan(20_000_000);
	const clean = sanitizeImage(large, 'image/png');
	const url = await worker.grantPut(large.length, { contentType: 'image/png' });
	expect((await put(url, large, { 'content-type': 'image/png' })).status).toBe(204);
	expect(await worker.head(keyOf(url))).toMatchObject({ byteLength: clean.byteLength, width: 2_600 });
});

test('the Worker moves its clock locally and refuses to serve with a moved clock in production', async () => {
	const jpeg = new Uint8Array(await picture().jpeg().toBuffer());
	const init = { method: 'PUT', body: jpeg, headers: { 'content-type': 'image/jpeg' } };
	const moved = await startMediaWorker({ CLOCK_OFFSET_SECONDS: '90000' });
	const wrong = await startMediaWorker({ CLOCK_OFFSET_SECONDS: '90000', ENVIRONMENT: 'production' });
	try {
		const now = await moved.fetch(await moved.grantPut(jpeg.length), init);
		expect([now.status, await now.text()]).toEqual([403, expect.stringContaining('expired')]);
		const ahead = await moved.grantPut(jpeg.length, { expiresAtMs: Date.now() + 90_060_000 });
		expect((await moved.fetch(ahead, init)).status).toBe(204);
		expect((await wrong.fetch(await wrong.grantPut(jpeg.length), init)).status).toBe(500);
		expect(await wrong.keys()).toEqual([]);
	} finally {
		await Promise.all([moved.close(), wrong.close()]);
	}
});

const PDF = { 'content-type': 'application/pdf' };

function grantPaper(byteLength: number, contentType = 'application/pdf') {
	return worker.grantPut(byteLength, { contentType, objectKey: newObjectKey('pap', 'acc_ada') });
}

test('a PDF is stored as it came under the papers’ prefix, and is only ever saved, inert and forgotten', async () => {
	const bytes = await writtenPdf({ pages: 2 });
	const url = await grantPaper(bytes.length);
	expect((await put(url, bytes, PDF)).status).toBe(204);
	const key = keyOf(url);
	expect(await worker.head(key)).toEqual({
		contentType: 'application/pdf',
		byteLength: bytes.length,
		width: 0,
		height: 0,
	});

	for (const purpose of ['download', 'view'] as const) {
		const grant = { contentType: 'application/pdf', purpose, fileName: 'consent.pdf' };
		const got = await worker.fetch(await worker.grantGet(key, grant));
		expect(got.status).toBe(200);
		expect(new Uint8Array(await got.arrayBuffer())).toEqual(bytes);
		expect(Object.fromEntries(got.headers)).toMatchObject({
			'content-type': 'application/pdf',
			'content-disposition': expect.stringMatching(/^attachment; filename="consent\.pdf"/),
			'x-content-type-options': 'nosniff',
			'content-security-policy': "sandbox; default-src 'none'",
			'cache-control': 'private, no-store',
		});
	}
	const expired = { contentType: 'application/pdf', expiresAtMs: Date.now() - 1 };
	expect((await worker.fetch(await worker.grantGet(key, expired))).status).toBe(403);
});

test('a hostile PDF, a picture under a PDF’s name and a PDF under a photo’s key are refused, and nothing is stored', async () => {
	const hostile = [
		handMadePdf({ catalog: '/OpenAction << /S /JavaScript /JS (x) >>' }),
		handMadePdf({ more: [packed(4, '<< /S /Launch >>')] }),
		handMadePdf({ more: [streamObject(4, '/N 1 /First 4 /Filter /FlateDecode', 'no deflate')] }),
	];
	for (const bytes of hostile) {
		const refused = await outcomeOf(async () => put(await grantPaper(bytes.length), bytes, PDF));
		expect(refused).toEqual(refusal(400, 'invalid_input', 'Photograph the paper'));
	}
	const named = await outcomeOf(async () => put(await grantPaper(photo.length), photo, PDF));
	expect(named).toEqual(refusal(415, 'unsupported_media_type', 'not a PDF'));
	const pdf = handMadePdf();
	const asPhoto = await worker.grantPut(pdf.length, { contentType: 'application/pdf' });
	expect(await outcomeOf(() => put(asPhoto, pdf, PDF))).toEqual(refusal(415, 'unsupported_media_type'));
});

test('a picture of a paper loses its metadata like every photo', async () => {
	const url = await grantPaper(photo.length, 'image/jpeg');
	expect((await put(url, photo)).status).toBe(204);
	const stored = new Uint8Array(await (await worker.bucket.get(keyOf(url)))!.arrayBuffer());
	expect((await sharp(stored).metadata()).exif).not.toEqual((await sharp(photo).metadata()).exif);
	expect(stored.length).toBeLessThan(photo.length);
});
