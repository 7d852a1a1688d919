import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflate } from 'node:zlib';

import { AppError } from '../errors';
import { damaged, type PngPixels } from './image-types';

/** Input goes in small pieces: an engine that inflates a whole piece at once then holds at most 16 MB of output. */
const PIECE_BYTES = 16 * 1024;
const OUTPUT_PIECE_BYTES = 64 * 1024;

/**
 * Inflates a PNG's pixel data, counts it and keeps none of it. Refuses data that is cut, that fails its checksum, or that
 * holds more or less than the header promises: a bomb ends at the first byte too many.
 */
export async function checkPngPixels(png: PngPixels): Promise<void> {
	const inflate = createInflate({ chunkSize: OUTPUT_PIECE_BYTES });
	let count = 0;
	try {
		await pipeline(
			Readable.from(piecesOf(png.pixelData), { objectMode: false }),
			inflate,
			async (inflated: AsyncIterable<Uint8Array>) => {
				for await (const piece of inflated) {
					count += piece.length;
					if (count > png.inflatedByteLength) throw damaged('it holds more pixels than it says');
				}
			},
		);
	} catch (cause) {
		if (cause instanceof AppError) throw cause;
		throw new AppError('invalid_input', damaged('its pixels cannot be read').message, { cause });
	}
	if (count !== png.inflatedByteLength) throw damaged('it holds fewer pixels than it says');
	const byteLength = png.pixelData.reduce((sum, part) => sum + part.length, 0);
	// What the stream did not consume is no pixel, and would travel along unseen.
	if (inflate.bytesWritten !== byteLength) throw damaged('something else stands behind its pixels');
}

function* piecesOf(parts: readonly Uint8Array[]): Generator<Uint8Array> {
	for (const part of parts) {
		for (let at = 0; at < part.length; at += PIECE_BYTES) yield part.subarray(at, at + PIECE_BYTES);
	}
}
