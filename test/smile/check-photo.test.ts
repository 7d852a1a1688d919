import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { checkPhoto, type PhotoCheck } from '../../smile/check-photo';
import type { Face } from '../../smile/landmarks';
import { wordsOn } from './drawn-words';
import { decode, isSampleThere, readLandmarks, readSample } from './sample-faces';

const PATIENTS = fileURLToPath(new URL('../fixtures/patients/', import.meta.url));
const SMILES = ['mara', 'jonas', 'ines'] as const;

function faceOf(name: string): Face {
	return readLandmarks(`${PATIENTS}${name}.json`).faces[0]!;
}

/** The check of a drawn patient, after the picture and the face were changed. */
async function checked(
	name: string,
	change: (image: Sharp) => Sharp = (image) => image,
	changeFace: (face: Face) => Face = (face) => face,
): Promise<PhotoCheck> {
	// Through a file, for sharp orders the steps of one chain by itself.
	const changed = await change(sharp(`${PATIENTS}${name}.png`))
		.png()
		.toBuffer();
	return checkPhoto(await decode(sharp(changed)), [changeFace(faceOf(name))]);
}

function codes({ findings }: PhotoCheck): string[] {
	return findings.map(({ code }) => code);
}

describe.each(SMILES)('%s', (name) => {
	test('is good as drawn', async () => {
		expect(await checked(name)).toEqual({ verdict: 'good', findings: [] });
	});

	test('is usable and told why when dark, bright, hazy or out of focus', async () => {
		const dark = await checked(name, (image) => image.linear(0.4, 0));
		const bright = await checked(name, (image) => image.linear(1.4, 0));
		const hazy = await checked(name, (image) => image.linear(0.25, 120));
		const soft = await checked(name, (image) => image.blur(5));
		expect([dark, bright, hazy, soft].map(codes)).toEqual([
			['underexposed'],
			['overexposed'],
			['flat_light'],
			['soft'],
		]);
		expect([dark, bright, hazy, soft].map(({ verdict }) => verdict)).toEqual(Array(4).fill('usable'));
	});
});

test('a smile blurred by a third of a tooth is refused', async () => {
	const check = await checked('mara', (image) => image.blur(9));
	expect(check.verdict).toBe('refused');
	expect(codes(check)).toContain('blurred');
});

test('a closed mouth, no face and two faces are refused as the retouch refuses them', async () => {
	const picture = await decode(sharp(`${PATIENTS}mara.png`));
	const face = faceOf('mara');
	expect(checkPhoto(picture, [])).toMatchObject({ verdict: 'refused', findings: [{ code: 'no_face' }] });
	expect(checkPhoto(picture, [face, face])).toMatchObject({
		verdict: 'refused',
		findings: [{ code: 'several_faces' }],
	});
	const closed = await checked('closed');
	expect(closed).toMatchObject({ verdict: 'refused', findings: [{ code: 'mouth_closed', severity: 'refusal' }] });
	expect(closed.findings[0]!.message).toContain('Choose a photo with a smile.');
});

function slope(degrees: number): number {
	return Math.tan((degrees * Math.PI) / 180);
}

/** The same picture with a face whose depth leans, as that of a turned, raised or leaning head does. */
function leaning(across: number, down: number): (face: Face) => Face {
	return (face) => {
		const [middleX, middleY] = [face[168]!.x, face[168]!.y];
		return face.map(({ x, y, z = 0 }) => ({
			x,
			y,
			z: z + slope(across) * (x - middleX) + slope(down) * (y - middleY),
		}));
	};
}

test('a turned and a raised head are told in degrees, with what to do', async () => {
	const turned = await checked('ines', undefined, leaning(35, 0));
	const raised = await checked('ines', undefined, leaning(0, 50));
	expect([turned, raised].map(codes)).toEqual([['head_turned'], ['head_raised']]);
	expect(turned.findings[0]!.message).toMatch(/turned \d+° to the side.* look straight into the camera\.$/);
	expect(turned.findings[0]!.measure).toMatchObject({ limit: 12, unit: 'degrees' });
	expect(raised.findings[0]!.message).toMatch(/(raised|lowered) by about \d+°/);
});

/** The face tilted clockwise about the middle of a picture of 768 × 960. */
function tilted(face: Face, degrees: number): Face {
	const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
	return face.map((point) => {
		const [x, y] = [point.x - 384, point.y - 480];
		return { ...point, x: 384 + x * cos - y * sin, y: 480 + x * sin + y * cos };
	});
}

test('a leaning head is told, whichever way the camera was held', async () => {
	// Enlarged by the turn, and cut back to the size the landmarks were turned in.
	const whole = await sharp(`${PATIENTS}jonas.png`).rotate(18, { background: '#9aa0a4' }).png().toBuffer();
	const { width, height } = await sharp(whole).metadata();
	const middle = { left: Math.round((width - 768) / 2), top: Math.round((height - 960) / 2), width: 768, height: 960 };
	const picture = await decode(sharp(await sharp(whole).extract(middle).png().toBuffer()));
	const check = checkPhoto(picture, [tilted(faceOf('jonas'), 18)]);
	expect(codes(check)).toContain('head_tilted');
	expect(check.verdict).toBe('usable');
});

test('a small face and a small mouth warn, and less than a tooth’s six pixels is refused', async () => {
	const shrunk = (width: number) =>
		checked(
			'mara',
			(image) => image.resize(width),
			(face) => face.map(({ x, y, z = 0 }) => ({ x: (x * width) / 768, y: (y * width) / 768, z: (z * width) / 768 })),
		);
	expect(codes(await shrunk(300))).toEqual(['mouth_small']);
	expect(await shrunk(150)).toMatchObject({ verdict: 'refused', findings: [{ code: 'mouth_too_small' }] });

	const far = await checked(
		'mara',
		(image) => image.extend({ top: 900, bottom: 900, left: 900, right: 900, background: '#9aa0a4' }),
		(face) => face.map((point) => ({ ...point, x: point.x + 900, y: point.y + 900 })),
	);
	expect(codes(far)).toEqual(['face_small']);
});

test('a face cut off by the edge is told', async () => {
	const check = await checked(
		'mara',
		(image) => image.extract({ left: 0, top: 420, width: 768, height: 540 }),
		(face) => face.map((point) => ({ ...point, y: point.y - 420 })),
	);
	expect(codes(check)).toContain('face_cut');
	expect(check.verdict).toBe('usable');
});

test('words warn with their place, also beside a refusal, and never refuse', async () => {
	const label = wordsOn(
		{ width: 768, height: 960 },
		{ text: 'MARTHA 1984', x: 20, y: 900, height: 28, ink: '#111', paper: '#fff' },
	);
	const smile = await checked('mara', (image) => image.composite([{ input: label }]));
	const closed = await checked('closed', (image) => image.composite([{ input: label }]));
	expect(smile).toMatchObject({ verdict: 'usable', findings: [{ code: 'writing', severity: 'warning' }] });
	expect(smile.findings[0]!.message).toMatch(/^Something at the bottom( left)? looks like writing\./);
	expect(codes(closed)).toEqual(['mouth_closed', 'writing']);
});

test('every sentence says what to do, in plain words', async () => {
	const all = await Promise.all([
		checked('mara', (image) => image.linear(0.4, 0)),
		checked('mara', (image) => image.linear(1.4, 0)),
		checked('mara', (image) => image.blur(5)),
		checked('closed'),
	]);
	for (const { message } of all.flatMap(({ findings }) => findings)) {
		expect(message).toMatch(/^[A-Z0-9].*[a-z %°]\. .*\.$/);
		expect(message).not.toMatch(/please|sorry|oops|!|—/i);
	}
});

test.skipIf(!isSampleThere('astronaut.png'))(
	'a real smile with a small mouth is usable, and a closed one refused',
	async () => {
		const astronaut = await readSample('astronaut.png');
		const luciano = await readSample('codait_Luciano.png');
		expect(codes(checkPhoto(astronaut.picture, astronaut.faces))).toEqual(['mouth_small', 'face_small']);
		expect(checkPhoto(luciano.picture, luciano.faces)).toMatchObject({
			verdict: 'refused',
			findings: [{ code: 'mouth_closed' }],
		});
	},
);
