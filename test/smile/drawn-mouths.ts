import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { z } from 'zod';
import { LINEAR_OF_BYTE, byteOfLinear } from '../../smile/colour';
import type { Face } from '../../smile/landmarks';
import type { Picture } from '../../smile/picture';
import { isShade, type Shade } from '../../smile/shades';
import { decode, readLandmarks } from './sample-faces';

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));

const List = z.array(
	z.object({
		name: z.string(),
		patient: z.string(),
		skin: z.string(),
		kind: z.enum(['plain', 'gums', 'braces']),
		shade: z.custom<Shade>((value) => typeof value === 'string' && isShade(value)),
		box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
	}),
);

/** A mouth drawn by `scripts/draw-patients/draw-mouths.ts`: its pixels, its lips and which pixels are truly tooth. */
export interface KnownMouth {
	readonly name: string;
	/** Whose form and pose it has. */
	readonly like: string;
	readonly skin: string;
	readonly shade: Shade;
	/** What else lies between the lips. */
	readonly kind: 'plain' | 'gums' | 'braces';
	readonly picture: Picture;
	readonly face: Face;
	readonly isTooth: (at: number) => boolean;
}

/** The drawn mouths: of each kind one for each tone of skin, from very light to very dark. */
export async function readMouths(): Promise<KnownMouth[]> {
	const listed = List.parse(JSON.parse(readFileSync(`${FIXTURES}mouths/mouths.json`, 'utf8')));
	return Promise.all(
		listed.map(async ({ name, patient, skin, shade, kind, box }) => {
			const picture = await decode(sharp(`${FIXTURES}mouths/${name}.png`));
			const truth = await sharp(`${FIXTURES}mouths/${name}.teeth.png`).extractChannel(0).raw().toBuffer();
			const [face = []] = readLandmarks(`${FIXTURES}patients/${patient}.json`).faces;
			const moved = face.map(({ x, y }) => ({ x: x - box.x, y: y - box.y }));
			return {
				name,
				like: patient,
				skin,
				shade,
				kind,
				picture,
				face: moved,
				isTooth: (at: number) => (truth[at] ?? 0) > 127,
			};
		}),
	);
}

/** Light that falls on a photo: a factor for each primary. */
export const LIGHTS = {
	neutral: [1, 1, 1],
	warm: [1.12, 0.98, 0.72],
	cold: [0.86, 0.98, 1.2],
	pink: [1.1, 0.88, 1.02],
	dim: [0.45, 0.45, 0.45],
	bright: [1.3, 1.3, 1.3],
} as const satisfies Record<string, readonly [number, number, number]>;

/** The same picture in another light. */
export function inLight(picture: Picture, light: readonly [number, number, number]): Picture {
	const data = picture.data.map((byte, at) => {
		const factor = light[at % 4];
		return factor === undefined ? byte : byteOfLinear((LINEAR_OF_BYTE[byte] ?? 0) * factor);
	});
	return { ...picture, data };
}
