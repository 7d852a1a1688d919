import { crc32, deflateSync } from 'node:zlib';

import { joined } from './sample-images';

export const PNG_SIGNATURE = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);

export interface PngChunk {
	type: string;
	data: Uint8Array;
}

export function chunksOf(png: Uint8Array): PngChunk[] {
	const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
	const chunks: PngChunk[] = [];
	for (let at = 8; at < png.length; at += 12 + view.getUint32(at)) {
		const end = at + 8 + view.getUint32(at);
		chunks.push({
			type: Buffer.from(png.subarray(at + 4, at + 8)).toString('latin1'),
			data: png.subarray(at + 8, end),
		});
	}
	return chunks;
}

export function pngOf(chunks: readonly PngChunk[]): Uint8Array {
	return joined([PNG_SIGNATURE, ...chunks.map(chunkBytes)]);
}

export function chunkBytes({ type, data }: PngChunk): Uint8Array {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const frame = Buffer.alloc(body.length + 8);
	frame.writeUInt32BE(data.length, 0);
	body.copy(frame, 4);
	frame.writeUInt32BE(crc32(body), body.length + 4);
	return new Uint8Array(frame);
}

export function header(fields: { width: number; height: number; depth?: number; colour?: number; interlace?: number }) {
	const data = Buffer.alloc(13);
	data.writeUInt32BE(fields.width, 0);
	data.writeUInt32BE(fields.height, 4);
	data.set([fields.depth ?? 8, fields.colour ?? 2, 0, 0, fields.interlace ?? 0], 8);
	return { type: 'IHDR', data: new Uint8Array(data) };
}

export function pixels(byteLength: number): PngChunk {
	return { type: 'IDAT', data: new Uint8Array(deflateSync(Buffer.alloc(byteLength))) };
}

export const END: PngChunk = { type: 'IEND', data: new Uint8Array() };
