import { expect, test } from 'vitest';

import { FORMAT_IDS, FORMATS, SCENE_KINDS, sceneOf } from '../../../smile/reel/reel';
import {
	cutOf,
	framesOf,
	isSameMoment,
	momentAt,
	momentOfFrame,
	secondsOf,
	splitShare,
	zoomAt,
} from '../../../smile/reel/timeline';
import { reelOf } from './reels';

test('a reel has 30 frames for each of its seconds', () => {
	expect(framesOf(reelOf('wipe'))).toBe(180);
	expect(framesOf({ scenes: [sceneOf('zoom', 5), sceneOf('split', 6.5)] })).toBe(345);
	expect(secondsOf({ scenes: [sceneOf('zoom', 5), sceneOf('split', 6.5)] })).toBeCloseTo(11.5, 9);
});

test.each(SCENE_KINDS)('%s stands on the picture before, moves, and stands on the one after', (kind) => {
	const reel = reelOf(kind);
	const progress = Array.from({ length: framesOf(reel) }, (_, frame) => momentOfFrame(reel, frame).progress);
	expect(progress.slice(0, 27)).toEqual(Array.from({ length: 27 }, () => 0));
	expect(progress.slice(-27)).toEqual(Array.from({ length: 27 }, () => 1));
	expect(progress).toEqual(progress.toSorted((a, b) => a - b));
	expect(progress.filter((share) => share > 0 && share < 1).length).toBeGreaterThan(60);
});

test('scenes follow one another, each from its own beginning', () => {
	const reel = reelOf('wipe', { scenes: [sceneOf('wipe', 6), sceneOf('zoom', 6)] });
	expect(momentAt(reel, 5.99)).toMatchObject({ kind: 'wipe', progress: 1 });
	expect(momentAt(reel, 6)).toMatchObject({ kind: 'zoom', progress: 0 });
	expect(momentAt(reel, 99)).toMatchObject({ kind: 'zoom', progress: 1 });
	expect(momentAt(reel, -1)).toMatchObject({ kind: 'wipe', progress: 0 });
});

test('a caption is shown from its first second up to its last, not at it', () => {
	const reel = reelOf('wipe', { captions: [{ text: 'Here', from: 1, to: 2 }] });
	expect([0.99, 1, 1.99, 2].map((seconds) => momentAt(reel, seconds).caption)).toEqual([null, 0, 0, null]);
});

test('a reel without a scene is refused', () => {
	expect(() => momentAt({ scenes: [], captions: [] }, 0)).toThrow(RangeError);
});

test('moments are the same when nothing of them differs', () => {
	const moment = { kind: 'wipe', progress: 0.5, caption: 1 } as const;
	expect(isSameMoment(moment, { ...moment })).toBe(true);
	expect(isSameMoment(moment, { ...moment, caption: null })).toBe(false);
	expect(isSameMoment(moment, { ...moment, progress: 0.51 })).toBe(false);
	expect(isSameMoment(moment, { ...moment, kind: 'sweep' })).toBe(false);
});

test('every motion begins and ends exactly at a still, and no frame jumps', () => {
	const steps = Array.from({ length: 121 }, (_, at) => at / 120);
	const motions = {
		wipe: steps.map((progress) => cutOf({ kind: 'wipe', progress })),
		sweep: steps.map((progress) => cutOf({ kind: 'sweep', progress })),
		split: steps.map(splitShare),
		mix: steps.map((progress) => zoomAt(progress).mix),
		nearness: steps.map((progress) => zoomAt(progress).nearness),
	};
	expect([motions.wipe, motions.sweep, motions.split].map((values) => [values[0], values.at(-1)])).toEqual([
		[1, 0],
		[1, 0],
		[1, 0],
	]);
	expect([motions.mix[0], motions.mix.at(-1), motions.nearness[0], motions.nearness.at(-1)]).toEqual([0, 1, 1, 1]);
	for (const values of Object.values(motions)) {
		for (const [at, value] of values.entries()) expect(Math.abs(value - (values[at - 1] ?? value))).toBeLessThan(0.09);
	}
	expect(Math.max(...motions.nearness)).toBeGreaterThan(1.5);
	expect(Math.min(...motions.sweep.slice(30, 70))).toBeLessThan(0.25);
});

test('the formats are what the places ask for, with even sides', () => {
	expect(FORMAT_IDS.map((id) => [id, FORMATS[id].width, FORMATS[id].height])).toEqual([
		['9:16', 1080, 1920],
		['4:5', 1080, 1350],
		['1:1', 1080, 1080],
		['16:9', 1920, 1080],
	]);
});
