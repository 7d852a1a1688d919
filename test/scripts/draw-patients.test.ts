import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { drawHere } from '../../scripts/draw-patients/render';
import { patients } from '../../scripts/draw-patients/variants';
import { readLandmarks } from '../smile/sample-faces';

const FIXTURES = fileURLToPath(new URL('../fixtures/patients/', import.meta.url));
const SAMPLES = fileURLToPath(new URL('../../public/samples/', import.meta.url));

const smiles = patients.filter((patient) => patient.mouth.open > 0);

describe.each(smiles)('drawn patient $name, small', (patient) => {
	const drawing = drawHere(patient, 48, 60, 1);

	test('is the same picture when drawn again', () => {
		expect(drawHere(patient, 48, 60, 1)).toEqual(drawing);
	});

	test('shows teeth, and all of them are between the lips', () => {
		const teeth = [...drawing.teeth.keys()].filter((at) => drawing.teeth[at]! > 0);
		expect(teeth.length).toBeGreaterThan(0);
		expect(teeth.filter((at) => drawing.mouth[at] === 0)).toEqual([]);
	});
});

test('a closed mouth has no teeth to see', () => {
	const shut = patients.filter((patient) => patient.mouth.open === 0);
	expect(shut.map(({ name }) => name)).toEqual(['closed']);
	const { teeth, mouth } = drawHere(shut[0]!, 48, 60, 1);
	expect(teeth.some((share) => share > 0)).toBe(false);
	expect(mouth.some((share) => share > 0)).toBe(false);
});

describe.each(patients)('kept pictures of $name', ({ name }) => {
	test('picture, masks and landmarks have one size, and one face was found', async () => {
		const sizes = await Promise.all(
			['', '.teeth', '.mouth'].map(async (part) => {
				const { width, height } = await sharp(`${FIXTURES}${name}${part}.png`).metadata();
				return [width, height];
			}),
		);
		expect(sizes).toEqual([
			[768, 960],
			[768, 960],
			[768, 960],
		]);
		const { width, height, faces } = readLandmarks(`${FIXTURES}${name}.json`);
		expect([width, height]).toEqual([768, 960]);
		expect(faces.map((face) => face.length)).toEqual([468]);
	});
});

test.each(smiles)('$name has a photo before and one after, light enough for a page', async ({ name }) => {
	const photos = await Promise.all(
		['', '-after'].map((part) => sharp(`${SAMPLES}${name}${part}.jpg`).toBuffer({ resolveWithObject: true })),
	);
	expect(photos.map(({ info }) => [info.format, info.width, info.height])).toEqual([
		['jpeg', 768, 960],
		['jpeg', 768, 960],
	]);
	const files = await Promise.all(['', '-after'].map((part) => stat(`${SAMPLES}${name}${part}.jpg`)));
	expect(Math.max(...files.map(({ size }) => size))).toBeLessThanOrEqual(90_000);
});
