/**
 * JPEG (ITU-T T.81, JFIF 1.02): an allow-list of segments. What the picture needs is kept byte for byte; comments, EXIF,
 * XMP, IPTC, thumbnails, further pictures (MPF) and whatever follows the end are left out.
 */
import { isSideways, orientationSegment, readOrientation } from './exif-orientation';
import { isColourProfile } from './icc-profile';
import { damaged, endsTooEarly, ICC_BYTES_MAX, type ImageStructure } from './image-types';
import { checkHuffman, checkQuantisation, readFrame, readScan, scanDataEnd, type Frame } from './jpeg-segments';
import { KeptParts } from './kept-parts';
import { hasText, u16, u8 } from './read-bytes';

/** Encoders write at most about 12; each further scan costs a decoder a pass over the whole picture. */
const SCANS_MAX = 100;
/** A progressive photo has under 300 segments with all its tables. */
const SEGMENTS_MAX = 2_000;

const MARKER = { SOI: 0xd8, EOI: 0xd9, SOS: 0xda, DQT: 0xdb, DHT: 0xc4, DRI: 0xdd, COM: 0xfe } as const;
const APP0 = 0xe0;
const APP15 = 0xef;
const JFIF_BYTES = 14;
const ADOBE_BYTES = 12;
const ICC_MARK = 'ICC_PROFILE\0';
const ICC_HEAD_BYTES = ICC_MARK.length + 2;

interface IccChunk {
	sequence: number;
	count: number;
	/** The whole segment, marker included. */
	segment: Uint8Array;
}

interface JpegState {
	readonly bytes: Uint8Array;
	/** Everything after the application segments, in the file's order. */
	readonly body: KeptParts;
	jfif: Uint8Array | null;
	adobe: Uint8Array | null;
	orientation: number | null;
	icc: IccChunk[];
	frame: Frame | null;
	scans: number;
	scanBytes: number;
	readonly scanned: Set<number>;
}

/** Refuses what is not one whole JPEG from its first byte; answers its parts without metadata. */
export function rewriteJpeg(bytes: Uint8Array): ImageStructure {
	const state: JpegState = {
		bytes,
		body: new KeptParts(bytes),
		jfif: null,
		adobe: null,
		orientation: null,
		icc: [],
		frame: null,
		scans: 0,
		scanBytes: 0,
		scanned: new Set(),
	};
	if (u8(bytes, 0) !== 0xff || u8(bytes, 1) !== MARKER.SOI) throw damaged('it does not start as a JPEG');
	let at = 2;
	for (let segments = 0; segments < SEGMENTS_MAX; segments++) {
		if (u8(bytes, at) !== 0xff) throw damaged('a segment is missing');
		while (u8(bytes, at + 1) === 0xff) at += 1;
		const marker = u8(bytes, at + 1);
		if (marker === MARKER.EOI) return finish(state, at);

		const end = at + 2 + u16(bytes, at + 2);
		if (end < at + 4) throw damaged('a segment has no length');
		if (end > bytes.length) throw endsTooEarly();
		at = marker === MARKER.SOS ? takeScan(state, at, end) : takeSegment(state, marker, at, end);
	}
	throw damaged('it has too many segments');
}

function takeSegment(state: JpegState, marker: number, start: number, end: number): number {
	const { bytes, body } = state;
	const at = start + 4;
	if (marker === MARKER.DQT) checkQuantisation(bytes, at, end);
	else if (marker === MARKER.DHT) checkHuffman(bytes, at, end);
	else if (marker === MARKER.DRI) {
		if (end - at !== 2) throw damaged('its restart interval is wrong');
	} else if (marker >= 0xc0 && marker <= 0xcf) {
		if (state.frame !== null) throw damaged('it has two frames');
		state.frame = readFrame(bytes, marker, at, end);
	} else if (marker === MARKER.COM || (marker >= APP0 && marker <= APP15)) {
		if (state.scans === 0) takeApplication(state, marker, start, end);
		return end;
	} else throw damaged('it has a segment that no photo has');
	body.keep(start, end);
	return end;
}

/** Of the application segments, only what changes how the picture looks is remembered; the first of a kind counts. */
function takeApplication(state: JpegState, marker: number, start: number, end: number): void {
	const { bytes } = state;
	const at = start + 4;
	const data = bytes.subarray(at, end);
	if (marker === 0xe0 && hasText(data, 0, 'JFIF\0') && data.length >= JFIF_BYTES) {
		// Version, unit and densities; the two zeros say that no thumbnail follows.
		state.jfif ??= Uint8Array.from([0xff, 0xe0, 0, JFIF_BYTES + 2, ...data.subarray(0, 12), 0, 0]);
	} else if (marker === 0xe1 && hasText(data, 0, 'Exif\0')) {
		state.orientation ??= readOrientation(data.subarray(6));
	} else if (marker === 0xe2 && hasText(data, 0, ICC_MARK) && data.length > ICC_HEAD_BYTES) {
		const sequence = u8(data, ICC_MARK.length);
		state.icc.push({ sequence, count: u8(data, ICC_MARK.length + 1), segment: bytes.subarray(start, end) });
	} else if (marker === 0xee && hasText(data, 0, 'Adobe') && data.length >= ADOBE_BYTES) {
		state.adobe ??= Uint8Array.from([0xff, 0xee, 0, ADOBE_BYTES + 2, ...data.subarray(0, ADOBE_BYTES)]);
	}
}

function takeScan(state: JpegState, start: number, headerEnd: number): number {
	const { bytes, frame } = state;
	if (frame === null) throw damaged('a scan comes before the frame header');
	state.scans += 1;
	if (state.scans > SCANS_MAX) throw damaged(`it has more than ${SCANS_MAX} scans`);
	for (const id of readScan(bytes, frame, start + 4, headerEnd)) state.scanned.add(id);
	const end = scanDataEnd(bytes, headerEnd);
	state.scanBytes += end - headerEnd;
	state.body.keep(start, end);
	return end;
}

function finish(state: JpegState, endMarker: number): ImageStructure {
	const { bytes, frame, body } = state;
	if (frame === null || state.scanned.size !== frame.componentIds.size)
		throw damaged('a part of the picture is missing');
	// A cut file with a fresh end marker has too few bits for the blocks that its header promises.
	if (state.scanBytes * 8 < frame.blocks) throw endsTooEarly();
	body.keep(endMarker, endMarker + 2);

	const orientation = state.orientation ?? 1;
	const { width, height } = frame;
	const head = [
		bytes.subarray(0, 2),
		...(state.jfif === null ? [] : [state.jfif]),
		...(orientation === 1 ? [] : [orientationSegment(orientation)]),
		...colourProfile(state.icc),
		...(state.adobe === null ? [] : [state.adobe]),
	];
	return {
		...(isSideways(orientation) ? { width: height, height: width } : { width, height }),
		parts: [...head, ...body.all()],
	};
}

/** The profile's segments in order when together they are one usable profile; otherwise none, and the photo reads as sRGB. */
function colourProfile(chunks: readonly IccChunk[]): readonly Uint8Array[] {
	const sorted = chunks.toSorted((a, b) => a.sequence - b.sequence);
	if (!sorted.every(({ sequence, count }, index) => sequence === index + 1 && count === chunks.length)) return [];
	const datas = sorted.map(({ segment }) => segment.subarray(4 + ICC_HEAD_BYTES));
	const byteLength = datas.reduce((sum, data) => sum + data.length, 0);
	if (byteLength > ICC_BYTES_MAX) return [];
	const profile = new Uint8Array(byteLength);
	let at = 0;
	for (const data of datas) {
		profile.set(data, at);
		at += data.length;
	}
	return isColourProfile(profile) ? sorted.map(({ segment }) => segment) : [];
}
