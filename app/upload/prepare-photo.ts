import {
	checkFile,
	fitWithin,
	HEAD_BYTES,
	JPEG_QUALITY,
	LONG_SIDE_MAX_PX,
	refuseSize,
	unreadable,
	wordsOfWork,
	type PhotoKind,
	type PhotoRefusal,
} from './photo-rules';

export interface PreparedPhoto {
	readonly blob: Blob;
	readonly width: number;
	readonly height: number;
	/** What was done on this device, in words. */
	readonly done: readonly string[];
}

type Preparation =
	| { readonly ok: true; readonly photo: PreparedPhoto }
	| { readonly ok: false; readonly refusal: PhotoRefusal };

/**
 * Draws the picked file anew as a JPEG: upright, at most 4096 px a side, and without anything that was written into the
 * file beside its pixels. Nothing leaves the device here.
 */
export async function preparePhoto(file: Blob): Promise<Preparation> {
	const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
	const checked = checkFile(head, file.size);
	if (!checked.ok) return checked;

	const bitmap = await decode(file, checked.kind);
	if (bitmap === null) return { ok: false, refusal: unreadable(checked.kind) };
	const from = { width: bitmap.width, height: bitmap.height };
	const refusal = refuseSize(from);
	if (refusal !== null) {
		bitmap.close();
		return { ok: false, refusal };
	}
	const to = fitWithin(from, LONG_SIDE_MAX_PX);
	const blob = await drawAsJpeg(bitmap, to);
	if (blob === null) return { ok: false, refusal: unreadable(checked.kind) };
	return { ok: true, photo: { blob, ...to, done: wordsOfWork({ kind: checked.kind, from, to }) } };
}

/** `null` for pixels that no decoder here can read. Safari knows HEIC; elsewhere its decoder comes when it is needed. */
async function decode(file: Blob, kind: PhotoKind): Promise<ImageBitmap | null> {
	try {
		return await createImageBitmap(file, { imageOrientation: 'from-image' });
	} catch {
		if (kind !== 'heic') return null;
	}
	// Said for the build: the server's bundle has no use for three megabytes of a decoder it never runs.
	if (import.meta.env.SSR) return null;
	try {
		const { heicTo } = await import('heic-to/csp');
		return await heicTo({ blob: file, type: 'bitmap' });
	} catch {
		return null;
	}
}

async function drawAsJpeg(bitmap: ImageBitmap, to: { width: number; height: number }): Promise<Blob | null> {
	const canvas = document.createElement('canvas');
	canvas.width = to.width;
	canvas.height = to.height;
	const pen = canvas.getContext('2d');
	if (pen === null) return null;
	// JPEG has no transparency, and what is left of it would turn black.
	pen.fillStyle = '#fff';
	pen.fillRect(0, 0, to.width, to.height);
	pen.imageSmoothingQuality = 'high';
	pen.drawImage(bitmap, 0, 0, to.width, to.height);
	bitmap.close();
	return new Promise((resolve) => {
		canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY);
	});
}
