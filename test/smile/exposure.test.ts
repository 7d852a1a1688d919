import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { faceExposure } from '../../smile/exposure';
import { FACE_OVAL, type Face, INNER_LIP, type Point } from '../../smile/landmarks';
import type { Picture } from '../../smile/picture';
import { decode, readLandmarks } from './sample-faces';

const PATIENTS = fileURLToPath(new URL('../fixtures/patients/', import.meta.url));

/** A square of 200 px: face within a circle of 80 px, mouth within one of 20, each of one grey. */
function drawGreys(face: number, mouth: number, wall = 0): { picture: Picture; landmarks: Face } {
	const data = new Uint8ClampedArray(200 * 200 * 4).fill(255);
	for (let at = 0; at < 200 * 200; at++) {
		const away = Math.hypot((at % 200) - 99.5, Math.floor(at / 200) - 99.5);
		data.fill(away < 20 ? mouth : away < 80 ? face : wall, at * 4, at * 4 + 3);
	}
	return { picture: { width: 200, height: 200, data }, landmarks: [...circle(FACE_OVAL, 80, circle(INNER_LIP, 20))] };
}

function circle(ring: readonly number[], radius: number, face: Point[] = []): Point[] {
	const points = Array.from({ length: 468 }, (_, index) => face[index] ?? { x: 100, y: 100 });
	ring.forEach((index, step) => {
		const angle = (step / ring.length) * 2 * Math.PI;
		points[index] = { x: 100 + radius * Math.cos(angle), y: 100 + radius * Math.sin(angle) };
	});
	return points;
}

test('white, black and the wall behind are told apart', () => {
	const { picture, landmarks } = drawGreys(119, 255);
	const exposure = faceExposure(picture, landmarks);
	expect(exposure.mouthOverShare).toBe(1);
	// The mouth is a sixteenth of the face.
	expect(exposure.overShare).toBeCloseTo(1 / 16, 1);
	expect(exposure.underShare).toBe(0);
	expect(exposure.brightest).toBe(100);
	expect(exposure.contrast).toBe(50);

	const dark = drawGreys(2, 119, 255);
	expect(faceExposure(dark.picture, dark.landmarks)).toMatchObject({ overShare: 0, mouthOverShare: 0, brightest: 50 });
	expect(faceExposure(dark.picture, dark.landmarks).underShare).toBeCloseTo(15 / 16, 1);
});

test('one channel that ran into white keeps a colour, and two do not', () => {
	const { picture, landmarks } = drawGreys(100, 100);
	for (let at = 0; at < picture.data.length; at += 4) picture.data[at] = 255;
	expect(faceExposure(picture, landmarks).overShare).toBe(0);
	for (let at = 1; at < picture.data.length; at += 4) picture.data[at] = 255;
	expect(faceExposure(picture, landmarks).overShare).toBe(1);
});

test('a face that reaches out of the picture is measured by what is in it', () => {
	const { picture, landmarks } = drawGreys(119, 119);
	const moved = landmarks.map(({ x, y }) => ({ x: x - 90, y }));
	expect(faceExposure(picture, moved).contrast).toBeGreaterThanOrEqual(0);
	const gone = landmarks.map(({ x, y }) => ({ x: x - 900, y }));
	expect(faceExposure(picture, gone)).toEqual({
		overShare: 0,
		mouthOverShare: 0,
		underShare: 0,
		brightest: 0,
		contrast: 0,
	});
});

// Dark, medium and light skin.
describe.each(['ines', 'mara', 'jonas'])('%s', (name) => {
	const face = readLandmarks(`${PATIENTS}${name}.json`).faces[0]!;
	const exposed = async (gain: number, offset = 0) =>
		faceExposure(await decode(sharp(`${PATIENTS}${name}.png`).linear(gain, offset)), face);

	test('is well exposed as drawn: bright teeth, nothing lost, some contrast', async () => {
		const exposure = await exposed(1);
		expect(exposure.brightest).toBeGreaterThan(75);
		expect(exposure.overShare + exposure.mouthOverShare).toBeLessThan(0.01);
		expect(exposure.underShare).toBeLessThan(0.05);
		expect(exposure.contrast).toBeGreaterThan(40);
	});

	test('is bright nowhere in a third of the light, and lost between the lips in twice as much', async () => {
		expect((await exposed(0.33)).brightest).toBeLessThan(35);
		expect((await exposed(2)).mouthOverShare).toBeGreaterThan(0.5);
	});

	test('loses its contrast in haze', async () => {
		expect((await exposed(0.25, 120)).contrast).toBeLessThan(16);
	});
});
