import { once } from 'node:events';
import { IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { DeletionAnswer, RevocationAnswer, UploadAnswer } from '../../workers/api/contract';
import { signPut } from '../../workers/core/media/sign-url';
import { END, header, pixels, pngOf } from '../core/media/png-chunks';
import { joined, picture } from '../core/media/sample-images';
import {
	consentElements,
	endConsent,
	givenConsent,
	givenOrder,
	givenPhoto,
	givenTicket,
	patient,
	putPhoto,
	smileInput,
	type Ticket,
	waitForEnd,
} from './support/given-smile';
import { givenPractice, type Practice, refusalIn, type Refused } from './support/practice';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { expectNoTrace, expectOrder, objectsOf, untilQuiet } from './support/trace';

const MEGABYTE = 1024 * 1024;

let it: TestEdge;
let practice: Practice;
beforeAll(async () => {
	it = await startTestEdge();
	practice = await givenPractice(it.edge);
});
afterEach(() => expectOrder(it));
afterAll(() => it.close());

function uploadOrder(change: Record<string, unknown>) {
	return { body: { kind: 'source', contentType: 'image/png', byteLength: 1000, ...change } };
}

function refuseUpload(consent: Record<string, unknown>): Promise<Refused> {
	return expectNoTrace(it, () => practice.refusal('POST', '/v1/uploads', uploadOrder(consent)));
}

describe('no photo without a consent that holds', () => {
	test('none at all', async () => {
		expect(await refuseUpload({})).toEqual({
			status: 422,
			code: 'consent_required',
			message: 'No photo can be sent before the patient has signed. Record a consent first.',
		});
	});

	test('a draft', async () => {
		const consent = await givenConsent(practice, { signerName: undefined });
		expect(await refuseUpload(consent)).toEqual({
			status: 422,
			code: 'consent_required',
			message: 'The consent is not complete, so no photo can be sent. Fill in what is missing and have it signed.',
		});
	});

	test('an expired one', async () => {
		const consent = await givenConsent(practice);
		await endConsent(it.edge, practice, consent.consentId);
		expect(await refuseUpload(consent)).toEqual({
			status: 422,
			code: 'consent_required',
			message: 'The consent has ended, so no photo can be sent. Ask the patient to sign a new one.',
		});
	});

	test('a revoked one, which also ends what rests on it', async () => {
		const consent = await givenConsent(practice);
		const photo = await patient('mara');
		const ticket = await givenTicket(practice, { contentType: 'image/png', byteLength: photo.byteLength, consent });
		await putPhoto(ticket, photo);
		await practice.call(UploadAnswer, 'POST', `/v1/uploads/${ticket.id}/complete`);
		it.emulators.fal.set({ latencyMs: 600_000 });
		const id = await givenOrder(practice, ticket.id);
		const revoked = await practice.call(RevocationAnswer, 'POST', `/v1/consents/${consent.consentId}/revoke`);
		it.emulators.fal.set({ latencyMs: 0 });

		expect(revoked).toMatchObject({ state: 'revoked', photosBeingDeleted: 1 });
		expect(await waitForEnd(practice, id)).toMatchObject({
			state: 'cancelled',
			credits: { held: 0, charged: 0 },
			error: { code: 'consent_ended', message: 'The consent was revoked, so we stopped.' },
		});
		expect(await practice.credits()).toEqual({ available: 60, held: 0 });
		// The queue still deletes and forgets: what the refusal leaves is looked at once that is over.
		await untilQuiet(it);
		expect(await refuseUpload(consent)).toEqual({
			status: 422,
			code: 'consent_required',
			message: 'The patient has revoked this consent, so no photo can be sent. Only a newly signed one changes that.',
		});
		expect(await practice.refusal('POST', '/v1/quotes', { body: { tool: 'no.such', input: {} } })).toMatchObject({
			status: 400,
		});
	});

	test('somebody else’s, or of another patient, exactly as none', async () => {
		const stranger = await givenPractice(it.edge);
		const foreign = await givenConsent(stranger);
		const none = await refuseUpload({});
		expect(await refuseUpload(foreign)).toEqual(none);
		const own = await givenConsent(practice);
		expect(await refuseUpload({ ...own, subjectId: 'sub_another' })).toEqual(none);
		expect(await refuseUpload({ consentId: 'cns_that_never_was' })).toEqual(none);
	});

	test.each([
		[
			'an end date that is past',
			{ expiresAt: '2020-01-01T00:00:00Z' },
			'The end date is past. Choose one that lies ahead.',
		],
		[
			'an end date beyond reason',
			{ expiresAt: '2199-01-01T00:00:00Z' },
			'The end date is more than a year after the signature. California ends an authorization after a year. Ask the patient to sign again then. (Cal. Civil Code §56.11) Choose an earlier one.',
		],
		[
			'a signature of next year',
			{ signedAt: '2199-01-01T00:00:00Z' },
			'The signature is dated in the future. Use the day it was signed.',
		],
	])('a consent with %s is not recorded', async (_, change, message) => {
		const { subjectId } = await givenConsent(practice);
		const body = { ...consentElements(practice, subjectId), ...change };
		const refused = await expectNoTrace(it, () => practice.refusal('POST', '/v1/consents', { body }));
		expect(refused).toEqual({ status: 400, code: 'invalid_input', message });
	});
});

test.each([
	[
		'a GIF',
		'image/gif',
		1000,
		415,
		'unsupported_media_type',
		'This file is not a photo we can take. Choose JPEG, PNG or WebP.',
	],
	[
		'a web page',
		'text/html',
		1000,
		415,
		'unsupported_media_type',
		'This file is not a photo we can take. Choose JPEG, PNG or WebP.',
	],
	[
		'HEIC',
		'image/heic',
		1000,
		415,
		'unsupported_media_type',
		'This file is HEIC. Choose it in the web app, which turns it into JPEG on your device, or export it as JPEG.',
	],
	[
		'one byte over 25 MB',
		'image/png',
		25 * MEGABYTE + 1,
		413,
		'payload_too_large',
		'This photo has 26 MB, and 25 MB is the most. Save it smaller and choose it again.',
	],
])('no address is given for %s', async (_, contentType, byteLength, status, code, message) => {
	const consent = await givenConsent(practice);
	const refused = await expectNoTrace(it, () =>
		practice.refusal('POST', '/v1/uploads', uploadOrder({ contentType, byteLength, ...consent })),
	);
	expect(refused).toEqual({ status, code, message });
});

test.each([
	['no length', { byteLength: undefined }],
	['a length of nothing', { byteLength: 0 }],
	['half a byte', { byteLength: 1.5 }],
	['another kind', { kind: 'video' }],
])('an upload of %s is refused with the field named', async (_, change) => {
	const refused = await expectNoTrace(it, () => practice.refusal('POST', '/v1/uploads', uploadOrder(change)));
	expect(refused).toMatchObject({ status: 400, code: 'invalid_input' });
	expect(refused.message).toContain(Object.keys(change)[0]);
});

/** What the media host answers to this body at an address for this type; nothing may be left behind, and no photo is there. */
async function refusedPut(contentType: string, bytes: Uint8Array): Promise<Refused> {
	const body = new Uint8Array(bytes);
	const ticket = await givenTicket(practice, { contentType, byteLength: body.byteLength });
	const refused = await expectNoTrace(it, async () => refusalIn(await putPhoto(ticket, body)));
	expect(await expectNoTrace(it, () => practice.refusal('POST', `/v1/uploads/${ticket.id}/complete`))).toMatchObject({
		status: 409,
		code: 'upload_incomplete',
	});
	return refused;
}

describe('bytes that are not one still photo', () => {
	test('a PNG announced as JPEG', async () => {
		expect(await refusedPut('image/jpeg', await patient('mara'))).toEqual({
			status: 415,
			code: 'unsupported_media_type',
			message: 'This file is a PNG, and it was announced as a JPEG. Announce image/png.',
		});
	});

	test('a web page that says it is a PNG', async () => {
		const page = new TextEncoder().encode('<!doctype html><script>alert(1)</script>');
		expect(await refusedPut('image/png', page)).toMatchObject({ status: 415, code: 'unsupported_media_type' });
	});

	test('a photo that ends too early', async () => {
		const whole = await patient('mara');
		expect(await refusedPut('image/png', whole.subarray(0, whole.byteLength - 5000))).toMatchObject({
			status: 400,
			code: 'invalid_input',
		});
		const jpeg = await picture(200, 200).jpeg().toBuffer();
		expect(await refusedPut('image/jpeg', jpeg.subarray(0, jpeg.byteLength - 200))).toMatchObject({ status: 400 });
	});

	test('animations', async () => {
		const frame = { raw: { width: 8, height: 16, channels: 3 as const, pageHeight: 8 } };
		const webp = await sharp(Buffer.alloc(8 * 16 * 3, 7).fill(200, 200), frame)
			.webp({ loop: 0, delay: [50, 50] })
			.toBuffer();
		expect(await refusedPut('image/webp', webp)).toEqual({
			status: 415,
			code: 'unsupported_media_type',
			message: 'This file is an animation. Choose a still photo: JPEG, PNG or WebP.',
		});
		const control = { type: 'acTL', data: new Uint8Array([0, 0, 0, 2, 0, 0, 0, 0]) };
		const apng = pngOf([header({ width: 4, height: 4 }), control, pixels(4 * 13), END]);
		expect(await refusedPut('image/png', apng)).toMatchObject({ status: 415, code: 'unsupported_media_type' });
	});

	test('a picture of more pixels than any camera makes, before they are unfolded', async () => {
		const wide = pngOf([header({ width: 12_001, height: 1 }), pixels(100), END]);
		expect(await refusedPut('image/png', wide)).toMatchObject({ status: 413, code: 'payload_too_large' });
		const large = pngOf([header({ width: 8000, height: 8000 }), pixels(100), END]);
		expect(await refusedPut('image/png', large)).toEqual({
			status: 413,
			code: 'payload_too_large',
			message: 'This photo has 64 megapixels. The most is 50. Make it smaller.',
		});
	});

	test('a small file that unfolds to more than its picture has', async () => {
		const bomb = pngOf([header({ width: 10, height: 10 }), pixels(40 * MEGABYTE), END]);
		expect(bomb.byteLength).toBeLessThan(100_000);
		expect(await refusedPut('image/png', bomb)).toMatchObject({ status: 400, code: 'invalid_input' });
	});
});

test('of a photo that is also an archive and a web page, and tells where it was taken, only the photo is kept', async () => {
	const plain = picture(64, 48).withExif({ IFD0: { Artist: 'CANARY' }, IFD3: { GPSLatitudeRef: 'N' } });
	const jpeg = new Uint8Array(await plain.jpeg().toBuffer());
	const tail = new TextEncoder().encode('PK\u0003\u0004<script>CANARY</script>');
	const id = await givenPhoto(practice, new Uint8Array(joined([jpeg, tail])));
	const { url, byteLength } = await practice.call(UploadAnswer, 'GET', `/v1/uploads/${id}`);
	const kept = Buffer.from(await (await fetch(url!)).arrayBuffer());
	expect(kept.byteLength).toBe(byteLength);
	expect(kept.includes('CANARY')).toBe(false);
	expect(await sharp(kept).raw().toBuffer()).toEqual(await sharp(jpeg).raw().toBuffer());
});

function ticketFor(bytes: Uint8Array): Promise<Ticket> {
	return givenTicket(practice, { contentType: 'image/png', byteLength: bytes.byteLength });
}

function refusedAt(ticket: Ticket, bytes: Uint8Array<ArrayBuffer>): Promise<Refused> {
	return expectNoTrace(it, async () => refusalIn(await putPhoto(ticket, bytes)));
}

/** Announces a body, sends its beginning, and takes the answer that comes before the rest. */
async function putAnnounced(url: string, byteLength: number): Promise<Response> {
	const headers = { 'content-type': 'image/png', 'content-length': byteLength };
	const sent = request(url, { method: 'PUT', headers });
	sent.write(new Uint8Array(1000));
	try {
		const [answer] = z.tuple([z.instanceof(IncomingMessage)]).parse(await once(sent, 'response'));
		return new Response(await text(answer), { status: answer.statusCode ?? 0 });
	} finally {
		sent.destroy();
	}
}

describe('an address takes exactly what it was given for', () => {
	let photo: Uint8Array<ArrayBuffer>;
	// Small, because most of these are refused before the body is read: a large one would still be under way.
	beforeAll(async () => {
		photo = new Uint8Array(await picture(40, 40).png().toBuffer());
	});

	test('once', async () => {
		const ticket = await ticketFor(photo);
		expect((await putPhoto(ticket, photo)).status).toBe(204);
		expect(await refusedAt(ticket, photo)).toEqual({
			status: 409,
			code: 'conflict',
			message: 'A file was already sent with this link. Ask for a new upload to send another.',
		});
	});

	test('one of two at the same time', async () => {
		const ticket = await ticketFor(photo);
		const objects = await objectsOf(it.edge);
		const answers = await Promise.all([putPhoto(ticket, photo), putPhoto(ticket, photo)]);
		expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409]);
		expect((await objectsOf(it.edge)).length).toBe(objects.length + 1);
	});

	test('not one byte more or less', async () => {
		const ticket = await ticketFor(photo);
		expect(await refusedAt(ticket, new Uint8Array(joined([photo, new Uint8Array(1)])))).toMatchObject({
			status: 413,
			code: 'payload_too_large',
		});
		expect(await refusedAt(ticket, photo.slice(0, -1))).toMatchObject({ status: 400, code: 'invalid_input' });
	});

	test('with no length said, not one byte more', async () => {
		const ticket = await ticketFor(photo);
		const body = new Blob([photo, new Uint8Array(1)]).stream();
		const put = () =>
			fetch(ticket.url, { method: 'PUT', headers: ticket.headers, body, duplex: 'half' } as RequestInit);
		const refused = await expectNoTrace(it, async () => refusalIn(await put()));
		expect([400, 413]).toContain(refused.status);
	});

	test('not 25 MB and a byte, even with an address for them', async () => {
		const url = await signPut(it.edge.secrets['URL_SIGNING_KEY']!, {
			origin: it.edge.mediaOrigin,
			objectKey: new URL((await ticketFor(photo)).url).pathname.slice('/o/'.length),
			contentType: 'image/png',
			byteLength: 25 * MEGABYTE + 1,
			expiresAtMs: practice.nowMs() + 60_000,
		});
		const answer = await expectNoTrace(it, () => putAnnounced(url, 25 * MEGABYTE + 1));
		expect(await refusalIn(answer)).toMatchObject({ status: 413, code: 'payload_too_large' });
	});

	test('of its own type', async () => {
		const ticket = await ticketFor(photo);
		expect(await refusedAt({ ...ticket, headers: { 'content-type': 'image/jpeg' } }, photo)).toEqual({
			status: 415,
			code: 'unsupported_media_type',
			message: 'This link accepts image/png and nothing else. Send that Content-Type.',
		});
	});

	test('not with another’s token, a changed one, or none', async () => {
		const [mine, other] = [await ticketFor(photo), await ticketFor(photo)];
		const [url, otherUrl] = [new URL(mine.url), new URL(other.url)];
		const notValid = { status: 403, code: 'not_allowed', message: 'This link is not valid. Ask for a new one.' };
		const claims = url.searchParams.get('c')!;
		const longer = Buffer.from(
			Buffer.from(claims, 'base64url')
				.toString()
				.replace(/"expiresAtMs":\d/, '"expiresAtMs":9'),
		).toString('base64url');
		for (const search of [
			otherUrl.search,
			`?c=${claims}&s=${'0'.repeat(64)}`,
			`?c=${longer}&s=${url.searchParams.get('s')}`,
			`?c=${otherUrl.searchParams.get('c')}&s=${url.searchParams.get('s')}`,
			'',
		]) {
			expect(await refusedAt({ ...mine, url: `${url.origin}${url.pathname}${search}` }, photo)).toEqual(notValid);
		}
		const got = await expectNoTrace(it, async () => refusalIn(await fetch(mine.url)));
		expect(got).toEqual(notValid);
		expect((await putPhoto(mine, photo)).status).toBe(204);
	});

	test('not to be completed before it came, nor used, nor once it is deleted', async () => {
		const ticket = await ticketFor(photo);
		expect(
			await expectNoTrace(it, () =>
				practice.refusal('POST', '/v1/renders', {
					headers: { 'idempotency-key': 'too-early' },
					body: { tool: 'smile.video', input: smileInput(ticket.id) },
				}),
			),
		).toMatchObject({ status: 409, code: 'upload_incomplete' });
		expect(await practice.refusal('POST', `/v1/uploads/${ticket.id}/complete`)).toMatchObject({ status: 409 });
		await practice.call(DeletionAnswer, 'DELETE', `/v1/uploads/${ticket.id}`);
		expect(await practice.refusal('POST', `/v1/uploads/${ticket.id}/complete`)).toMatchObject({
			status: 410,
			code: 'gone',
		});
	});
});

test('a photo that comes after its ten minutes is refused, and what was put without completing goes without a receipt', async () => {
	const photo = new Uint8Array(await picture(40, 40).png().toBuffer());
	const [late, left] = [
		await givenTicket(practice, { contentType: 'image/png', byteLength: photo.byteLength }),
		await givenTicket(practice, { contentType: 'image/png', byteLength: photo.byteLength }),
	];
	expect((await putPhoto(left, photo)).status).toBe(204);
	const leftKey = new URL(left.url).pathname.slice('/o/'.length);
	await it.edge.moveClock(11 / 60);
	expect(await expectNoTrace(it, async () => refusalIn(await putPhoto(late, photo)))).toEqual({
		status: 403,
		code: 'not_allowed',
		message: 'This link has expired. Ask for a new one.',
	});
	expect(await objectsOf(it.edge)).toContain(leftKey);
	await it.edge.moveClock(5 / 60);
	await it.edge.runCron();
	expect(await objectsOf(it.edge)).not.toContain(leftKey);
	expect(await practice.call(UploadAnswer, 'GET', `/v1/uploads/${late.id}`)).toMatchObject({
		state: 'expired',
		url: null,
	});
	expect(await practice.refusal('POST', `/v1/uploads/${left.id}/complete`)).toMatchObject({
		status: 410,
		code: 'gone',
	});
});
