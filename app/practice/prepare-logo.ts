import { LIMITS } from '../../studios/studio';
import { fitWithin, HEAD_BYTES, kindOf, type PhotoRefusal } from '../upload/photo-rules';

/** Twice the widest place that shows a logo, for dense screens; larger ones would only cost time. */
export const LOGO_SIDE_MAX_PX = 1000;
/** Of the api. A photo as PNG can have more; as JPEG it never does at this size. */
export const LOGO_BYTES_MAX = 2 * 1024 * 1024;
const JPEG_QUALITY = 0.9;

type Prepared = { readonly ok: true; readonly blob: Blob } | { readonly ok: false; readonly refusal: PhotoRefusal };

/** What a picked file is, before it is decoded; null when it may be a logo. */
export function refuseLogoFile(head: Uint8Array, byteLength: number): PhotoRefusal | null {
	const kind = kindOf(head);
	if (kind !== 'png' && kind !== 'jpeg' && kind !== 'webp') {
		return {
			heading: 'This file cannot be a logo',
			sentence: 'Choose a PNG, JPEG or WebP picture. Export an SVG, PDF or HEIC file as PNG first.',
		};
	}
	if (byteLength > LIMITS.uploadBytesMax) {
		return { heading: 'This picture is too large', sentence: 'It has more than 25 MB. Save it smaller, as PNG.' };
	}
	return null;
}

/**
 * Draws the picked file anew, at most 1000 px a side and without anything written beside its pixels. What is see-through
 * stays so. Nothing leaves the device here.
 */
export async function prepareLogo(file: Blob): Promise<Prepared> {
	const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
	const refusal = refuseLogoFile(head, file.size);
	if (refusal !== null) return { ok: false, refusal };
	const bitmap = await decode(file);
	if (bitmap === null) return { ok: false, refusal: DAMAGED };
	const canvas = document.createElement('canvas');
	Object.assign(canvas, fitWithin(bitmap, LOGO_SIDE_MAX_PX));
	const pen = canvas.getContext('2d');
	if (pen === null) return { ok: false, refusal: DAMAGED };
	pen.imageSmoothingQuality = 'high';
	pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
	bitmap.close();
	const png = await encode(canvas, 'image/png');
	if (png !== null && png.size <= LOGO_BYTES_MAX) return { ok: true, blob: png };
	// JPEG has nothing see-through, and what is left of it would turn black.
	pen.globalCompositeOperation = 'destination-over';
	pen.fillStyle = '#fff';
	pen.fillRect(0, 0, canvas.width, canvas.height);
	const jpeg = await encode(canvas, 'image/jpeg');
	return jpeg === null ? { ok: false, refusal: DAMAGED } : { ok: true, blob: jpeg };
}

const DAMAGED: PhotoRefusal = {
	heading: 'This picture cannot be opened',
	sentence: 'The file is damaged, or only part of it is here. Choose the original again.',
};

async function decode(file: Blob): Promise<ImageBitmap | null> {
	try {
		return await createImageBitmap(file, { imageOrientation: 'from-image' });
	} catch {
		return null;
	}
}

function encode(canvas: HTMLCanvasElement, type: 'image/png' | 'image/jpeg'): Promise<Blob | null> {
	return new Promise((resolve) => {
		canvas.toBlob(resolve, type, JPEG_QUALITY);
	});
}
