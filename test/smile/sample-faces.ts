// The sample photographs lie beside the project and show real people, so they are not part of it: a test that needs one
// skips itself, by the photo's name, where it is absent.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { z } from 'zod';
import type { Face } from '../../smile/landmarks';
import type { Picture } from '../../smile/picture';

const FACES = fileURLToPath(new URL('../../../shared/faces/', import.meta.url));

const Landmarks = z.object({
	w: z.number(),
	h: z.number(),
	faces: z.array(z.array(z.tuple([z.number(), z.number(), z.number()]))),
});

export interface LandmarkFile {
	width: number;
	height: number;
	faces: Face[];
}

export function isSampleThere(name: string): boolean {
	return existsSync(`${FACES}${name}`) && existsSync(`${FACES}landmarks/${name}.json`);
}

/** A sample photo with its detected faces, turned upright unless `asStored`, and blurred by `blurPx` when that is given. */
export async function readSample(
	name: string,
	options: { asStored?: boolean; blurPx?: number } = {},
): Promise<{ picture: Picture; faces: Face[] }> {
	let image = sharp(`${FACES}${name}`);
	if (!options.asStored) image = image.rotate();
	if (options.blurPx) image = image.blur(options.blurPx);
	return { picture: await decode(image), faces: readLandmarks(`${FACES}landmarks/${name}.json`).faces };
}

export function readLandmarks(path: string): LandmarkFile {
	const { w, h, faces } = Landmarks.parse(JSON.parse(readFileSync(path, 'utf8')));
	return { width: w, height: h, faces: faces.map((face) => face.map(([x, y, depth]) => ({ x, y, z: depth }))) };
}

export async function decode(image: Sharp): Promise<Picture> {
	const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
	return { width: info.width, height: info.height, data: new Uint8ClampedArray(data) };
}
