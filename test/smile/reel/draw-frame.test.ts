import { describe, expect, test } from 'vitest';

import { changedArea } from '../../../smile/reel/changed-area';
import { drawFrame, LABEL_GROUND } from '../../../smile/reel/draw-frame';
import { emptyI420, writeI420 } from '../../../smile/reel/i420';
import { labelOf, type LabelledClass } from '../../../smile/reel/label';
import { LABEL_SIZE_MIN } from '../../../smile/reel/layout';
import type { Area } from '../../../smile/reel/pen';
import { placePicture } from '../../../smile/reel/place-picture';
import { FORMAT_IDS, FORMATS, SCENE_KINDS, type Format } from '../../../smile/reel/reel';
import { framesOf, momentOfFrame, type Moment } from '../../../smile/reel/timeline';
import { drawStillPair } from '../../../smile/reel/still-pair';
import { PICTURE_COLOURS, RecordingPen, SoftCanvas } from './pens';
import { reelOf, SIZES, stageOf } from './reels';

const CLASSES: readonly LabelledClass[] = ['simulation', 'genuine_pair', 'generated'];
const EVERY = 7;
/** As the 9:16 format, small enough to paint hundreds of times. */
const SMALL: Format = { id: '9:16', width: 108, height: 192 };

function isInside(inner: Area, outer: Area): boolean {
	const slack = 0.01;
	return (
		inner.x >= outer.x - slack &&
		inner.y >= outer.y - slack &&
		inner.x + inner.width <= outer.x + outer.width + slack &&
		inner.y + inner.height <= outer.y + outer.height + slack
	);
}

function overlap(one: Area, other: Area): boolean {
	return (
		one.x < other.x + other.width &&
		other.x < one.x + one.width &&
		one.y < other.y + other.height &&
		other.y < one.y + one.height
	);
}

describe.each(SCENE_KINDS.flatMap((kind) => FORMAT_IDS.map((format) => [kind, format] as const)))(
	'%s in %s',
	(kind, id) => {
		const format = FORMATS[id];
		/** Where places cover nothing: said once more here, so that a change of the layout's own share is noticed. */
		const safe = {
			x: format.width * 0.06,
			y: format.height * 0.14,
			width: format.width * 0.88,
			height: format.height * 0.66,
		};

		test.each(CLASSES)(
			'the label of a %s is the last thing drawn in every frame, whole and inside the safe area',
			(assetClass) => {
				const reel = reelOf(kind, {}, assetClass);
				const stage = stageOf(reel, format);
				const text = labelOf(reel.label).text;
				for (let frame = 0; frame < framesOf(reel); frame += EVERY) {
					const pen = new RecordingPen();
					drawFrame(pen, stage, momentOfFrame(reel, frame));
					const lines = stage.layout.label.text.lines.length;
					const [plate, ...words] = pen.strokes.slice(-1 - lines);
					expect(plate).toMatchObject({ what: 'box', colour: LABEL_GROUND, clip: null });
					expect(words.map((word) => (word.what === 'line' ? word.text : '')).join(' ')).toBe(text);
					for (const stroke of [plate!, ...words]) expect(isInside(stroke.area, safe)).toBe(true);
					for (const word of words) {
						expect(isInside(word.area, plate!.area)).toBe(true);
						expect(word).toMatchObject({ what: 'line', colour: '#ffffff', clip: null });
						const size = word.what === 'line' ? word.size : 0;
						expect(size).toBeGreaterThanOrEqual(LABEL_SIZE_MIN * Math.min(format.width, format.height));
					}
				}
			},
		);

		test('captions, the practice and the names of the pictures lie inside the safe area and never on the label', () => {
			const reel = reelOf(kind);
			const stage = stageOf(reel, format);
			const label = stage.layout.label.area;
			const seen = new Set<string>();
			const misplaced: string[] = [];
			for (let frame = 0; frame < framesOf(reel); frame += EVERY) {
				const pen = new RecordingPen();
				drawFrame(pen, stage, momentOfFrame(reel, frame));
				const others = pen.strokes.slice(0, -1 - stage.layout.label.text.lines.length);
				for (const stroke of others) {
					if (stroke.what !== 'line') continue;
					seen.add(stroke.text);
					misplaced.push(
						...(isInside(stroke.area, safe) && !overlap(stroke.area, label)
							? []
							: [`${stroke.text} in frame ${frame}`]),
					);
				}
				for (const { area } of stage.layout.captions) expect(overlap(area, label)).toBe(false);
			}
			expect(misplaced).toEqual([]);
			expect([...seen]).toEqual(expect.arrayContaining(['Praxis Nord', 'Before', 'After']));
			expect([...seen].join(' ')).toContain('wears at home');
		});

		test('no words of the label, and nothing of it, lie on a picture', () => {
			const { label, picture } = stageOf(reelOf(kind), format).layout;
			expect(overlap(label.area, picture)).toBe(false);
			expect(picture.height).toBeGreaterThan(format.height * 0.65);
		});

		test('the first frame shows the picture before alone, and the last the one after', () => {
			const reel = reelOf(kind);
			const stage = stageOf(reel, format);
			const shown = [0, framesOf(reel) - 1].map((frame) => {
				const pen = new RecordingPen();
				drawFrame(pen, stage, momentOfFrame(reel, frame));
				return pen.strokes.flatMap((stroke) =>
					stroke.what === 'picture' && stroke.which !== 'logo' ? [stroke.which] : [],
				);
			});
			expect(shown).toEqual([['before'], ['after']]);
		});
	},
);

test.each(SCENE_KINDS)('the first and last painted frame of %s are those pictures, wherever no words stand', (kind) => {
	const reel = reelOf(kind, { captions: [] });
	const stage = stageOf(reel, SMALL);
	const { tags, label, name, logo, picture } = stage.layout;
	const words = [tags.before.area, tags.after.area, label.area, name!.area, logo!];
	for (const [frame, which] of [
		[0, 'before'],
		[framesOf(reel) - 1, 'after'],
	] as const) {
		const painted = new SoftCanvas(SMALL.width, SMALL.height);
		drawFrame(painted, stage, momentOfFrame(reel, frame));
		const still = new SoftCanvas(SMALL.width, SMALL.height);
		still.fillBox({ x: 0, y: 0, ...SMALL }, reel.brand.ground);
		const { from, to } = placePicture(SIZES[which], picture, reel.focus);
		still.drawPicture(which, from, to, { opacity: 1, isSteady: false });
		let compared = 0;
		for (let y = 0; y < SMALL.height; y += 3) {
			for (let x = 0; x < SMALL.width; x += 3) {
				if (words.some((area) => overlap(area, { x: x - 1, y: y - 1, width: 3, height: 3 }))) continue;
				compared += 1;
				expect(painted.colourAt(x, y)).toBe(still.colourAt(x, y));
			}
		}
		expect(compared).toBeGreaterThan(1000);
	}
});

test.each(SCENE_KINDS)('converting only what changed of %s gives the same frames as converting all', (kind) => {
	const reel = reelOf(kind);
	const stage = stageOf(reel, SMALL);
	const kept = emptyI420(SMALL.width, SMALL.height);
	let earlier: Moment | null = null;
	let untouched = 0;
	const different: number[] = [];
	for (let frame = 0; frame < framesOf(reel); frame += 1) {
		const now = momentOfFrame(reel, frame);
		const area = changedArea(SMALL, earlier, now);
		earlier = now;
		if (area === null) {
			untouched += 1;
			continue;
		}
		const canvas = new SoftCanvas(SMALL.width, SMALL.height);
		drawFrame(canvas, stage, now);
		writeI420(kept, part(canvas, area), area);
		const whole = emptyI420(SMALL.width, SMALL.height);
		writeI420(whole, canvas.rgba, { x: 0, y: 0, width: SMALL.width, height: SMALL.height });
		if (Buffer.compare(kept.bytes, whole.bytes) !== 0) different.push(frame);
	}
	expect(different).toEqual([]);
	expect(untouched).toBeGreaterThan(30);
});

function part({ rgba, width }: SoftCanvas, area: Area): Uint8ClampedArray {
	const cut = new Uint8ClampedArray(area.width * area.height * 4);
	for (let y = 0; y < area.height; y += 1) {
		const from = ((area.y + y) * width + area.x) * 4;
		cut.set(rgba.subarray(from, from + area.width * 4), y * area.width * 4);
	}
	return cut;
}

test('no scene, caption, colour or wish takes the label from a simulation', () => {
	for (const kind of SCENE_KINDS) {
		const reel = reelOf(kind, {
			captions: Array.from({ length: 4 }, (_, at) => ({ text: 'W'.repeat(90), from: at, to: at + 1 })),
			brand: { name: 'W'.repeat(120), showsLogo: true, accent: LABEL_GROUND, ground: '#ffffff' },
			label: { assetClass: 'simulation', jurisdiction: 'EU', procedure: '' },
		});
		const stage = stageOf(reel, FORMATS['16:9']);
		const pen = new RecordingPen();
		drawFrame(pen, stage, momentOfFrame(reel, 40));
		expect(pen.strokes.at(-1)).toMatchObject({
			what: 'line',
			text: expect.stringContaining('not a promise of a result'),
		});
	}
});

test('a wide frame shows a portrait whole enough, on the colour of the practice', () => {
	const reel = reelOf('wipe', { captions: [] });
	const wide: Format = { id: '16:9', width: 192, height: 108 };
	const canvas = new SoftCanvas(wide.width, wide.height);
	drawFrame(canvas, stageOf(reel, wide), momentOfFrame(reel, 0));
	expect(canvas.colourAt(2, 60)).toBe(reel.brand.ground);
	expect(canvas.colourAt(96, 100)).toBe(reel.brand.ground);
	const pen = new RecordingPen();
	drawFrame(pen, stageOf(reel, wide), momentOfFrame(reel, 0));
	const picture = pen.strokes.find((stroke) => stroke.what === 'picture' && stroke.which === 'before');
	expect(picture).toMatchObject({ from: { width: 800, height: expect.closeTo(550, 3) } });
});

test('the still pair shows both pictures, their names and the label', () => {
	const reel = reelOf('wipe');
	const pen = new RecordingPen();
	drawStillPair(pen, stageOf(reel, FORMATS['16:9'], { ...SIZES, logo: null }));
	const texts = pen.strokes.flatMap((stroke) => (stroke.what === 'line' ? [stroke.text] : []));
	expect(texts).toEqual(['Before', 'After', 'Praxis Nord', labelOf(reel.label).text]);
	const pictures = pen.strokes.filter((stroke) => stroke.what === 'picture');
	expect(pictures.map(({ which, clip }) => [which, clip?.x])).toEqual([
		['before', 0],
		['after', 960],
	]);
	const canvas = new SoftCanvas(192, 108);
	drawStillPair(canvas, stageOf(reel, { id: '16:9', width: 192, height: 108 }));
	expect(canvas.colourAt(48, 50)).toMatch(new RegExp(`${PICTURE_COLOURS.before}|#1933`));
});
