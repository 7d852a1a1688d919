// The encoder's MP4 plays, but its index is at the end (a player must load all before the first picture), lists no
// keyframes (seeking lands on broken pictures) and names no colour space (players guess). Boxes: ISO/IEC 14496-12.

const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl']);

/** Bytes before the child boxes: version and count of a sample table, fixed fields of a picture format. */
const CHILDREN_AFTER_BYTES: Readonly<Record<string, number>> = { stsd: 8, avc1: 78 };

const HEADER_BYTES = 8;

/** BT.709 primaries, transfer and matrix, limited range: what `yuvOf` makes. */
const COLOUR = box('colr', Buffer.from([...Buffer.from('nclx'), 0, 1, 0, 1, 0, 1, 0]));

interface Box {
	readonly type: string;
	readonly payload: Buffer;
	/** Where the payload starts in the file or in the box around it. */
	readonly at: number;
}

/** The same film with its index first, its keyframes listed (one every `keyframeEvery` frames) and its colours named. */
export function streamableMp4(mp4: Uint8Array, keyframeEvery: number): Uint8Array {
	const boxes = boxesOf(Buffer.from(mp4));
	const [type, index, pictures] = ['ftyp', 'moov', 'mdat'].map((name) => boxes.find((entry) => entry.type === name));
	if (!type || !index || !pictures) throw new Error('The encoder wrote no whole MP4.');
	const head = box('ftyp', type.payload);
	const indexLength = rewrite(index, keyframeEvery, 0).length;
	const shift = head.length + indexLength + HEADER_BYTES - pictures.at;
	return Buffer.concat([head, rewrite(index, keyframeEvery, shift), box('mdat', pictures.payload)]);
}

/** The direct children of a stretch of boxes. */
function boxesOf(bytes: Buffer): Box[] {
	const boxes: Box[] = [];
	for (let at = 0; at + HEADER_BYTES <= bytes.length;) {
		const size = bytes.readUInt32BE(at);
		if (size < HEADER_BYTES || at + size > bytes.length) throw new Error('The encoder wrote a box of no known size.');
		boxes.push({
			type: bytes.toString('latin1', at + 4, at + HEADER_BYTES),
			payload: bytes.subarray(at + HEADER_BYTES, at + size),
			at: at + HEADER_BYTES,
		});
		at += size;
	}
	return boxes;
}

function rewrite({ type, payload }: Box, keyframeEvery: number, shift: number): Buffer {
	if (type === 'stco') return box(type, shifted(payload, shift));
	const fixed = CHILDREN_AFTER_BYTES[type] ?? (CONTAINERS.has(type) ? 0 : undefined);
	if (fixed === undefined) return box(type, payload);
	const inner = boxesOf(payload.subarray(fixed));
	const children = inner.map((child) => rewrite(child, keyframeEvery, shift));
	if (type === 'avc1') children.push(COLOUR);
	const sizes = inner.find((child) => child.type === 'stsz');
	if (type === 'stbl' && sizes) children.push(keyframeList(sizes.payload.readUInt32BE(8), keyframeEvery));
	return box(type, Buffer.concat([payload.subarray(0, fixed), ...children]));
}

/** The chunk offsets, which count from the start of the file, after the pictures have moved by `shift` bytes. */
function shifted(payload: Buffer, shift: number): Buffer {
	const moved = Buffer.from(payload);
	for (let at = 8; at + 4 <= moved.length; at += 4) moved.writeUInt32BE(moved.readUInt32BE(at) + shift, at);
	return moved;
}

function keyframeList(frames: number, keyframeEvery: number): Buffer {
	const count = Math.ceil(frames / keyframeEvery);
	const payload = Buffer.alloc(8 + count * 4);
	payload.writeUInt32BE(count, 4);
	for (let entry = 0; entry < count; entry++) payload.writeUInt32BE(entry * keyframeEvery + 1, 8 + entry * 4);
	return box('stss', payload);
}

function box(type: string, payload: Uint8Array): Buffer {
	const header = Buffer.alloc(HEADER_BYTES);
	header.writeUInt32BE(HEADER_BYTES + payload.length);
	header.write(type, 4, 'latin1');
	return Buffer.concat([header, payload]);
}
