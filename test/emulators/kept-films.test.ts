import { afterEach, expect, test } from 'vitest';
import { keepFilms, wipeFilm } from '../../emulators/video/encode-wipe';

const SIDE = 32;
const never = new AbortController().signal;

function picture(grey: number): Uint8Array {
	return new Uint8Array(SIDE * SIDE * 4).fill(grey);
}

let encodings = 0;
function film(change: { after?: Uint8Array; seconds?: number } = {}): Promise<Uint8Array> {
	let isEncoding = false;
	const order = {
		before: picture(40),
		after: picture(200),
		width: SIDE,
		height: SIDE,
		seconds: 1,
		framesPerSecond: 30,
	};
	return wipeFilm(
		{ ...order, ...change },
		() => {
			if (!isEncoding) encodings += 1;
			isEncoding = true;
		},
		never,
	);
}

let stop = () => {};
afterEach(() => {
	stop();
	encodings = 0;
});

test('every film is encoded anew unless they are kept', async () => {
	await film();
	await film();
	expect(encodings).toBe(2);
});

test('a film that is kept is encoded once; other pictures and another length are another film', async () => {
	stop = keepFilms();
	const first = await film();
	expect(await film()).toBe(first);
	expect(encodings).toBe(1);
	expect(await film({ after: picture(90) })).not.toBe(first);
	expect(await film({ seconds: 2 })).not.toBe(first);
	expect(encodings).toBe(3);
	stop();
	await film();
	expect(encodings).toBe(4);
});
