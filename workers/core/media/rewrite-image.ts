import type { ImageStructure, ImageType } from './image-types';
import { rewriteJpeg } from './jpeg';
import { rewritePng } from './png';
import { rewriteWebp } from './webp';

const REWRITERS: Record<ImageType, (bytes: Uint8Array) => ImageStructure> = {
	'image/jpeg': rewriteJpeg,
	'image/png': rewritePng,
	'image/webp': rewriteWebp,
};

/** Reads `bytes` as what they are said to be; refuses them when their structure is anything else. */
export function rewriteImage(bytes: Uint8Array, type: ImageType): ImageStructure {
	return REWRITERS[type](bytes);
}
