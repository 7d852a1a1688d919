import { expect, test } from 'vitest';

import { openCamera, portraitWithin, releaseCamera } from '../../../app/upload/open-camera';

/** A device with cameras that look where `facings` say; laptops do not tell. */
function deviceWith(facings: readonly (string | undefined)[], refusal?: Error) {
	const asked: (MediaStreamConstraints | undefined)[] = [];
	let stopped = 0;
	const track = { getSettings: () => ({ facingMode: facings[0] }), stop: () => void (stopped += 1) };
	const stream = { getVideoTracks: () => [track], getTracks: () => [track] } as unknown as MediaStream;
	const media = {
		getUserMedia: (constraints?: MediaStreamConstraints) => {
			asked.push(constraints);
			return refusal === undefined ? Promise.resolve(stream) : Promise.reject(refusal);
		},
		enumerateDevices: () =>
			Promise.resolve([...facings.map(() => 'videoinput'), 'audioinput'].map((kind) => ({ kind }) as MediaDeviceInfo)),
	};
	return { media, asked, stopped: () => stopped };
}

test('a phone’s back camera is asked for without sound, and can be turned', async () => {
	const { media, asked } = deviceWith(['environment', 'user']);
	expect(await openCamera(media, 'environment')).toMatchObject({ ok: true, facing: 'environment', canTurn: true });
	expect(asked).toMatchObject([{ audio: false, video: { facingMode: { ideal: 'environment' } } }]);
});

test('a laptop’s one camera looks at whoever sits there, whatever was asked for', async () => {
	const { media } = deviceWith([undefined]);
	expect(await openCamera(media, 'environment')).toMatchObject({ ok: true, facing: 'user', canTurn: false });
});

test.each([
	['NotAllowedError', 'denied'],
	['NotFoundError', 'none'],
	['NotReadableError', 'busy'],
	['TypeError', 'failed'],
])('%s is told as %s', async (name, why) => {
	const { media } = deviceWith(['user'], Object.assign(new Error('no'), { name }));
	expect(await openCamera(media, 'user')).toEqual({ ok: false, why });
});

test('a browser that offers none has none', async () => {
	expect(await openCamera(undefined, 'user')).toEqual({ ok: false, why: 'none' });
});

test('a camera that is let go is stopped', async () => {
	const { media, stopped } = deviceWith(['user']);
	const opened = await openCamera(media, 'user');
	if (opened.ok) releaseCamera(opened.stream);
	expect(stopped()).toBe(1);
});

test('the finder’s part of a wide and of a tall picture is its middle', () => {
	expect(portraitWithin({ width: 1920, height: 1440 })).toEqual({ x: 420, y: 0, width: 1080, height: 1440 });
	expect(portraitWithin({ width: 1080, height: 1920 })).toEqual({ x: 0, y: 240, width: 1080, height: 1440 });
	expect(portraitWithin({ width: 0, height: 0 })).toEqual({ x: 0, y: 0, width: 0, height: 0 });
});
