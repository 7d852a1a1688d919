import type { Box } from '../picture';

/**
 * Pixels as H.264 players expect them: BT.709, 8 bits, limited range (ITU-R BT.709-6 §3.5: black 16, white 235, chroma 16
 * to 240), one chroma sample for 2 × 2 pixels. A browser that is handed a canvas writes full range instead, and a player
 * that ignores that mark shows raised contrast.
 */
export interface I420Frame {
	readonly width: number;
	readonly height: number;
	/** All Y, then all U, then all V. */
	readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A black frame; both sides are even. */
export function emptyI420(width: number, height: number): I420Frame {
	if (width % 2 !== 0 || height % 2 !== 0) throw new RangeError('I420 needs an even width and height.');
	const bytes = new Uint8Array((width * height * 3) / 2).fill(128);
	bytes.fill(16, 0, width * height);
	return { width, height, bytes };
}

/**
 * Puts opaque RGBA pixels into `frame` at `box`, whose edges are all even and lie in the frame. `rgba` has the pixels of
 * the box alone.
 */
export function writeI420(frame: I420Frame, rgba: Uint8ClampedArray, box: Box): void {
	if ([box.x, box.y, box.width, box.height].some((edge) => edge % 2 !== 0)) {
		throw new RangeError('A part of an I420 frame has even edges, since four pixels share their colour.');
	}
	if (rgba.length < box.width * box.height * 4) throw new RangeError('There are too few pixels for the box.');
	// Four bytes at once: a quarter of the reads.
	const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, box.width * box.height);
	const { width, height, bytes } = frame;
	const planeU = width * height;
	const planeV = planeU + planeU / 4;
	for (let y = 0; y < box.height; y += 2) {
		let luma = (box.y + y) * width + box.x;
		let chroma = ((box.y + y) / 2) * (width / 2) + box.x / 2;
		const end = (y + 1) * box.width;
		for (let at = y * box.width; at < end; at += 2) {
			const a = pixels[at] ?? 0;
			const b = pixels[at + 1] ?? 0;
			const c = pixels[at + box.width] ?? 0;
			const d = pixels[at + box.width + 1] ?? 0;
			bytes[luma] = lumaOf(a);
			bytes[luma + 1] = lumaOf(b);
			bytes[luma + width] = lumaOf(c);
			bytes[luma + width + 1] = lumaOf(d);
			const red = (a & 255) + (b & 255) + (c & 255) + (d & 255);
			const green = ((a >>> 8) & 255) + ((b >>> 8) & 255) + ((c >>> 8) & 255) + ((d >>> 8) & 255);
			const blue = ((a >>> 16) & 255) + ((b >>> 16) & 255) + ((c >>> 16) & 255) + ((d >>> 16) & 255);
			bytes[planeU + chroma] = (-6596 * red - 22188 * green + 28784 * blue + CHROMA_MIDDLE) >> 18;
			bytes[planeV + chroma] = (28784 * red - 26145 * green - 2639 * blue + CHROMA_MIDDLE) >> 18;
			luma += 2;
			chroma += 1;
		}
	}
}

/* Weights times 65536: 0.2126, 0.7152, 0.0722 over 219 of 255 steps; chroma over 224, and over the four pixels it stands for. */
const LUMA_MIDDLE = (16 << 16) + 32768;
const CHROMA_MIDDLE = (128 << 18) + 131072;

/** Of a pixel whose lowest byte is red, as little-endian machines read RGBA; all that browsers run on are. */
function lumaOf(pixel: number): number {
	return (11966 * (pixel & 255) + 40254 * ((pixel >>> 8) & 255) + 4064 * ((pixel >>> 16) & 255) + LUMA_MIDDLE) >>> 16;
}
