/**
 * What is read of a manifest store (JUMBF, ISO/IEC 19566-5) and put into a finished file by hand: where the content of one assertion
 * stands, and the signature in the place that was kept for it.
 */
type Bytes = Uint8Array<ArrayBuffer>;

interface Box {
	readonly type: string;
	readonly content: Bytes;
}

/** The boxes of a box's content, in order. Of broken ones it gives those before. */
function boxesOf(bytes: Bytes): Box[] {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const boxes: Box[] = [];
	let at = 0;
	while (at + 8 <= bytes.length) {
		const length = view.getUint32(at);
		if (length < 8 || at + length > bytes.length) break;
		boxes.push({ type: nameAt(bytes, at + 4), content: bytes.subarray(at + 8, at + length) });
		at += length;
	}
	return boxes;
}

function nameAt(bytes: Bytes, at: number): string {
	return String.fromCharCode(...bytes.subarray(at, at + 4));
}

/** Behind sixteen bytes of a kind and one of flags, up to the zero. */
function labelOf(description: Bytes): string {
	const end = description.indexOf(0, 17);
	return end === -1 ? '' : new TextDecoder().decode(description.subarray(17, end));
}

/** The content of the box with this label, its description first, however deep it lies; null: there is none. */
export function findLabelled(store: Bytes, label: string): Bytes | null {
	for (const { type, content } of boxesOf(store)) {
		if (type !== 'jumb') continue;
		const [description] = boxesOf(content);
		if (description?.type === 'jumd' && labelOf(description.content) === label) return content;
		const inside = findLabelled(content, label);
		if (inside !== null) return inside;
	}
	return null;
}

/** Zeros in a COSE_Sign1 beside its padding and its signature: too many for a length of one byte, so that it is written in two. */
const PAD_MIN = 256;
const EMPTY_SIGNATURE = 64;

/**
 * A COSE_Sign1 that signs nothing, of exactly this length and filled with chance: it keeps the place, and is found again in the finished
 * file. Its length is over 400 bytes.
 */
export function placeholder(length: number): Bytes {
	const head = [0xd2, 0x84, 0x43, 0xa1, 0x01, 0x26, 0xa1, 0x63, 0x70, 0x61, 0x64, 0x59];
	const tail = [0xf6, 0x58, EMPTY_SIGNATURE];
	const pad = length - head.length - 2 - tail.length - EMPTY_SIGNATURE;
	if (pad < PAD_MIN || pad > 0xffff) throw new RangeError('No signature is so long.');
	const bytes = new Uint8Array(length);
	bytes.set([...head, pad >> 8, pad & 255]);
	crypto.getRandomValues(bytes.subarray(head.length + 2, head.length + 2 + pad));
	bytes.set(tail, head.length + 2 + pad);
	return bytes;
}

/** Puts `signature` where `place` stands in the file, once and no more; a PNG's checksum is made anew. Changes `file`. */
export function putSignature(file: Bytes, place: Bytes, signature: Bytes): void {
	if (place.length !== signature.length) throw new RangeError('The signature is longer or shorter than its place.');
	const at = findBytes(file, place);
	if (at === -1) throw new Error('The place of the signature is not in one piece.');
	file.set(signature, at);
	if (PNG.every((byte, index) => file[index] === byte)) sumAgain(file, at);
}

const PNG = [0x89, 0x50, 0x4e, 0x47];
const PNG_HEAD_BYTES = 8;

function findBytes(file: Bytes, wanted: Bytes): number {
	const [first = 0] = wanted;
	for (let at = file.indexOf(first); at !== -1; at = file.indexOf(first, at + 1)) {
		if (wanted.every((byte, index) => file[at + index] === byte)) return at;
	}
	return -1;
}

/** The CRC of the PNG chunk that holds this place (ISO/IEC 15948, annex D). */
function sumAgain(file: Bytes, place: number): void {
	const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
	for (let at = PNG_HEAD_BYTES; at + 12 <= file.length;) {
		const end = at + 8 + view.getUint32(at);
		if (place < end) {
			view.setUint32(end, crc32(file.subarray(at + 4, end)));
			return;
		}
		at = end + 4;
	}
}

function crc32(bytes: Bytes): number {
	let crc = ~0;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc >>> 0;
}
