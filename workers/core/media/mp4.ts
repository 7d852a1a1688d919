/**
 * MP4 (ISO/IEC 14496-12): a bounded walk over boxes, for what a processor returns. Proves that a player finds a whole,
 * self-contained video track; sample data is not decoded.
 */
import { damaged, endsTooEarly } from './image-types';
import { fourCc, u16, u32, u8 } from './read-bytes';

export interface VideoFacts {
	/** As displayed: the track's rotation is applied. */
	width: number;
	height: number;
	durationMs: number;
}

export interface Box {
	type: string;
	start: number;
	end: number;
}

/** A five-second video has about 60 boxes in all. */
const BOXES_PER_LEVEL_MAX = 1_000;
const VIDEO_SIDE_MAX = 8_192;
const SELF_CONTAINED = 1;

export function readMp4(bytes: Uint8Array): VideoFacts {
	const top = boxesIn(bytes, 0, bytes.length);
	if (top[0]?.type !== 'ftyp') throw damaged('it does not start as an MP4');
	if (top.some(({ type }) => type === 'moof')) throw damaged('it is fragmented');
	if (!top.some(({ type, start, end }) => type === 'mdat' && end > start)) throw damaged('it has no video data');
	const movie = childrenOf(bytes, oneOf(top, 'moov'));
	const video = movie
		.filter(({ type }) => type === 'trak')
		.map((track) => childrenOf(bytes, track))
		.find((track) => isVideo(bytes, track));
	if (video === undefined) throw damaged('it has no video track');
	const durationMs = readDuration(bytes, oneOf(movie, 'mvhd'));
	return { ...readTrackSize(bytes, oneOf(video, 'tkhd')), durationMs };
}

/** The boxes of one level. A size below its own header, which would never advance, and one beyond the parent are refused. */
export function boxesIn(bytes: Uint8Array, from: number, to: number): readonly Box[] {
	const boxes: Box[] = [];
	let at = from;
	while (at < to) {
		if (boxes.length === BOXES_PER_LEVEL_MAX) throw damaged('it has too many boxes');
		const type = fourCc(bytes, at + 4);
		const short = u32(bytes, at);
		const isLong = short === 1;
		const size = isLong ? u32(bytes, at + 8) * 2 ** 32 + u32(bytes, at + 12) : short;
		const headBytes = isLong ? 16 : 8;
		if (size < headBytes) throw damaged('a box has no size');
		if (at + size > to) throw endsTooEarly();
		boxes.push({ type, start: at + headBytes, end: at + size });
		at += size;
	}
	return boxes;
}

export function childrenOf(bytes: Uint8Array, box: Box): readonly Box[] {
	return boxesIn(bytes, box.start, box.end);
}

export function oneOf(boxes: readonly Box[], type: string): Box {
	const found = boxes.filter((box) => box.type === type);
	const box = found[0];
	if (box === undefined || found.length > 1) throw damaged(`it needs one ${type} box`);
	return box;
}

function isVideo(bytes: Uint8Array, track: readonly Box[]): boolean {
	const media = childrenOf(bytes, oneOf(track, 'mdia'));
	if (fourCc(bytes, oneOf(media, 'hdlr').start + 8) !== 'vide') return false;
	const information = childrenOf(bytes, oneOf(media, 'minf'));
	const references = oneOf(childrenOf(bytes, oneOf(information, 'dinf')), 'dref');
	// A reference to another file would make the viewer's player ask a stranger's host.
	const isWhole = boxesIn(bytes, references.start + 8, references.end).every(
		({ start }) => (u8(bytes, start + 3) & SELF_CONTAINED) === SELF_CONTAINED,
	);
	if (!isWhole) throw damaged('its data lies in another file');
	const table = childrenOf(bytes, oneOf(information, 'stbl'));
	const samples = u32(bytes, oneOf(table, 'stsz').start + 8);
	if (samples === 0) throw damaged('its video track has no pictures');
	return true;
}

function readDuration(bytes: Uint8Array, { start }: Box): number {
	const isLong = u8(bytes, start) === 1;
	const timescale = u32(bytes, start + (isLong ? 20 : 12));
	const duration = isLong ? u32(bytes, start + 24) * 2 ** 32 + u32(bytes, start + 28) : u32(bytes, start + 16);
	const durationMs = Math.round((duration / timescale) * 1000);
	if (!Number.isSafeInteger(durationMs) || durationMs <= 0) throw damaged('it has no duration');
	return durationMs;
}

/** Track sizes are 16.16 fixed point; the matrix turns a track by a quarter when its diagonal is zero. */
function readTrackSize(bytes: Uint8Array, { start }: Box): { width: number; height: number } {
	const matrix = start + (u8(bytes, start) === 1 ? 52 : 40);
	const isTurned = u32(bytes, matrix) === 0 && u32(bytes, matrix + 16) === 0 && u32(bytes, matrix + 4) !== 0;
	const width = u16(bytes, matrix + 36);
	const height = u16(bytes, matrix + 40);
	if (width === 0 || height === 0 || width > VIDEO_SIDE_MAX || height > VIDEO_SIDE_MAX) {
		throw damaged('its picture size is wrong');
	}
	return isTurned ? { width: height, height: width } : { width, height };
}
