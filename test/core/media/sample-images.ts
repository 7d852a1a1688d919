/** Real files of every kind that the sanitiser accepts, made by another library, with everything in them that must not stay. */
import sharp, { type Sharp } from 'sharp';

import { IMAGE_TYPES, type ImageType } from '../../../workers/core/media/image-types';

export interface Sample {
	name: string;
	type: ImageType;
	bytes: Uint8Array;
}

export const CANARY = 'CANARY-Miriam-Example';

/** A picture with gradients and edges, so that coefficients, filters and predictors all have work. */
export function picture(width = 61, height = 43, channels: 1 | 2 | 3 | 4 = 3): Sharp {
	const pixels = Buffer.alloc(width * height * channels);
	for (let index = 0; index < width * height; index++) {
		const [x, y] = [index % width, Math.floor(index / width)];
		const values = [
			(x * 255) / width,
			(y * 255) / height,
			((x >> 3) ^ (y >> 3)) & 1 ? 220 : 40,
			255 - (x * 200) / width,
		];
		for (let channel = 0; channel < channels; channel++) {
			pixels[index * channels + channel] = (channels === 2 && channel === 1 ? values[3] : values[channel])!;
		}
	}
	return sharp(pixels, { raw: { width, height, channels } });
}

function personal(image: Sharp, orientation = 1): Sharp {
	return image
		.withExif({
			IFD0: { Artist: CANARY, Model: 'Phone 9' },
			IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 0/1' },
		})
		.withMetadata({ orientation })
		.withIccProfile('p3')
		.withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="x">${CANARY}</rdf:RDF></x:xmpmeta>`);
}

export async function sampleImages(): Promise<readonly Sample[]> {
	const jpeg = { quality: 90 };
	const builds: Record<string, Sharp> = {
		'jpeg 4:2:0': picture().jpeg(jpeg),
		'jpeg 4:4:4': picture().jpeg({ ...jpeg, chromaSubsampling: '4:4:4' }),
		'jpeg progressive': picture().jpeg({ ...jpeg, progressive: true }),
		'jpeg mozjpeg': picture().jpeg({ ...jpeg, mozjpeg: true }),
		'jpeg grey': picture(33, 20, 1).toColourspace('b-w').jpeg(jpeg),
		'jpeg cmyk': picture().toColourspace('cmyk').jpeg(jpeg),
		'jpeg 1 by 1': picture(1, 1).jpeg(jpeg),
		'jpeg personal': personal(picture()).jpeg(jpeg),
		'png rgb': picture().png(),
		'png rgba': picture(61, 43, 4).png(),
		'png grey': picture(61, 43, 1).toColourspace('b-w').png(),
		'png grey with alpha': picture(61, 43, 2).toColourspace('b-w').png(),
		'png 16 bit': picture().toColourspace('rgb16').png(),
		'png 16 bit grey': picture(61, 43, 1).toColourspace('grey16').png(),
		'png interlaced': picture().png({ progressive: true }),
		'png interlaced 1 by 1': picture(1, 1).png({ progressive: true }),
		'png interlaced 3 by 2': picture(3, 2).png({ progressive: true }),
		'png personal': personal(picture()).png(),
		'webp lossy': picture().webp(),
		'webp lossless': picture().webp({ lossless: true }),
		'webp lossy alpha': picture(61, 43, 4).webp(),
		'webp lossless alpha': picture(61, 43, 4).webp({ lossless: true }),
		'webp odd': picture(1, 1).webp({ lossless: true }),
		'webp personal': personal(picture(60, 41, 4)).webp(),
		'webp lossless personal': personal(picture(60, 41, 4)).webp({ lossless: true }),
	};
	for (const colours of [2, 4, 16, 256]) {
		builds[`png palette of ${colours}`] = picture().png({ palette: true, colours, dither: 0 });
	}
	builds['png palette with alpha'] = picture(61, 43, 4).png({ palette: true });
	for (let orientation = 2; orientation <= 8; orientation++) {
		builds[`jpeg orientation ${orientation}`] = personal(picture(), orientation).jpeg(jpeg);
	}
	return Promise.all(
		Object.entries(builds).map(async ([name, image]) => {
			const type = IMAGE_TYPES.find((candidate) => candidate === `image/${name.split(' ')[0]}`)!;
			return { name, type, bytes: new Uint8Array(await image.toBuffer()) };
		}),
	);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
	return new Uint8Array(Buffer.concat(parts));
}

/** A JPEG with one more segment right behind its start. */
export function withSegment(jpeg: Uint8Array, marker: number, data: Uint8Array | string): Uint8Array {
	const body = Buffer.from(data);
	const head = Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]);
	return joined([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

/** Position of the first segment with this marker. */
export function segmentAt(jpeg: Uint8Array, marker: number): number {
	let at = 2;
	while (jpeg[at + 1] !== marker) {
		if (jpeg[at] !== 0xff) throw new Error(`no segment ${marker}`);
		at += 2 + jpeg[at + 2]! * 256 + jpeg[at + 3]!;
	}
	return at;
}

/** The bytes with some of them replaced. */
export function patched(bytes: Uint8Array, at: number, ...values: readonly number[]): Uint8Array {
	const copy = bytes.slice();
	copy.set(values, at);
	return copy;
}
