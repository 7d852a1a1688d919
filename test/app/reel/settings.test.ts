import { expect, test } from 'vitest';

import { bitsPerSecond, filmBytesAtMost } from '../../../app/reel/film-size';
import { firstSettings, nextCaption, placeWords, reelOf, type ReelSource } from '../../../app/reel/settings';
import { FORMAT_IDS, FORMATS } from '../../../smile/reel/reel';
import { framesOf, secondsOf } from '../../../smile/reel/timeline';

const source: ReelSource = {
	keep: null,
	assetClass: 'simulation',
	jurisdiction: 'EU',
	refusal: null,
	treatment: 'Whitening A3 to B1',
	caveat: 'It is approximate.',
	patient: 'M-2041',
	practice: { name: 'Praxis Nord', address: '', phone: '' },
	// No pixel of them is asked for here.
	pictures: { before: {} as ImageBitmap, after: {} as ImageBitmap, logo: null },
};

test('a reel begins as a silent wipe of six seconds that names the treatment and the practice', () => {
	const reel = reelOf(firstSettings(source), source);
	expect(secondsOf(reel)).toBeCloseTo(6, 9);
	expect(reel).toMatchObject({
		scenes: [{ kind: 'wipe' }],
		captions: [{ text: 'Whitening A3 to B1', from: 0, to: 2 }],
		brand: { name: 'Praxis Nord', showsLogo: false },
		label: { assetClass: 'simulation', jurisdiction: 'EU', procedure: 'Whitening A3 to B1' },
		music: null,
	});
});

test.each([
	['5', 150],
	['6', 180],
	['8', 240],
] as const)('%s seconds are %i frames', (seconds, frames) => {
	expect(framesOf(reelOf({ ...firstSettings(source), seconds }, source))).toBe(frames);
});

test('captions without words, or that end before they begin, are left out', () => {
	const captions = [
		{ text: '  ', from: 0, to: 2 },
		{ text: 'Backwards', from: 3, to: 2 },
		{ text: 'Seen', from: 2, to: 4 },
	];
	expect(reelOf({ ...firstSettings(source), captions }, source).captions).toEqual([captions[2]]);
});

test('a further caption begins where the last one ends', () => {
	const settings = firstSettings(source);
	expect(nextCaption(settings)).toEqual({ text: '', from: 2, to: 4 });
	expect(nextCaption({ ...settings, captions: [] })).toEqual({ text: '', from: 0, to: 2 });
});

test('the size that is promised is the encoder’s bits and those of the sound', () => {
	const silent = reelOf(firstSettings(source), source);
	for (const id of FORMAT_IDS) {
		expect(filmBytesAtMost(silent, FORMATS[id])).toBe(Math.round((bitsPerSecond(FORMATS[id]) * 6) / 8));
	}
	expect(filmBytesAtMost({ ...silent, music: 'lantern' }, FORMATS['1:1'])).toBe(
		filmBytesAtMost(silent, FORMATS['1:1']) + (160_000 * 6) / 8,
	);
});

test('a place in the reel is said in tenths of a second', () => {
	expect(placeWords(41 / 30, reelOf(firstSettings(source), source))).toBe('1.4 of 6 seconds');
});
