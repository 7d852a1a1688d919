import { fourCc, hasText, u32 } from './read-bytes';

/** What a first look can name. Naming is for a good sentence; only a format's reader proves what a file is. */
export const TYPE_NAMES = {
	'image/jpeg': 'a JPEG',
	'image/png': 'a PNG',
	'image/webp': 'a WebP',
	'image/heic': 'HEIC',
	'image/avif': 'an AVIF',
	'image/gif': 'a GIF',
	'image/bmp': 'a BMP',
	'image/tiff': 'a TIFF',
	'image/jxl': 'a JPEG XL',
	'image/x-icon': 'an icon',
	'image/svg+xml': 'an SVG drawing',
	'video/mp4': 'a video',
	'application/pdf': 'a PDF',
	'application/zip': 'a ZIP archive',
	'text/html': 'a web page',
} as const;

export type SniffedType = keyof typeof TYPE_NAMES;

const SIGNATURES: readonly (readonly [offset: number, text: string, type: SniffedType])[] = [
	[0, '\xff\xd8\xff', 'image/jpeg'],
	[0, '\x89PNG\r\n\x1a\n', 'image/png'],
	[0, 'GIF87a', 'image/gif'],
	[0, 'GIF89a', 'image/gif'],
	[0, '%PDF-', 'application/pdf'],
	[0, 'PK\x03\x04', 'application/zip'],
	[0, 'II*\x00', 'image/tiff'],
	[0, 'MM\x00*', 'image/tiff'],
	[0, 'BM', 'image/bmp'],
	[0, '\x00\x00\x01\x00', 'image/x-icon'],
	[0, '\xff\x0a', 'image/jxl'],
	[0, '\x00\x00\x00\x0cJXL ', 'image/jxl'],
];

const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'];
const AVIF_BRANDS = ['avif', 'avis'];
const BRANDS_MAX = 16;

const MARKUP_HEAD_BYTES = 512;

/** Names a file by its first bytes (512 are enough), or answers null. */
export function sniffImageType(head: Uint8Array): SniffedType | null {
	if (hasText(head, 0, 'RIFF') && hasText(head, 8, 'WEBP')) return 'image/webp';
	if (hasText(head, 4, 'ftyp') && head.length >= 12) return sniffBoxes(head);
	const signature = SIGNATURES.find(([offset, text]) => hasText(head, offset, text));
	return signature?.[2] ?? sniffMarkup(head);
}

/** HEIC, AVIF and MP4 share a container; its brands tell them apart. */
function sniffBoxes(head: Uint8Array): SniffedType {
	const end = Math.min(u32(head, 0), head.length, 16 + BRANDS_MAX * 4);
	const brands = [fourCc(head, 8)];
	for (let at = 16; at + 4 <= end; at += 4) brands.push(fourCc(head, at));
	if (brands.some((brand) => AVIF_BRANDS.includes(brand))) return 'image/avif';
	return brands.some((brand) => HEIC_BRANDS.includes(brand)) ? 'image/heic' : 'video/mp4';
}

function sniffMarkup(head: Uint8Array): SniffedType | null {
	const text = new TextDecoder().decode(head.subarray(0, MARKUP_HEAD_BYTES)).trimStart().toLowerCase();
	if (text.startsWith('<svg') || (text.startsWith('<?xml') && text.includes('<svg'))) return 'image/svg+xml';
	return text.startsWith('<!doctype html') || text.startsWith('<html') ? 'text/html' : null;
}
