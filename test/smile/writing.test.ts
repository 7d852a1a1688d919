import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { Face } from '../../smile/landmarks';
import type { Picture } from '../../smile/picture';
import { findWriting } from '../../smile/writing';
import { wordsOn } from './drawn-words';
import { decode, isSampleThere, readLandmarks, readSample } from './sample-faces';

const PATIENTS = fileURLToPath(new URL('../fixtures/patients/', import.meta.url));
const SIZE = { width: 768, height: 960 };

function facesOf(name: string): Face[] {
	return readLandmarks(`${PATIENTS}${name}.json`).faces;
}

/** A drawn patient with words, as a JPEG shows them. */
async function withWords(words: Parameters<typeof wordsOn>[1], name = 'mara'): Promise<Picture> {
	const labelled = await sharp(`${PATIENTS}${name}.png`)
		.composite([{ input: wordsOn(SIZE, words) }])
		.jpeg({ quality: 88 })
		.toBuffer();
	return decode(sharp(labelled));
}

const INKS = [
	{ name: 'a white label', ink: '#141414', paper: '#ffffff', heights: [14, 30, 70] },
	{ name: 'a blue band', ink: '#ffffff', paper: '#234a7d', heights: [14, 30, 70] },
	{ name: 'the wall, as a camera burns it in', ink: '#ff9a20', heights: [14, 20, 44] },
];

describe.each(INKS)('on $name', ({ ink, paper, heights }) => {
	test.each(heights)('words %d px high are seen where they are', async (height) => {
		const text = height > 30 ? 'MARTHA' : 'MARTHA 27 04';
		const place = { x: 24, y: 960 - 1.5 * height };
		const picture = await withWords({ text, ...place, height, ink, ...(paper === undefined ? {} : { paper }) });

		const [line] = findWriting(picture, facesOf('mara'));

		expect(line?.letters).toBeGreaterThanOrEqual(4);
		expect(line!.box.y).toBeGreaterThan(place.y - height);
		expect(line!.box.y + line!.box.height).toBeLessThanOrEqual(960);
	});
});

test('a label that hangs 10 degrees askew is seen', async () => {
	const picture = await withWords({
		text: 'HANNAH 1984',
		x: 40,
		y: 850,
		height: 26,
		ink: '#111',
		paper: '#fff',
		turned: -10,
	});
	expect(findWriting(picture, facesOf('mara')).length).toBeGreaterThan(0);
});

test.each(['mara', 'jonas', 'ines', 'closed'])(
	'nothing on %s looks like writing, mirrored or a little soft either',
	async (name) => {
		const file = `${PATIENTS}${name}.png`;
		const mirrored = facesOf(name).map((face) => face.map((point) => ({ ...point, x: SIZE.width - point.x })));
		expect(findWriting(await decode(sharp(file)), facesOf(name))).toEqual([]);
		expect(findWriting(await decode(sharp(await sharp(file).flop().blur(0.6).png().toBuffer())), mirrored)).toEqual([]);
	},
);

/** `count` equal marks side by side, as SVG. */
function row(count: number, mark: (index: number) => string): Buffer {
	const marks = Array.from({ length: count }, (_, index) => mark(index)).join('');
	return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400">${marks}</svg>`);
}

const PATTERNS = {
	'a striped shirt': row(20, (index) => `<rect x="${40 + index * 24}" y="150" width="9" height="26" fill="#223"/>`),
	'a row of bricks': row(14, (index) => `<rect x="${30 + index * 40}" y="200" width="34" height="18" fill="#a33"/>`),
	'a string of beads': row(18, (index) => `<circle cx="${60 + index * 26}" cy="220" r="9" fill="#fff" stroke="#777"/>`),
	'a fence of slats': row(9, (index) => `<rect x="${20 + index * 64}" y="0" width="22" height="400" fill="#543"/>`),
};

test.each(Object.entries(PATTERNS))('%s is no writing', async (_name, pattern) => {
	const picture = await decode(
		sharp({ create: { width: 600, height: 400, channels: 3, background: '#c9c4ba' } }).composite([{ input: pattern }]),
	);
	expect(findWriting(picture, [])).toEqual([]);
});

test('teeth and braces are no writing, for a face is left out whole', async () => {
	const [face] = facesOf('mara');
	const { x, y } = face![13]!;
	const picture = await withWords({ text: 'MARTHA', x: x - 60, y: y + 4, height: 18, ink: '#222', paper: '#fff' });
	expect(findWriting(picture, [face!])).toEqual([]);
	expect(findWriting(picture, []).length).toBeGreaterThan(0);
});

test('a picture of few pixels is looked at without harm', () => {
	for (const [width, height] of [
		[1, 1],
		[3, 40],
		[40, 3],
	] as const) {
		expect(findWriting({ width, height, data: new Uint8ClampedArray(width * height * 4) }, [])).toEqual([]);
	}
});

test.skipIf(!isSampleThere('nasa_alan_shepard.jpg'))('the name on a suit is seen', async () => {
	const { picture, faces } = await readSample('nasa_alan_shepard.jpg');
	const boxes = findWriting(picture, faces).map(({ box }) => box);
	expect(boxes.some(({ x, y }) => Math.abs(x - 1742) < 30 && Math.abs(y - 1461) < 30)).toBe(true);
});

for (const name of ['astronaut.png', 'codait_Luciano.png']) {
	test.skipIf(!isSampleThere(name))(`nothing on ${name} looks like writing`, async () => {
		const { picture, faces } = await readSample(name);
		expect(findWriting(picture, faces)).toEqual([]);
	});
}
