import { readFile } from 'node:fs/promises';

import sharp from 'sharp';
import { z } from 'zod';

import { findTeeth, recolourTeeth } from '../app/smile-lab/smile-work';
import { fromRoot } from '../scripts/root';
import type { Face } from '../smile/landmarks';
import type { Picture } from '../smile/picture';
import { whitenSmile } from '../smile/retouch';
import { atMost, quantile, type Row } from './row';

const RUNS = 30;
const WARM_UPS = 5;
/** The side a preview works at: the photo as a phone shows it, and as the emulated processor takes it at most. */
const SIDE = 2048;
const PREVIEW_MS_MAX = 100;
/** 12 megapixels in the patient's shape, as a phone takes them. */
const PHOTO_SIDE = 3872;

const Landmarks = z.object({ faces: z.array(z.array(z.tuple([z.number(), z.number(), z.number()]))) });

function patientFile(ending: 'png' | 'json'): string {
	return fromRoot('test', 'fixtures', 'patients', `mara.${ending}`);
}

async function drawnPatient(side: number): Promise<{ picture: Picture; faces: Face[] }> {
	const { height } = await sharp(patientFile('png')).metadata();
	const scale = side / height;
	const { data, info } = await sharp(patientFile('png'))
		.resize({ height: side })
		.ensureAlpha()
		.raw()
		.toBuffer({ resolveWithObject: true });
	const { faces } = Landmarks.parse(JSON.parse(await readFile(patientFile('json'), 'utf8')));
	return {
		picture: { width: info.width, height: info.height, data: new Uint8ClampedArray(data) },
		faces: faces.map((face) => face.map(([x, y]) => ({ x: x * scale, y: y * scale }))),
	};
}

/** Median milliseconds of `work`, after it was compiled. */
function timeOf(work: () => void): number {
	for (let index = 0; index < WARM_UPS; index += 1) work();
	const times = Array.from({ length: RUNS }, () => {
		const startedAt = performance.now();
		work();
		return performance.now() - startedAt;
	});
	return quantile(times, 0.5);
}

/** Finding the teeth and changing their shade, once the face is known: what every move of the shade rail costs. */
export async function run(): Promise<Row[]> {
	const { picture, faces } = await drawnPatient(SIDE);
	const shades = { from: 'A3', to: 'BL2' } as const;
	const whitened = whitenSmile(picture, faces, shades);
	if (!whitened.ok) throw new Error(`The drawn patient was refused: ${whitened.refusal.message}`);
	const { box } = whitened.mask;
	const megapixels = (box.width * box.height) / 1_000_000;
	let kept = 0;
	const copyMs = timeOf(() => {
		kept += new Uint8ClampedArray(picture.data).length;
	});
	const changeMs = timeOf(() => {
		const again = whitenSmile(picture, faces, shades);
		kept += again.ok ? again.after.data.length : 0;
	});
	if (kept === 0) throw new Error('Nothing was copied.');
	const comparedWith = `plain copy of ${picture.width} × ${picture.height}, ${copyMs.toFixed(1)} ms`;
	return [
		{
			what: `shade change, ${picture.width} × ${picture.height}`,
			figure: changeMs,
			unit: 'ms',
			comparedWith,
			ratio: changeMs / copyMs,
			budget: atMost(PREVIEW_MS_MAX, changeMs, ' ms'),
		},
		{
			what: `shade change by lip box of ${box.width} × ${box.height}`,
			figure: (changeMs - copyMs) / megapixels,
			unit: 'ms/MP',
			comparedWith,
		},
		await previewRow(),
	];
}

/** What each move of a slider costs once the teeth of a photo were cut out: recolouring, and a copy to and from the worker. */
async function previewRow(): Promise<Row> {
	const { picture, faces } = await drawnPatient(PHOTO_SIDE);
	const found = findTeeth(picture, faces);
	if (!found.ok) throw new Error(`The drawn patient was refused: ${found.refusal.message}`);
	const { cut } = found;
	let kept = 0;
	const copyMs = timeOf(() => {
		kept += structuredClone(cut).picture.data.length;
	});
	const previewMs = timeOf(() => {
		const sent = structuredClone(cut);
		const part = recolourTeeth({ cut: sent, from: 'A3', to: 'BL2', strength: 85, evenness: 20 });
		kept += structuredClone(part).data.length;
	});
	if (kept === 0) throw new Error('Nothing was drawn.');
	return {
		what: `shade preview, ${picture.width} × ${picture.height}, teeth ${cut.box.width} × ${cut.box.height}`,
		figure: previewMs,
		unit: 'ms',
		comparedWith: `copying the teeth, ${copyMs.toFixed(1)} ms`,
		ratio: previewMs / copyMs,
		budget: atMost(PREVIEW_MS_MAX, previewMs, ' ms'),
	};
}
