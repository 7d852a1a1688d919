import { inflateSync } from 'node:zlib';

import { AppError } from '../errors';
import { asText, isSpace, notPlain, PDF_BYTES_MAX, visitNames } from './pdf-bytes';
import { readPdfStructure, type PdfStream, type PdfStructure } from './pdf-structure';

export const PDF_PAGES_MAX = 20;

/** Of everything that has to be unpacked to be looked into, together: what twenty pages describe fits many times. */
const UNPACKED_BYTES_MAX = 8 * 1024 * 1024;
const PACKED_MAX = 500;
/** White space that writers leave behind the last line. */
const TAIL_BYTES_MAX = 1024;

/** What a paper has no use for, by the name that every reader needs to see to do it (ISO 32000-1 §7.11, §12.6, §12.7, §13). */
const ACTIVE: Readonly<Record<string, string>> = {
	JavaScript: 'holds a program',
	JS: 'holds a program',
	XFA: 'holds a program',
	Launch: 'starts another program',
	AA: 'does something by itself',
	SubmitForm: 'sends something',
	ImportData: 'fetches something',
	GoToE: 'opens another file',
	GoToR: 'opens another file',
	EmbeddedFile: 'holds another file',
	EmbeddedFiles: 'holds another file',
	EF: 'holds another file',
	RichMedia: 'holds a film or a program',
	RichMediaContent: 'holds a film or a program',
	Rendition: 'holds a film or a sound',
	Movie: 'holds a film or a sound',
	Encrypt: 'is locked',
};

/**
 * Proves by structure that `bytes` are a PDF that shows pages and does nothing: every byte is read, packed objects are
 * unpacked within bounds, and each name is looked at whatever stands around it. Nothing is drawn and nothing is changed: a paper that was
 * signed electronically stays as it was signed.
 *
 * Refuses with `unsupported_media_type` (no PDF), `payload_too_large` (over 10 MB or 20 pages) or `invalid_input` (damaged, locked, active, or
 * too tangled to be looked through). How many pages there are.
 */
export function checkPdf(bytes: Uint8Array): { pages: number } {
	if (bytes.length > PDF_BYTES_MAX) {
		throw new AppError('payload_too_large', 'This PDF is larger than 10 MB. Photograph the paper, or scan it coarser.');
	}
	if (!/^%PDF-(?:1\.[0-7]|2\.0)[\r\n]/.test(asText(bytes, 0, 9))) {
		throw new AppError('unsupported_media_type', 'This file is not a PDF. Choose the PDF, or photograph the paper.');
	}
	const structure = readPdfStructure(bytes);
	checkEnd(bytes, structure);
	const looked = { pages: 0 };
	let from = 0;
	for (const stream of structure.streams) {
		lookThrough(bytes, { from, to: stream.from }, looked);
		from = stream.to;
	}
	lookThrough(bytes, { from, to: bytes.length }, looked);
	for (const unpacked of unpackObjects(bytes, structure.streams)) {
		lookThrough(unpacked, { from: 0, to: unpacked.length }, looked);
	}
	if (looked.pages === 0) throw notPlain('has no page');
	if (looked.pages > PDF_PAGES_MAX) {
		throw new AppError(
			'payload_too_large',
			`This PDF has more than ${PDF_PAGES_MAX} pages. Choose one with the consent alone.`,
		);
	}
	return looked;
}

/** The last line ends the file, and the line before it says where a table of objects stands. */
function checkEnd(bytes: Uint8Array, { objects }: PdfStructure): void {
	let end = bytes.length;
	while (end > 0 && isSpace(bytes[end - 1]) && bytes.length - end < TAIL_BYTES_MAX) end -= 1;
	const last = /startxref\s+(\d{1,10})\s+%%EOF$/.exec(asText(bytes, Math.max(0, end - 64), end));
	if (last === null) throw notPlain('is cut off');
	const at = Number(last[1]);
	if (!objects.has(at) && asText(bytes, at, at + 4) !== 'xref') throw notPlain('is damaged');
}

function lookThrough(bytes: Uint8Array, part: { from: number; to: number }, looked: { pages: number }): void {
	let before = '';
	visitNames(bytes, part, (name, end) => {
		const why = Object.hasOwn(ACTIVE, name) ? ACTIVE[name] : undefined;
		if (why !== undefined) throw notPlain(why);
		if (name === 'OpenAction' && !isPlace(bytes, end)) throw notPlain('does something by itself');
		if (name === 'Page' && before === 'Type') looked.pages += 1;
		before = name;
	});
}

/** Where a reader shall begin to show (`[3 0 R /Fit]`), which is no action. */
function isPlace(bytes: Uint8Array, at: number): boolean {
	return /^[\s\0]*\[/.test(asText(bytes, at, at + 16));
}

/** What each stream holds that has objects in it, whatever it calls itself: a reader goes by `/First` and `/N`. */
function* unpackObjects(bytes: Uint8Array, streams: readonly PdfStream[]): Generator<Uint8Array> {
	let left = UNPACKED_BYTES_MAX;
	const packed = streams.filter(({ names }) => names.includes('ObjStm') || names.includes('First'));
	if (packed.length > PACKED_MAX) throw notPlain('is too tangled to be looked through');
	for (const { from, to, names } of packed) {
		const unpacked = unpack(bytes.subarray(from, to), names, left);
		left -= unpacked.length;
		yield unpacked;
	}
}

const PACKINGS = ['DecodeParms', 'DP', 'F', 'FFilter'];

function unpack(data: Uint8Array, names: readonly string[], bytesMax: number): Uint8Array {
	if (data.length > bytesMax) throw tooPacked();
	if (names.some((name) => PACKINGS.includes(name))) throw tooPacked();
	const filters = names.filter((name) => name === 'Filter');
	const inflates = names.filter((name) => name === 'FlateDecode');
	if (filters.length === 0) return data;
	const others = names.filter((name) => name.endsWith('Decode') && name !== 'FlateDecode');
	if (filters.length !== 1 || inflates.length !== 1 || others.length > 0) throw tooPacked();
	try {
		return inflateSync(data, { maxOutputLength: Math.max(1, bytesMax) });
	} catch (cause) {
		throw new AppError('invalid_input', tooPacked().message, { cause });
	}
}

function tooPacked(): AppError {
	return notPlain('is packed in a way that cannot be looked into');
}
