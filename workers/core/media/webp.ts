/**
 * WebP (RFC 9649): one RIFF of chunks. Kept are the picture, its alpha and its colour profile; EXIF, XMP and unknown
 * chunks are left out and the flags say so. A file without the extended header keeps its one chunk.
 */
import { isColourProfile } from './icc-profile';
import { animated, checkDimensions, damaged, endsTooEarly, type ImageStructure } from './image-types';
import { fourCc, hasText, u16le, u24le, u32le, u8 } from './read-bytes';

interface Chunk {
	type: string;
	data: Uint8Array;
}

interface Size {
	width: number;
	height: number;
}

const RIFF_HEAD_BYTES = 12;
const CHUNK_HEAD_BYTES = 8;
/** A still photo has up to six chunks; room for private ones, which are dropped. */
const CHUNKS_MAX = 100;
const EXTENDED_BYTES = 10;
const FLAG = { icc: 0x20, alpha: 0x10, animation: 0x02 } as const;

/** Refuses what is not one whole still WebP from its first byte; answers its parts without metadata. */
export function rewriteWebp(bytes: Uint8Array): ImageStructure {
	const chunks = readChunks(bytes);
	const head = chunks[0];
	if (head?.type !== 'VP8X') {
		if (head === undefined || !isPicture(head)) throw damaged('its picture is missing');
		return { ...readPicture(head).size, parts: assemble([head]) };
	}
	const flags = u8(head.data, 0);
	if ((flags & FLAG.animation) !== 0 || chunks.some(({ type }) => type === 'ANIM' || type === 'ANMF')) throw animated();
	if (head.data.length !== EXTENDED_BYTES) throw damaged('its header is wrong');
	const canvas = { width: u24le(head.data, 4) + 1, height: u24le(head.data, 7) + 1 };
	checkDimensions(canvas.width, canvas.height);

	const pictures = chunks.filter(isPicture);
	const picture = pictures[0];
	if (picture === undefined) throw damaged('its picture is missing');
	if (pictures.length > 1) throw damaged('it has two pictures');
	const { size, hasAlpha } = readPicture(picture);
	if (size.width !== canvas.width || size.height !== canvas.height) throw damaged('it states two different sizes');

	const profile = chunks.find(({ type }) => type === 'ICCP');
	const icc = profile !== undefined && isColourProfile(profile.data) ? [profile] : [];
	const alpha = picture.type === 'VP8 ' ? alphaOf(chunks) : [];
	const hasTransparency = alpha.length > 0 || (hasAlpha && (flags & FLAG.alpha) !== 0);
	const extended = head.data.slice();
	extended.set([(icc.length > 0 ? FLAG.icc : 0) | (hasTransparency ? FLAG.alpha : 0), 0, 0, 0]);
	return { ...size, parts: assemble([{ type: 'VP8X', data: extended }, ...icc, ...alpha, picture]) };
}

function readChunks(bytes: Uint8Array): readonly Chunk[] {
	if (!hasText(bytes, 0, 'RIFF') || !hasText(bytes, 8, 'WEBP')) throw damaged('it does not start as a WebP');
	const end = CHUNK_HEAD_BYTES + u32le(bytes, 4);
	if (end > bytes.length) throw endsTooEarly();
	const chunks: Chunk[] = [];
	let at = RIFF_HEAD_BYTES;
	while (at < end) {
		if (chunks.length === CHUNKS_MAX) throw damaged('it has too many chunks');
		const dataEnd = at + CHUNK_HEAD_BYTES + u32le(bytes, at + 4);
		if (dataEnd > end) throw endsTooEarly();
		chunks.push({ type: fourCc(bytes, at), data: bytes.subarray(at + CHUNK_HEAD_BYTES, dataEnd) });
		at = dataEnd + (dataEnd % 2);
	}
	return chunks;
}

function isPicture({ type }: Chunk): boolean {
	return type === 'VP8 ' || type === 'VP8L';
}

function readPicture({ type, data }: Chunk): { size: Size; hasAlpha: boolean } {
	return type === 'VP8 ' ? readLossy(data) : readLossless(data);
}

/** A VP8 key frame (RFC 6386 §9.1): shown, of a known version, its first partition inside the chunk. */
function readLossy(data: Uint8Array): { size: Size; hasAlpha: boolean } {
	const tag = u24le(data, 0);
	const isShownKeyFrame = (tag & 1) === 0 && ((tag >> 1) & 7) <= 3 && ((tag >> 4) & 1) === 1;
	if (!isShownKeyFrame || !hasText(data, 3, '\x9d\x01\x2a')) throw damaged('its picture is wrong');
	const size = { width: u16le(data, 6) & 0x3fff, height: u16le(data, 8) & 0x3fff };
	checkDimensions(size.width, size.height);
	const firstPartitionEnd = 10 + (tag >> 5);
	if (firstPartitionEnd >= data.length) throw endsTooEarly();
	return { size, hasAlpha: false };
}

/** A VP8L header (RFC 9649 §3.4): sizes of 14 bits less one, the alpha hint, version 0. */
function readLossless(data: Uint8Array): { size: Size; hasAlpha: boolean } {
	const bits = u32le(data, 1);
	if (u8(data, 0) !== 0x2f || bits >>> 29 !== 0 || data.length <= 5) throw damaged('its picture is wrong');
	const size = { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
	checkDimensions(size.width, size.height);
	return { size, hasAlpha: ((bits >>> 28) & 1) === 1 };
}

function alphaOf(chunks: readonly Chunk[]): readonly Chunk[] {
	const alphas = chunks.filter(({ type }) => type === 'ALPH');
	const isLegal = alphas.length <= 1 && alphas.every(({ data }) => data.length > 1 && (u8(data, 0) & 3) <= 1);
	if (!isLegal) throw damaged('its transparency is wrong');
	return alphas;
}

function assemble(chunks: readonly Chunk[]): readonly Uint8Array[] {
	const parts = chunks.flatMap(({ type, data }) => {
		// The padding byte is written fresh: it is outside the chunk, and nobody checks what it holds.
		const padding = data.length % 2 === 1 ? [Uint8Array.of(0)] : [];
		return [chunkHead(type, data.length), data, ...padding];
	});
	const byteLength = parts.reduce((sum, part) => sum + part.length, 0);
	const riff = new Uint8Array(RIFF_HEAD_BYTES);
	riff.set(chunkHead('RIFF', byteLength + 4));
	riff.set(new TextEncoder().encode('WEBP'), CHUNK_HEAD_BYTES);
	return [riff, ...parts];
}

function chunkHead(type: string, byteLength: number): Uint8Array {
	const head = new Uint8Array(CHUNK_HEAD_BYTES);
	head.set(new TextEncoder().encode(type));
	new DataView(head.buffer).setUint32(4, byteLength, true);
	return head;
}
