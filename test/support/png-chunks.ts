import { crc32 } from 'node:zlib';

/** A PNG with further chunks behind its header, which has 25 bytes after the signature's 8. */
export function withChunks(
	png: Uint8Array,
	chunks: readonly (readonly [type: string, data: string])[],
): Uint8Array<ArrayBuffer> {
	const more = chunks.map(([type, data]) => {
		const body = Buffer.from(type + data, 'latin1');
		const frame = Buffer.alloc(body.length + 8);
		frame.writeUInt32BE(data.length, 0);
		body.copy(frame, 4);
		frame.writeUInt32BE(crc32(body), body.length + 4);
		return frame;
	});
	return new Uint8Array(Buffer.concat([png.subarray(0, 33), ...more, png.subarray(33)]));
}
