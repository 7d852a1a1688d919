import { env } from 'cloudflare:workers';
import type { Hono } from 'hono';
import { expect, test } from 'vitest';

import { newObjectKey } from '../../../workers/core/media/object-keys';
import { signPut } from '../../../workers/core/media/sign-url';
import { BODY_GRACE_MS, LATE_PUT_MS, PUT_MINUTES } from '../../../workers/core/media/upload-window';
import { mediaApp } from '../../../workers/media/app';
import type { MediaEnv } from '../../../workers/media/bindings';
import { BodySlots } from '../../../workers/media/body-slots';
import { testClock } from '../../support/deps';
import { sampleFilm, sampleJpeg } from '../../support/sample-film';

const SECRET = 'a signing key of enough characters';
const ORIGIN = 'https://media.example';
/** A PNG of one pixel. */
const photo = new Uint8Array(
	Buffer.from(
		'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
		'base64',
	),
);

/** The Worker's routes over the real local bucket, with a clock that only the test moves. */
function given() {
	const clock = testClock();
	const slots = new BodySlots();
	const appOrigin = 'https://app.example';
	const app = mediaApp(() => ({ bucket: env.MEDIA, now: clock.now, urlSigningKey: SECRET, appOrigin, slots }));
	return { app, clock };
}

/** Refused before it is read to the end, a body cannot be written to the end either. */
function quietly(written: Promise<void>): Promise<void> {
	return written.catch(() => undefined);
}

/** A PUT whose sender has the body in hand: nothing arrives before `send`, and nothing ends before `end`. */
async function begun(app: Hono<MediaEnv>, nowMs: number, bytes: Uint8Array = photo) {
	const objectKey = newObjectKey('src', 'acc_ada');
	const expiresAtMs = nowMs + PUT_MINUTES * 60_000;
	const grant = { origin: ORIGIN, objectKey, contentType: 'image/png', byteLength: bytes.length, expiresAtMs };
	const url = await signPut(SECRET, grant);
	const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
	const writer = writable.getWriter();
	const headers = { 'content-type': 'image/png', 'content-length': String(bytes.length) };
	const answered = Promise.resolve(app.request(url, { method: 'PUT', body: readable, headers }));
	return {
		answered,
		sendHalf: () => quietly(writer.write(bytes.slice(0, bytes.length / 2))),
		async sendRest(): Promise<void> {
			await quietly(writer.write(bytes.slice(bytes.length / 2)));
			await quietly(writer.close());
		},
		isStored: async () => (await env.MEDIA.head(objectKey)) !== null,
	};
}

test('a body that is still arriving when its grace is over is refused, and nothing is stored', async () => {
	const { app, clock } = given();
	const put = await begun(app, clock.now().getTime());
	await put.sendHalf();
	clock.advance({ minutes: PUT_MINUTES, seconds: BODY_GRACE_MS / 1000 });
	await put.sendRest();
	const answer = await put.answered;
	expect(answer.status).toBe(403);
	expect(await answer.json()).toEqual({
		error: { code: 'not_allowed', message: expect.stringContaining('it was not stored') },
	});
	expect(await put.isStored()).toBe(false);
});

test('a body that ends a second inside its grace is stored', async () => {
	const { app, clock } = given();
	const put = await begun(app, clock.now().getTime());
	await put.sendHalf();
	clock.advance({ minutes: PUT_MINUTES, seconds: BODY_GRACE_MS / 1000 - 1 });
	await put.sendRest();
	expect((await put.answered).status).toBe(204);
	expect(await put.isStored()).toBe(true);
});

test('a place counts as empty for good only after the last body could have been stored', () => {
	expect(LATE_PUT_MS).toBeGreaterThan(BODY_GRACE_MS);
});

test('of four bodies at once the fourth is asked to come again, and is welcome when one is done', async () => {
	const { app, clock } = given();
	const puts = [];
	for (let index = 0; index < 3; index += 1) {
		const put = await begun(app, clock.now().getTime());
		await put.sendHalf();
		puts.push(put);
	}
	const fourth = await begun(app, clock.now().getTime());
	const refused = await fourth.answered;
	expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
	expect(await refused.json()).toEqual({
		error: { code: 'upstream_unavailable', message: expect.stringContaining('Send it again') },
	});
	expect(await fourth.isStored()).toBe(false);

	await puts[0]!.sendRest();
	expect((await puts[0]!.answered).status).toBe(204);
	const again = await begun(app, clock.now().getTime());
	await again.sendHalf();
	for (const put of [...puts.slice(1), again]) {
		await put.sendRest();
		expect((await put.answered).status).toBe(204);
	}
});

test('three senders that fell silent hold no place after half a minute', async () => {
	const { app, clock } = given();
	const silent = [];
	for (let index = 0; index < 3; index += 1) {
		const put = await begun(app, clock.now().getTime());
		await put.sendHalf();
		silent.push(put);
	}
	clock.advance({ seconds: 30 });
	const put = await begun(app, clock.now().getTime());
	await put.sendHalf();
	await put.sendRest();
	expect((await put.answered).status).toBe(204);
	for (const late of silent) {
		await late.sendRest();
		expect((await late.answered).status).toBe(204);
	}
});

test('a refused photo gives its place back', async () => {
	const { app, clock } = given();
	for (let index = 0; index < 5; index += 1) {
		const put = await begun(app, clock.now().getTime(), new TextEncoder().encode('no picture at all'));
		await put.sendHalf();
		await put.sendRest();
		expect((await put.answered).status).toBe(415);
		expect(await put.isStored()).toBe(false);
	}
});

test('what a device made is stored byte for byte with what was proved of it; anything else leaves nothing', async () => {
	const { app, clock } = given();
	const put = async (prefix: 'out' | 'src', contentType: string, bytes: Uint8Array<ArrayBuffer>) => {
		const objectKey = newObjectKey(prefix, 'acc_ada');
		const expiresAtMs = clock.now().getTime() + PUT_MINUTES * 60_000;
		const grant = { origin: ORIGIN, objectKey, contentType, byteLength: bytes.length, expiresAtMs };
		const headers = { 'content-type': contentType, 'content-length': String(bytes.length) };
		const url = await signPut(SECRET, grant);
		const { status } = await app.request(url, { method: 'PUT', body: bytes, headers });
		const again = await app.request(url, { method: 'PUT', body: bytes, headers });
		return { status, again: again.status, object: await env.MEDIA.get(objectKey) };
	};
	const film = sampleFilm();
	const kept = await put('out', 'video/mp4', film);
	expect([kept.status, kept.again]).toEqual([204, 409]);
	expect(new Uint8Array(await kept.object!.arrayBuffer())).toEqual(film);
	expect(kept.object!.customMetadata).toEqual({ width: '1080', height: '1920', durationMs: '6000' });
	const still = await put('out', 'image/jpeg', sampleJpeg());
	expect(still.object!.customMetadata).toEqual({ width: '8', height: '8' });
	await still.object!.arrayBuffer();
	for (const [prefix, contentType, bytes, status] of [
		['out', 'video/mp4', sampleFilm({ tracks: [['vide', 'hvc1']] }), 415],
		['out', 'video/mp4', film.slice(0, -2), 400],
		['out', 'video/mp4', sampleJpeg(), 400],
		['out', 'image/jpeg', film, 400],
		['out', 'image/png', photo, 415],
		// A film is no photo, whatever a signature says.
		['src', 'video/mp4', film, 415],
	] as const) {
		const refused = await put(prefix, contentType, bytes);
		expect([contentType, refused.status, refused.again, refused.object]).toEqual([contentType, status, status, null]);
	}
});
