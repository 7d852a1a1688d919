import { AppError } from '../errors';
import { hasText } from './read-bytes';

/** A consent is a few pages; ten megabytes are a scan of twenty at 200 dots an inch. */
export const PDF_BYTES_MAX = 10 * 1024 * 1024;

/**
 * Refuses a PDF that is not plain enough to be looked through. A photo of the paper always is, so that is what the sentence says to
 * send instead. `why` ends "This PDF …".
 */
export function notPlain(why: string): AppError {
	return new AppError('invalid_input', `This PDF ${why}. Photograph the paper, or print it as a new PDF.`);
}

/** White space of ISO 32000-1 table 1: NUL, tab, line feed, form feed, carriage return, space. */
export function isSpace(byte: number | undefined): boolean {
	return byte === 0 || byte === 9 || byte === 10 || byte === 12 || byte === 13 || byte === 32;
}

/** Table 2: ( ) < > [ ] { } / % */
const DELIMITERS = new Set(Array.from('()<>[]{}/%', (char) => char.charCodeAt(0)));

/** Whether a byte is part of a name, number or keyword. */
export function isRegular(byte: number | undefined): boolean {
	return byte !== undefined && !isSpace(byte) && !DELIMITERS.has(byte);
}

export function isDigit(byte: number | undefined): boolean {
	return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** Where the ASCII `text` stands next, from `from` on; -1 if nowhere. */
export function indexOfText(bytes: Uint8Array, text: string, from: number): number {
	const first = text.charCodeAt(0);
	let at = bytes.indexOf(first, from);
	while (at !== -1 && !hasText(bytes, at, text)) at = bytes.indexOf(first, at + 1);
	return at;
}

/** A few bytes, each as the character of its number. */
export function asText(bytes: Uint8Array, from: number, to: number): string {
	return String.fromCharCode(...bytes.subarray(from, to));
}

/** More than any document of twenty pages writes; a file of nothing but names ends here. */
const NAMES_MAX = 500_000;
const NAME_BYTES_MAX = 127;

/**
 * Every name (`/Type`) between two places, #-escapes read, whether it stands in a string or a comment or not: what one reader takes for a
 * comment another may read.
 */
export function visitNames(
	bytes: Uint8Array,
	{ from, to }: { from: number; to: number },
	visit: (name: string, end: number) => void,
): void {
	let count = 0;
	for (let at = bytes.indexOf(0x2f, from); at !== -1 && at < to; at = bytes.indexOf(0x2f, at + 1)) {
		count += 1;
		if (count > NAMES_MAX) throw notPlain('is too tangled to be looked through');
		const end = endOfRegular(bytes, at + 1, to);
		visit(readName(bytes, at + 1, end), end);
	}
}

/** Decoded, cut where no name that means anything goes on. */
export function readName(bytes: Uint8Array, from: number, end: number): string {
	const raw = asText(bytes, from, Math.min(end, from + 3 * NAME_BYTES_MAX));
	if (!raw.includes('#')) return raw;
	return raw.replaceAll(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

export function endOfRegular(bytes: Uint8Array, from: number, to: number): number {
	let end = from;
	while (end < to && isRegular(bytes[end])) end += 1;
	return end;
}
