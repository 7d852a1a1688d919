import { AppError } from '../errors';
import { IMAGE_BYTES_MAX, IMAGE_TYPES, type ImageType, type PngPixels } from './image-types';
import { rewriteImage } from './rewrite-image';
import { sniffImageType, TYPE_NAMES, type SniffedType } from './sniff-type';

const CHOOSE = 'Choose a photo: JPEG, PNG or WebP.';

export interface SanitizedImage {
	contentType: ImageType;
	/** As displayed: already swapped when the orientation lays the photo on its side. */
	width: number;
	height: number;
	byteLength: number;
	/** The file without metadata, in order; views into the input, so the input must stay unchanged. */
	parts: readonly Uint8Array[];
	/** A PNG's pixel data, which `checkPngPixels` inflates to the last byte; null for the other formats. */
	png: PngPixels | null;
}

/**
 * Proves by structure that `bytes` are one still image of the declared type and leaves out every byte that the picture
 * does not need: EXIF, GPS, XMP, IPTC, thumbnails, comments, whatever stands behind the end (U2, U3). No pixel is decoded, so
 * the picture stays identical; cleaning a clean file gives the same bytes.
 *
 * Refuses with `unsupported_media_type` (another type, a wrong declaration, an animation), `payload_too_large` (over
 * 25 MB, 50 megapixels or 12,000 pixels a side) or `invalid_input` (cut or broken).
 */
export function sanitizeImage(bytes: Uint8Array, declared: ImageType): SanitizedImage {
	if (bytes.length > IMAGE_BYTES_MAX) {
		throw new AppError('payload_too_large', 'This photo is larger than 25 MB. Make it smaller.');
	}
	if (bytes.length === 0) throw new AppError('invalid_input', `This file is empty. ${CHOOSE}`);
	const found = sniffImageType(bytes);
	if (found !== declared) throw notAsDeclared(found, declared);
	const { width, height, parts, png } = rewriteImage(bytes, declared);
	const byteLength = parts.reduce((sum, part) => sum + part.length, 0);
	return { contentType: declared, width, height, byteLength, parts, png: png ?? null };
}

function notAsDeclared(found: SniffedType | null, declared: ImageType): AppError {
	if (found === null) return new AppError('unsupported_media_type', `This file is not a photo. ${CHOOSE}`);
	if (found === 'image/heic') {
		return new AppError(
			'unsupported_media_type',
			'This file is HEIC. Choose it in the browser, which turns it into JPEG, or export it as JPEG.',
		);
	}
	if (IMAGE_TYPES.some((type) => type === found)) {
		return new AppError(
			'unsupported_media_type',
			`This file is ${TYPE_NAMES[found]}, and it was announced as ${TYPE_NAMES[declared]}. Announce ${found}.`,
		);
	}
	return new AppError('unsupported_media_type', `This file is ${TYPE_NAMES[found]}. ${CHOOSE}`);
}
