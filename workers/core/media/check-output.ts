import { AppError } from '../errors';
import { IMAGE_TYPES, type ImageType } from './image-types';
import { readMp4, type VideoFacts } from './mp4';
import { rewriteImage } from './rewrite-image';
import { sniffImageType } from './sniff-type';

export interface ImageOutput {
	contentType: ImageType;
	/** As displayed. */
	width: number;
	height: number;
}

export interface VideoOutput extends VideoFacts {
	contentType: 'video/mp4';
}

/**
 * Proves by structure what a processor returned, before it is stored. Nothing is rewritten: the mark that says "made
 * by AI" lives in the metadata. Whatever else comes back is `invalid_input`, its reason in `cause`.
 */
export function checkOutput(bytes: Uint8Array, expected: 'image'): ImageOutput;
export function checkOutput(bytes: Uint8Array, expected: 'video'): VideoOutput;
export function checkOutput(bytes: Uint8Array, expected: 'image' | 'video'): ImageOutput | VideoOutput;
export function checkOutput(bytes: Uint8Array, expected: 'image' | 'video'): ImageOutput | VideoOutput {
	try {
		return expected === 'video' ? { contentType: 'video/mp4', ...readMp4(bytes) } : readImage(bytes);
	} catch (cause) {
		if (!(cause instanceof AppError)) throw cause;
		throw new AppError('invalid_input', `The processor returned something that is not one whole ${expected}.`, {
			cause,
		});
	}
}

function readImage(bytes: Uint8Array): ImageOutput {
	const sniffed = sniffImageType(bytes);
	const contentType = IMAGE_TYPES.find((type) => type === sniffed);
	if (contentType === undefined) throw new AppError('unsupported_media_type', 'Its first bytes are not an image.');
	const { width, height } = rewriteImage(bytes, contentType);
	return { contentType, width, height };
}
