/** The smallest outputs that `checkOutput` takes for whole, so that tests in workerd need no encoder. */
import { crc32, deflateSync } from 'node:zlib';

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10];

export function samplePng(width = 8, height = 6): Uint8Array<ArrayBuffer> {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, 2], 8);
	const rows = Buffer.alloc(height * (1 + width * 3));
	return joined(
		Buffer.from(PNG_SIGNATURE),
		chunk('IHDR', header),
		chunk('IDAT', deflateSync(rows)),
		chunk('IEND', Buffer.alloc(0)),
	);
}

/** Five seconds, 64 by 96. */
export function sampleMp4(): Uint8Array<ArrayBuffer> {
	const movieHeader = Buffer.alloc(100);
	movieHeader.writeUInt32BE(1000, 12);
	movieHeader.writeUInt32BE(5000, 16);
	const trackHeader = Buffer.alloc(84);
	trackHeader.writeUInt32BE(0x10000, 40);
	trackHeader.writeUInt32BE(0x10000, 56);
	trackHeader.writeUInt16BE(64, 76);
	trackHeader.writeUInt16BE(96, 80);
	const handler = Buffer.alloc(24);
	handler.write('vide', 8, 'latin1');
	const references = Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]), box('url ', Buffer.from([0, 0, 0, 1]))]);
	const sizes = Buffer.alloc(12);
	sizes.writeUInt32BE(150, 8);
	const information = box('minf', box('dinf', box('dref', references)), box('stbl', box('stsz', sizes)));
	const track = box('trak', box('tkhd', trackHeader), box('mdia', box('hdlr', handler), information));
	return joined(
		box('ftyp', Buffer.from('isom\0\0\0\0', 'latin1')),
		box('moov', box('mvhd', movieHeader), track),
		box('mdat', Buffer.from([1, 2, 3])),
	);
}

function chunk(type: string, data: Uint8Array): Buffer {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const frame = Buffer.alloc(body.length + 8);
	frame.writeUInt32BE(data.length, 0);
	body.copy(frame, 4);
	frame.writeUInt32BE(crc32(body), body.length + 4);
	return frame;
}

function box(type: string, ...contents: readonly Uint8Array[]): Buffer {
	const body = Buffer.concat(contents);
	const head = Buffer.alloc(8);
	head.writeUInt32BE(body.length + 8);
	head.write(type, 4, 'latin1');
	return Buffer.concat([head, body]);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
	return new Uint8Array(Buffer.concat(parts));
}
