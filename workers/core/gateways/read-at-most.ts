/** The whole body, or null when it is longer than `bytesMax`; the rest is then not read. */
export async function readAtMost(
	body: ReadableStream<Uint8Array>,
	bytesMax: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	const reader = body.getReader();
	for (let read = await reader.read(); !read.done; read = await reader.read()) {
		length += read.value.byteLength;
		if (length > bytesMax) {
			await reader.cancel();
			return null;
		}
		chunks.push(read.value);
	}
	const bytes = new Uint8Array(length);
	let offset = 0;
	// Each chunk is let go once it is copied, so that the body need not be in memory twice to the end.
	for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
		bytes.set(chunk, offset);
		offset += chunk.byteLength;
	}
	return bytes;
}
