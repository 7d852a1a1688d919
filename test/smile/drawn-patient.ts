import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { moved, resample, type Similarity } from '../../smile/align-pair';
import type { Face } from '../../smile/landmarks';
import type { Picture } from '../../smile/picture';
import { decode, readLandmarks } from './sample-faces';

const PATIENTS = fileURLToPath(new URL('../fixtures/patients/', import.meta.url));

export interface DrawnPatient {
	readonly picture: Picture;
	readonly face: Face;
}

/** A drawn patient, 768 by 960 pixels, with its one face. */
export async function readPatient(name: string): Promise<DrawnPatient> {
	const picture = await decode(sharp(`${PATIENTS}${name}.png`));
	const [face] = readLandmarks(`${PATIENTS}${name}.json`).faces;
	if (face === undefined) throw new Error(`${name} has no face.`);
	return { picture, face };
}

/** The patient as another photo of the same sitting would show it: turned, scaled and moved, in a frame of its own size. */
export function photographed(
	{ picture, face }: DrawnPatient,
	transform: Similarity,
	size: { width: number; height: number } = picture,
): DrawnPatient {
	return {
		picture: resample(picture, transform, { x: 0, y: 0, width: size.width, height: size.height }),
		face: face.map((point) => moved(point, transform)),
	};
}
