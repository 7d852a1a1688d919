/**
 * What may become the patient's photo, decided on the device from the file's own bytes and its pixels. The server decides
 * again; this is here so that a wrong file is refused before anything leaves the device.
 */
import { LIMITS } from '../../studios/studio';

/** Longest side that is sent: more than any processor reads, and small enough for a phone's memory. */
export const LONG_SIDE_MAX_PX = 4096;
/** Below this no mouth in a portrait is wide enough to show a shade. */
export const SHORT_SIDE_MIN_PX = 256;
/** At 0.92 the recoloured and the kept teeth show no blocks; above it the file only grows. */
export const JPEG_QUALITY = 0.92;
/** Enough of a file to know its type. */
export const HEAD_BYTES = 32;

export interface PhotoRefusal {
	readonly heading: string;
	/** Why, and what to do. */
	readonly sentence: string;
}

export type PhotoKind = 'jpeg' | 'png' | 'webp' | 'heic';
type OtherKind = 'pdf' | 'gif' | 'avif' | 'video' | 'unknown';

interface Size {
	readonly width: number;
	readonly height: number;
}

const MEGABYTE = 1024 * 1024;
const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'];
const OTHER_NAMES: Readonly<Record<OtherKind, string>> = {
	pdf: 'a PDF',
	gif: 'a GIF',
	avif: 'an AVIF picture',
	video: 'a video',
	unknown: 'not a photo that can be read here',
};

/** The type by its first bytes, never by name: a renamed file is what it is. */
export function kindOf(head: Uint8Array): PhotoKind | OtherKind {
	const text = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to));
	if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg';
	if (head[0] === 0x89 && text(1, 4) === 'PNG') return 'png';
	if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'webp';
	if (text(0, 5) === '%PDF-') return 'pdf';
	if (text(0, 4) === 'GIF8') return 'gif';
	if (text(4, 8) !== 'ftyp') return 'unknown';
	const brand = text(8, 12);
	if (HEIC_BRANDS.includes(brand)) return 'heic';
	return brand === 'avif' || brand === 'avis' ? 'avif' : 'video';
}

/** A picked file before it is decoded. `head` is its first `HEAD_BYTES`. */
export function checkFile(
	head: Uint8Array,
	byteLength: number,
): { readonly ok: true; readonly kind: PhotoKind } | { readonly ok: false; readonly refusal: PhotoRefusal } {
	if (byteLength === 0) {
		return refuse('This file is empty', 'It has 0 bytes, so there is no photo in it. Choose another file.');
	}
	const kind = kindOf(head);
	if (kind !== 'jpeg' && kind !== 'png' && kind !== 'webp' && kind !== 'heic') {
		return refuse(`This file is ${OTHER_NAMES[kind]}`, 'Choose a photo: JPEG, PNG, WebP or HEIC.');
	}
	if (byteLength > LIMITS.uploadBytesMax) {
		const most = LIMITS.uploadBytesMax / MEGABYTE;
		return refuse(
			'This photo is too large',
			`It has ${Math.ceil(byteLength / MEGABYTE)} MB and ${most} MB is the most. Save it smaller, or take it with the camera's usual setting.`,
		);
	}
	return { ok: true, kind };
}

/** The decoded picture's size in pixels; `null` when it will do. */
export function refuseSize({ width, height }: Size): PhotoRefusal | null {
	const size = `${width} × ${height} pixels`;
	if (Math.min(width, height) < SHORT_SIDE_MIN_PX) {
		return {
			heading: 'This photo is too small',
			sentence: `It has ${size} and the shorter side needs ${SHORT_SIDE_MIN_PX}. Choose the original, not a preview of it.`,
		};
	}
	if (Math.max(width, height) > LIMITS.uploadSideMax || width * height > LIMITS.uploadPixelsMax) {
		const most = LIMITS.uploadPixelsMax / 1_000_000;
		return {
			heading: 'This photo has too many pixels',
			sentence: `It has ${size}; ${most} million in all and ${LIMITS.uploadSideMax} a side are the most. Save it smaller and choose it again.`,
		};
	}
	return null;
}

export function unreadable(kind: PhotoKind): PhotoRefusal {
	return {
		heading: 'This photo cannot be opened',
		sentence:
			kind === 'heic'
				? 'This HEIC file is damaged, or of a sort this browser cannot turn into JPEG. Export it as JPEG and choose that.'
				: 'The file is damaged or only part of it is here. Choose the original again.',
	};
}

/** The same shape with neither side over `longSideMax`; never larger than it was. */
export function fitWithin({ width, height }: Size, longSideMax: number): Size {
	const scale = Math.min(1, longSideMax / Math.max(width, height));
	return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** What was done to the photo on the device, one sentence each, in the order it was done. */
export function wordsOfWork(work: { readonly kind: PhotoKind; readonly from: Size; readonly to: Size }): string[] {
	const { kind, from, to } = work;
	const words: string[] = [];
	if (kind === 'heic') words.push('Turned from HEIC into JPEG');
	words.push('Place, camera, date and file name left out');
	if (to.width !== from.width) {
		words.push(`Made smaller, from ${from.width} × ${from.height} to ${to.width} × ${to.height} pixels`);
	}
	return words;
}

function refuse(heading: string, sentence: string): { readonly ok: false; readonly refusal: PhotoRefusal } {
	return { ok: false, refusal: { heading, sentence } };
}
