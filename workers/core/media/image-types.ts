import { AppError } from '../errors';

/** What an upload may be: the formats whose structure this folder can prove and rewrite. */
export const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;

export type ImageType = (typeof IMAGE_TYPES)[number];

/** A phone's largest photo stays under this; the body is held whole in a 128 MB isolate, once. */
export const IMAGE_BYTES_MAX = 25 * 1024 * 1024;
/** 50 megapixels. Checked on the header, before anything is allocated for pixels (U4). */
export const IMAGE_PIXELS_MAX = 50_000_000;
export const IMAGE_SIDE_MAX = 12_000;
/** Profiles of cameras and screens have 0.5 to 4 kB; larger ones are print tables, and room to hide things in. */
export const ICC_BYTES_MAX = 64 * 1024;

/** What one format's reader found, and which bytes remain. Width and height are as displayed. */
export interface ImageStructure {
	width: number;
	height: number;
	/** The file without metadata, as views into the input and a few fresh headers. */
	parts: readonly Uint8Array[];
	/** Only of a PNG. */
	png?: PngPixels;
}

export interface PngPixels {
	pixelData: readonly Uint8Array[];
	/** How many bytes the pixel data must inflate to, filter bytes included. */
	inflatedByteLength: number;
}

/** The file is not what its format demands. `detail` ends the sentence "This photo is damaged: …". */
export function damaged(detail: string): AppError {
	return new AppError('invalid_input', `This photo is damaged: ${detail}. Choose the original file again.`);
}

export function endsTooEarly(): AppError {
	return damaged('its data ends too early');
}

export function animated(): AppError {
	return new AppError('unsupported_media_type', 'This file is an animation. Choose a still photo: JPEG, PNG or WebP.');
}

/** Refuses what would not fit a decoder's memory; called on header fields, before the rest of the file is read. */
export function checkDimensions(width: number, height: number): void {
	if (width === 0 || height === 0) throw damaged('it says that it has no pixels');
	if (width > IMAGE_SIDE_MAX || height > IMAGE_SIDE_MAX) {
		throw new AppError(
			'payload_too_large',
			`This photo is ${width} × ${height} pixels. A side has at most ${IMAGE_SIDE_MAX} pixels. Make it smaller.`,
		);
	}
	if (width * height > IMAGE_PIXELS_MAX) {
		throw new AppError(
			'payload_too_large',
			`This photo has ${Math.ceil((width * height) / 1_000_000)} megapixels. ` +
				`The most is ${IMAGE_PIXELS_MAX / 1_000_000}. Make it smaller.`,
		);
	}
}
