/** A ZIP whose entries are stored, as `client-zip` writes them: names to bytes, read by its directory (APPNOTE 4.3.12). */
export function readZip(bytes: Uint8Array): Map<string, Uint8Array> {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const END_BYTES = 22;
	const end = bytes.byteLength - END_BYTES;
	if (view.getUint32(end, true) !== 0x06054b50) throw new Error('this ZIP has no end');
	const count = view.getUint16(end + 10, true);
	const files = new Map<string, Uint8Array>();
	let at = view.getUint32(end + 16, true);
	for (let index = 0; index < count; index += 1) {
		if (view.getUint32(at, true) !== 0x02014b50) throw new Error('this ZIP has no entry where its directory says so');
		const size = view.getUint32(at + 24, true);
		const nameBytes = view.getUint16(at + 28, true);
		const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes));
		const local = view.getUint32(at + 42, true);
		const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
		files.set(name, bytes.subarray(start, start + size));
		at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
	}
	return files;
}
