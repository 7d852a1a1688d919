/** The one field of EXIF that changes what a person sees. Everything else in EXIF describes the person or the place. */
import { hasText } from './read-bytes';

const ORIENTATION_TAG = 0x0112;
const TYPE_SHORT = 3;
const ENTRY_BYTES = 12;
/** Real first directories have 10 to 30 entries. */
const ENTRIES_MAX = 512;

/** `Exif\0\0`, then a big-endian TIFF whose first directory follows at once. */
const EXIF_TIFF_HEAD = [0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8];
/** Length field, head, count, one entry, and the offset of the next directory. */
const SEGMENT_BYTES = 2 + EXIF_TIFF_HEAD.length + 2 + ENTRY_BYTES + 4;

/**
 * The orientation (1 to 8) in the first directory of a TIFF block. EXIF is about to be dropped, so what cannot be
 * read counts as upright and refuses nothing.
 */
export function readOrientation(tiff: Uint8Array): number {
	const isLittle = hasText(tiff, 0, 'II');
	if ((!isLittle && !hasText(tiff, 0, 'MM')) || tiff.length < 8) return 1;
	const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
	const directory = view.getUint32(4, isLittle);
	if (directory + 2 > tiff.length) return 1;
	const entries = Math.min(view.getUint16(directory, isLittle), ENTRIES_MAX);
	for (let index = 0; index < entries; index++) {
		const entry = directory + 2 + index * ENTRY_BYTES;
		if (entry + ENTRY_BYTES > tiff.length) return 1;
		if (view.getUint16(entry, isLittle) !== ORIENTATION_TAG) continue;
		const value = view.getUint16(entry + 8, isLittle);
		return view.getUint16(entry + 2, isLittle) === TYPE_SHORT && value >= 1 && value <= 8 ? value : 1;
	}
	return 1;
}

/** Orientations 5 to 8 lie on their side: width and height change places on display. */
export function isSideways(orientation: number): boolean {
	return orientation >= 5;
}

/**
 * A fresh APP1 segment that says the orientation and nothing else. Turning the pixels instead would decode and encode
 * them again; dropping the tag would lay the face, and every landmark found on it, on its side.
 */
export function orientationSegment(orientation: number): Uint8Array {
	const head = [0xff, 0xe1, 0, SEGMENT_BYTES];
	const entry = [ORIENTATION_TAG >> 8, ORIENTATION_TAG & 0xff, 0, TYPE_SHORT, 0, 0, 0, 1, 0, orientation, 0, 0];
	const noNextDirectory = [0, 0, 0, 0];
	return Uint8Array.from([...head, ...EXIF_TIFF_HEAD, 0, 1, ...entry, ...noNextDirectory]);
}
