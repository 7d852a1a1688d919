/** The segments that JPEG decoders act on (ITU-T T.81 annex B), checked field by field before they are kept. */
import { AppError } from '../errors';
import { checkDimensions, damaged } from './image-types';
import { u16, u8 } from './read-bytes';

export interface Frame {
	width: number;
	height: number;
	isProgressive: boolean;
	componentIds: ReadonlySet<number>;
	/** Blocks of 8 × 8 samples over all components: each takes at least one bit of the scan data. */
	blocks: number;
}

const SAMPLING_MAX = 4;
const TABLE_MAX = 3;
const POINT_TRANSFORM_MAX = 13;
const LAST_COEFFICIENT = 63;

/** SOF0 baseline, SOF1 extended, SOF2 progressive: the Huffman-coded ones, which are all that browsers show. */
const SHOWN_FRAMES = [0xc0, 0xc1, 0xc2];

/** Reads a frame header; `at` is the first byte after its length, `end` the end of the segment. */
export function readFrame(bytes: Uint8Array, marker: number, at: number, end: number): Frame {
	if (!SHOWN_FRAMES.includes(marker) || u8(bytes, at) !== 8) {
		throw new AppError(
			'unsupported_media_type',
			'This is a special kind of JPEG that browsers do not show. Save it as an ordinary JPEG.',
		);
	}
	const height = u16(bytes, at + 1);
	const width = u16(bytes, at + 3);
	checkDimensions(width, height);
	const count = u8(bytes, at + 5);
	if (![1, 3, 4].includes(count) || end !== at + 6 + 3 * count) throw damaged('its frame header is wrong');

	const components = Array.from({ length: count }, (_, index) => {
		const entry = at + 6 + 3 * index;
		const sampling = u8(bytes, entry + 1);
		return { id: u8(bytes, entry), across: sampling >> 4, down: sampling & 15, table: u8(bytes, entry + 2) };
	});
	const isLegal = components.every(({ across, down, table }) => {
		return inRange(across, 1, SAMPLING_MAX) && inRange(down, 1, SAMPLING_MAX) && table <= TABLE_MAX;
	});
	const componentIds = new Set(components.map(({ id }) => id));
	if (!isLegal || componentIds.size !== count) throw damaged('its colour components are wrong');

	const acrossMax = Math.max(...components.map(({ across }) => across));
	const downMax = Math.max(...components.map(({ down }) => down));
	const blocks = components.reduce((sum, { across, down }) => {
		const columns = Math.ceil((width * across) / acrossMax / 8);
		return sum + columns * Math.ceil((height * down) / downMax / 8);
	}, 0);
	return { width, height, isProgressive: marker === 0xc2, componentIds, blocks };
}

/** Checks a scan header against its frame; answers the components that the scan carries. */
export function readScan(bytes: Uint8Array, frame: Frame, at: number, end: number): readonly number[] {
	const count = u8(bytes, at);
	if (!inRange(count, 1, frame.componentIds.size) || end !== at + 4 + 2 * count)
		throw damaged('a scan header is wrong');
	const ids = Array.from({ length: count }, (_, index) => u8(bytes, at + 1 + 2 * index));
	if (new Set(ids).size !== count || ids.some((id) => !frame.componentIds.has(id))) {
		throw damaged('a scan names a component that is not there');
	}
	if (frame.isProgressive) {
		const first = u8(bytes, end - 3);
		const last = u8(bytes, end - 2);
		const approximation = u8(bytes, end - 1);
		const isSpectrumLegal = first === 0 ? last === 0 : count === 1 && first <= last && last <= LAST_COEFFICIENT;
		const isPrecisionLegal = approximation >> 4 <= POINT_TRANSFORM_MAX && (approximation & 15) <= POINT_TRANSFORM_MAX;
		if (!isSpectrumLegal || !isPrecisionLegal) throw damaged('a progressive scan is wrong');
	}
	return ids;
}

export function checkQuantisation(bytes: Uint8Array, start: number, end: number): void {
	let at = start;
	while (at < end) {
		const head = u8(bytes, at);
		if (head >> 4 > 1 || (head & 15) > TABLE_MAX) throw damaged('a quantisation table is wrong');
		at += 1 + 64 * ((head >> 4) + 1);
	}
	if (at !== end) throw damaged('a quantisation table is cut');
}

export function checkHuffman(bytes: Uint8Array, start: number, end: number): void {
	let at = start;
	while (at < end) {
		const head = u8(bytes, at);
		if (head >> 4 > 1 || (head & 15) > TABLE_MAX) throw damaged('a Huffman table is wrong');
		let codes = 0;
		for (let length = 1; length <= 16; length++) codes += u8(bytes, at + length);
		if (codes > 256) throw damaged('a Huffman table is too long');
		at += 17 + codes;
	}
	if (at !== end) throw damaged('a Huffman table is cut');
}

/** Where the coded data that starts at `from` ends: at the first marker that is neither a stuffed byte nor a restart. */
export function scanDataEnd(bytes: Uint8Array, from: number): number {
	let at = from;
	for (;;) {
		at = bytes.indexOf(0xff, at);
		if (at < 0) throw damaged('its data ends too early');
		const follow = u8(bytes, at + 1);
		if (follow === 0 || inRange(follow, 0xd0, 0xd7)) at += 2;
		else if (follow === 0xff) at += 1;
		else return at;
	}
}

function inRange(value: number, least: number, most: number): boolean {
	return value >= least && value <= most;
}
