import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { createFaceMesh } from '../../emulators/face-mesh/face-mesh';
import { mouthOf, type Face } from '../../smile/landmarks';
import type { Picture } from '../../smile/picture';
import { whitenSmile } from '../../smile/retouch';
import type { Shade } from '../../smile/shades';
import type { TeethMask } from '../../smile/teeth-mask';
import type { Drawing } from './render';

const FIXTURES = fileURLToPath(new URL('../../test/fixtures/patients/', import.meta.url));
const SAMPLES = fileURLToPath(new URL('../../public/samples/', import.meta.url));

/** A page shows up to four samples, so each has to be light. */
const PHOTO_BYTES_MAX = 90_000;

/** Writes the picture and its two true masks, losslessly. */
export async function keepDrawing(name: string, drawing: Drawing): Promise<void> {
	await mkdir(FIXTURES, { recursive: true });
	const { width, height } = drawing;
	const write = (bytes: Uint8Array, channels: 1 | 3, file: string) =>
		sharp(Buffer.from(bytes), { raw: { width, height, channels } })
			.png({ compressionLevel: 9, effort: 10 })
			.toFile(`${FIXTURES}${file}`);
	await write(drawing.rgb, 3, `${name}.png`);
	await write(drawing.teeth, 1, `${name}.teeth.png`);
	await write(drawing.mouth, 1, `${name}.mouth.png`);
}

function asPicture({ width, height, rgb }: Drawing): Picture {
	const data = new Uint8ClampedArray(width * height * 4).fill(255);
	for (let at = 0; at < width * height; at++) data.set(rgb.subarray(at * 3, at * 3 + 3), at * 4);
	return { width, height, data };
}

function tenth(value: number): number {
	return Math.round(value * 10) / 10;
}

/** Finds the face in the drawing and writes its landmarks, in pixels to a tenth. */
export async function keepLandmarks(name: string, drawing: Drawing): Promise<readonly Face[]> {
	const mesh = await createFaceMesh();
	const faces = await mesh.find(asPicture(drawing));
	const points = faces.map((face) => face.map(({ x, y, z = 0 }) => [tenth(x), tenth(y), tenth(z)]));
	const json = JSON.stringify({ w: drawing.width, h: drawing.height, faces: points });
	await writeFile(`${FIXTURES}${name}.json`, `${json}\n`);
	return faces;
}

async function writePhoto(picture: Picture, file: string): Promise<void> {
	const { width, height, data } = picture;
	const image = sharp(Buffer.from(data), { raw: { width, height, channels: 4 } }).removeAlpha();
	for (let quality = 86; quality >= 60; quality -= 4) {
		const bytes = await image.clone().jpeg({ quality, mozjpeg: true }).toBuffer();
		if (bytes.length > PHOTO_BYTES_MAX) continue;
		await writeFile(`${SAMPLES}${file}`, bytes);
		return;
	}
	throw new Error(`${file} is over ${PHOTO_BYTES_MAX} bytes at any quality that still shows teeth.`);
}

/** Share of tooth pixels that the product's mask and the true one have in common. */
function overlap(drawing: Drawing, { box, alpha }: TeethMask): number {
	let [both, either] = [0, 0];
	for (let at = 0; at < drawing.teeth.length; at++) {
		const column = (at % drawing.width) - box.x;
		const row = Math.floor(at / drawing.width) - box.y;
		const within = column >= 0 && row >= 0 && column < box.width && row < box.height;
		const found = within && (alpha[row * box.width + column] ?? 0) > 0.5;
		const real = (drawing.teeth[at] ?? 0) > 127;
		if (found && real) both++;
		if (found || real) either++;
	}
	return either === 0 ? 0 : both / either;
}

/** Writes the photo for pages and, where the mouth is open, the same in a lighter shade. Tells what was measured. */
export async function keepPhotos(
	name: string,
	drawing: Drawing,
	faces: readonly Face[],
	shades: { from: Shade; to: Shade },
): Promise<string> {
	await mkdir(SAMPLES, { recursive: true });
	const picture = asPicture(drawing);
	const whitened = whitenSmile(picture, faces, shades);
	if (!whitened.ok) return `refused: ${whitened.refusal.message}`;
	await writePhoto(picture, `${name}.jpg`);
	await writePhoto(whitened.after, `${name}-after.jpg`);
	const [face] = faces;
	const { widthPx, openness } = face ? mouthOf(face) : { widthPx: 0, openness: 0 };
	const figure = overlap(drawing, whitened.mask).toFixed(3);
	return `IoU ${figure}, mouth ${widthPx.toFixed(0)} px, openness ${openness.toFixed(2)}, ${shades.from} to ${shades.to}`;
}
