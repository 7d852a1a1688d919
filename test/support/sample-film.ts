/** The smallest film that `readFilm` takes for whole, and the ways to spoil it. */

interface FilmParts {
	/** One for each track: its handler and the codec of its only entry. */
	readonly tracks?: readonly (readonly [handler: string, codec: string])[];
	readonly durationMs?: number;
	readonly width?: number;
	readonly height?: number;
	/** A further box inside `moov`. */
	readonly note?: string;
}

const REEL_TRACKS = [
	['vide', 'avc1'],
	['soun', 'mp4a'],
] as const;

/** Six seconds of H.264 and AAC, 1080 by 1920, unless told. */
export function sampleFilm(parts: FilmParts = {}): Uint8Array<ArrayBuffer> {
	const { tracks = REEL_TRACKS, durationMs = 6000, width = 1080, height = 1920, note } = parts;
	const movieHeader = Buffer.alloc(100);
	movieHeader.writeUInt32BE(1000, 12);
	movieHeader.writeUInt32BE(durationMs, 16);
	return new Uint8Array(
		Buffer.concat([
			box('ftyp', Buffer.from('isom\0\0\0\0', 'latin1')),
			box(
				'moov',
				box('mvhd', movieHeader),
				...tracks.map(([handler, codec]) => track(handler, codec, { width, height })),
				...(note === undefined ? [] : [box(note, Buffer.alloc(4))]),
			),
			box('mdat', Buffer.from([1, 2, 3])),
		]),
	);
}

function track(handler: string, codec: string, { width, height }: { width: number; height: number }): Buffer {
	const header = Buffer.alloc(84);
	header.writeUInt32BE(0x10000, 40);
	header.writeUInt32BE(0x10000, 56);
	header.writeUInt16BE(width, 76);
	header.writeUInt16BE(height, 80);
	const says = Buffer.alloc(24);
	says.write(handler, 8, 'latin1');
	const references = Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]), box('url ', Buffer.from([0, 0, 0, 1]))]);
	const sizes = Buffer.alloc(12);
	sizes.writeUInt32BE(150, 8);
	const entries = Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]), box(codec, Buffer.alloc(8))]);
	const table = box('stbl', box('stsd', entries), box('stsz', sizes));
	return box(
		'trak',
		box('tkhd', header),
		box('mdia', box('hdlr', says), box('minf', box('dinf', box('dref', references)), table)),
	);
}

function box(type: string, ...contents: readonly Uint8Array[]): Buffer {
	const body = Buffer.concat(contents);
	const head = Buffer.alloc(8);
	head.writeUInt32BE(body.length + 8);
	head.write(type, 4, 'latin1');
	return Buffer.concat([head, body]);
}

/** A JPEG of 8 by 8 pixels, without notes of a camera. */
export function sampleJpeg(): Uint8Array<ArrayBuffer> {
	return new Uint8Array(Buffer.from(JPEG, 'base64'));
}

const JPEG =
	'/9j/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAABP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AKAAxL//2Q==';
