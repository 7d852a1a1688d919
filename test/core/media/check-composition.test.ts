import { describe, expect, test } from 'vitest';

import { checkComposition } from '../../../workers/core/media/check-composition';
import { sampleFilm, sampleJpeg } from '../../support/sample-film';
import { samplePng } from '../../support/sample-outputs';
import { withSegment } from './sample-images';

function refusalOf(bytes: Uint8Array, contentType: string) {
	try {
		return { facts: checkComposition(bytes, contentType) };
	} catch (error) {
		return error;
	}
}

test('a film of H.264 and AAC is kept with its size and length, and so is one without sound', () => {
	const facts = { width: 1080, height: 1920, durationMs: 6000 };
	expect(checkComposition(sampleFilm(), 'video/mp4')).toEqual(facts);
	expect(checkComposition(sampleFilm({ tracks: [['vide', 'avc1']] }), 'video/mp4')).toEqual(facts);
});

describe('a film is refused', () => {
	test.each([
		['with pictures of another codec', { tracks: [['vide', 'hvc1']] }],
		[
			'with sound of another codec',
			{
				tracks: [
					['vide', 'avc1'],
					['soun', 'Opus'],
				],
			},
		],
		[
			'with a track of a camera’s notes',
			{
				tracks: [
					['vide', 'avc1'],
					['meta', 'mebx'],
				],
			},
		],
		[
			'with two tracks of pictures',
			{
				tracks: [
					['vide', 'avc1'],
					['vide', 'avc1'],
				],
			},
		],
		['with notes of place and time', { note: 'udta' }],
	] as const)('%s', (_, parts) => {
		expect(refusalOf(sampleFilm(parts), 'video/mp4')).toMatchObject({ code: 'unsupported_media_type' });
	});

	test.each([
		['of more than a minute', { durationMs: 60_001 }],
		['of more than 1920 pixels a side', { width: 1922 }],
	])('%s', (_, parts) => {
		expect(refusalOf(sampleFilm(parts), 'video/mp4')).toMatchObject({ code: 'payload_too_large' });
	});

	test('that ends too early, without pictures, or that is none', () => {
		const whole = sampleFilm();
		for (const bytes of [
			whole.slice(0, -1),
			sampleFilm({ tracks: [['soun', 'mp4a']] }),
			sampleJpeg(),
			new Uint8Array(9),
		]) {
			expect(refusalOf(bytes, 'video/mp4')).toMatchObject({ code: 'invalid_input' });
		}
	});
});

test('a JPEG is kept with its size; one with notes of a camera, a cut one and another format are refused', () => {
	const jpeg = sampleJpeg();
	expect(checkComposition(jpeg, 'image/jpeg')).toEqual({ width: 8, height: 8 });
	expect(checkComposition(withSegment(jpeg, 0xeb, 'JP\0\0 what says how it was made'), 'image/jpeg')).toEqual({
		width: 8,
		height: 8,
	});
	const noted = withSegment(jpeg, 0xe1, 'Exif\0\0MM\0*\0\0\0\u0008\0\0');
	expect(refusalOf(noted, 'image/jpeg')).toMatchObject({ code: 'unsupported_media_type' });
	expect(refusalOf(jpeg.slice(0, -9), 'image/jpeg')).toMatchObject({ code: 'invalid_input' });
	expect(refusalOf(samplePng(), 'image/jpeg')).toMatchObject({ code: 'invalid_input' });
	expect(refusalOf(samplePng(), 'image/png')).toMatchObject({ code: 'unsupported_media_type' });
});
