/**
 * PNG (W3C PNG third edition): chunks with a valid CRC, from an allow-list. Text, time, EXIF and private chunks are left
 * out, the orientation in `eXIf` with them: viewers disagree about it, so upright pixels are what everyone sees.
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

import { isColourProfile } from './icc-profile';
import { animated, checkDimensions, damaged, endsTooEarly, ICC_BYTES_MAX, type ImageStructure } from './image-types';
import { KeptParts } from './kept-parts';
import { fourCc, hasText, u32, u8 } from './read-bytes';

interface Header {
	width: number;
	height: number;
	bitDepth: number;
	colourType: number;
	isInterlaced: boolean;
}

interface Chunk {
	type: string;
	start: number;
	data: Uint8Array;
	end: number;
}

interface PngState {
	readonly kept: KeptParts;
	readonly header: Header;
	readonly seen: Set<string>;
	/** Entries of the palette, 0 before there is one. */
	paletteLength: number;
	readonly pixelData: Uint8Array[];
	stage: 'before' | 'pixels' | 'after';
}

const SIGNATURE = '\x89PNG\r\n\x1a\n';
const HEADER_END = 33;
/** Pixel data is often cut into 8 kB chunks: 25 MB are 3,200 of them. */
const CHUNKS_MAX = 20_000;
/** DEFLATE cannot do better (RFC 1951: 258 bytes from 2 bits), so less data than this cannot fill the picture. */
const DEFLATE_RATIO_MAX = 1_032;

const GREY = 0;
const TRUE_COLOUR = 2;
const PALETTE = 3;
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const BIT_DEPTHS: Record<number, readonly number[]> = {
	0: [1, 2, 4, 8, 16],
	2: [8, 16],
	3: [1, 2, 4, 8],
	4: [8, 16],
	6: [8, 16],
};
const COLOUR_BYTES: Record<string, number> = { sRGB: 1, gAMA: 4, cHRM: 32 };

/** Refuses what is not one whole still PNG from its first byte; answers its parts without metadata. */
export function rewritePng(bytes: Uint8Array): ImageStructure {
	if (!hasText(bytes, 0, SIGNATURE)) throw damaged('it does not start as a PNG');
	const first = readChunk(bytes, SIGNATURE.length);
	if (first.type !== 'IHDR' || first.end !== HEADER_END) throw damaged('its header is wrong');
	const header = readHeader(first.data);
	const kept = new KeptParts(bytes);
	kept.keep(0, HEADER_END);
	const state: PngState = { kept, header, seen: new Set(), paletteLength: 0, pixelData: [], stage: 'before' };

	let at = HEADER_END;
	for (let chunks = 0; chunks < CHUNKS_MAX; chunks++) {
		const chunk = readChunk(bytes, at);
		at = chunk.end;
		if (chunk.type !== 'IDAT' && state.stage === 'pixels') state.stage = 'after';
		if (chunk.type === 'IEND') return finish(state, chunk);
		takeChunk(state, chunk);
	}
	throw damaged('it has too many chunks');
}

function readChunk(bytes: Uint8Array, start: number): Chunk {
	const end = start + 12 + u32(bytes, start);
	if (end > bytes.length) throw endsTooEarly();
	const type = fourCc(bytes, start + 4);
	if (!/^[A-Za-z]{4}$/.test(type)) throw damaged('a chunk has no name');
	if (crc32(bytes.subarray(start + 4, end - 4)) !== u32(bytes, end - 4)) throw damaged('a checksum is wrong');
	return { type, start, data: bytes.subarray(start + 8, end - 4), end };
}

function readHeader(data: Uint8Array): Header {
	const [width, height, bitDepth, colourType] = [u32(data, 0), u32(data, 4), u8(data, 8), u8(data, 9)];
	checkDimensions(width, height);
	const isDepthLegal = BIT_DEPTHS[colourType]?.includes(bitDepth) === true;
	if (!isDepthLegal || u8(data, 10) !== 0 || u8(data, 11) !== 0 || u8(data, 12) > 1) {
		throw damaged('its header names a kind of pixel that no PNG has');
	}
	return { width, height, bitDepth, colourType, isInterlaced: u8(data, 12) === 1 };
}

function takeChunk(state: PngState, chunk: Chunk): void {
	const { type, data, start, end } = chunk;
	if (type === 'acTL') throw animated();
	if (type === 'IDAT') {
		if (state.stage === 'after') throw damaged('its pixels are in two places');
		if (state.header.colourType === PALETTE && state.paletteLength === 0) throw damaged('its palette is missing');
		state.stage = 'pixels';
		state.pixelData.push(data);
		state.kept.keep(start, end);
	} else if (type === 'PLTE' || type === 'tRNS') {
		if (state.stage !== 'before' || state.seen.has(type)) throw damaged('its palette is in the wrong place');
		if (type === 'PLTE') state.paletteLength = paletteLength(state, data);
		else checkTransparency(state, data);
		state.kept.keep(start, end);
	} else if (type in COLOUR_BYTES || type === 'iCCP') {
		takeColour(state, chunk);
	} else if (/^[A-Z]/.test(type)) {
		throw damaged('it has a chunk that no photo has');
	}
	state.seen.add(type);
}

function paletteLength({ header, seen }: PngState, data: Uint8Array): number {
	const entries = data.length / 3;
	const entriesMax = header.colourType === PALETTE ? 2 ** header.bitDepth : 256;
	const isColour = (header.colourType & 2) !== 0;
	if (!isColour || !Number.isInteger(entries) || entries < 1 || entries > entriesMax || seen.has('tRNS')) {
		throw damaged('its palette is wrong');
	}
	return entries;
}

function checkTransparency({ header, paletteLength: entries }: PngState, data: Uint8Array): void {
	const isLegal =
		(header.colourType === GREY && data.length === 2) ||
		(header.colourType === TRUE_COLOUR && data.length === 6) ||
		(header.colourType === PALETTE && data.length >= 1 && data.length <= entries);
	if (!isLegal) throw damaged('its transparency is wrong');
}

/** Colour chunks count once and only before palette and pixels; elsewhere decoders ignore them, so they are dropped. */
function takeColour(state: PngState, { type, data, start, end }: Chunk): void {
	if (state.stage !== 'before' || state.paletteLength > 0 || state.seen.has(type)) return;
	if (type !== 'iCCP') {
		if (data.length === COLOUR_BYTES[type]) state.kept.keep(start, end);
		return;
	}
	const profile = inflateProfile(data);
	if (profile !== null) state.kept.insert(profileChunk(profile));
}

function inflateProfile(data: Uint8Array): Uint8Array | null {
	const nameEnd = data.indexOf(0);
	if (nameEnd < 1 || nameEnd > 79 || data[nameEnd + 1] !== 0) return null;
	try {
		const profile = inflateSync(data.subarray(nameEnd + 2), { maxOutputLength: ICC_BYTES_MAX });
		return isColourProfile(profile) ? profile : null;
	} catch {
		// Broken or larger than a profile may be: the photo reads as sRGB without it.
		return null;
	}
}

/** A fresh chunk: the stored name is free text, and bytes may hide behind the compressed profile. */
function profileChunk(profile: Uint8Array): Uint8Array {
	const body = Uint8Array.from([...new TextEncoder().encode('iCCPICC profile'), 0, 0, ...deflateSync(profile)]);
	const chunk = new Uint8Array(body.length + 8);
	const view = new DataView(chunk.buffer);
	view.setUint32(0, body.length - 4);
	chunk.set(body, 4);
	view.setUint32(body.length + 4, crc32(body));
	return chunk;
}

function finish(state: PngState, end: Chunk): ImageStructure {
	const { kept, header, pixelData } = state;
	if (end.data.length !== 0) throw damaged('its end is wrong');
	const deflated = pixelData.reduce((sum, data) => sum + data.length, 0);
	const inflatedByteLength = rowBytes(header);
	if (deflated * DEFLATE_RATIO_MAX < inflatedByteLength) throw endsTooEarly();
	kept.keep(end.start, end.end);
	return { width: header.width, height: header.height, parts: kept.all(), png: { pixelData, inflatedByteLength } };
}

/** Adam7: first column, first row, column step, row step of each pass. */
const ADAM7 = [
	[0, 0, 8, 8],
	[4, 0, 8, 8],
	[0, 4, 4, 8],
	[2, 0, 4, 4],
	[0, 2, 2, 4],
	[1, 0, 2, 2],
	[0, 1, 1, 2],
] as const;

function rowBytes({ width, height, bitDepth, colourType, isInterlaced }: Header): number {
	const bitsPerPixel = bitDepth * (CHANNELS[colourType] ?? 0);
	const passes = isInterlaced ? ADAM7 : ([[0, 0, 1, 1]] as const);
	return passes.reduce((sum, [left, top, acrossStep, downStep]) => {
		const columns = Math.ceil((width - left) / acrossStep);
		const rows = Math.ceil((height - top) / downStep);
		return columns <= 0 || rows <= 0 ? sum : sum + rows * (1 + Math.ceil((columns * bitsPerPixel) / 8));
	}, 0);
}
