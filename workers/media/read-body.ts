import { AppError } from '../core/errors';

/** The first buffer is this part of the announced size, and each next one twice the last: the last copy needs 1.5 times the size. */
const FIRST_PART = 1 / 64;

/**
 * Reads exactly `byteLength` bytes into one buffer that grows with what arrives: a sender who announces 25 MB and sends nothing
 * costs next to nothing. The first byte beyond the announced length ends the reading, and a body that stops short is refused.
 * `onChunk` is called before each chunk is kept; what it throws ends the reading.
 */
export async function readBody(
	body: ReadableStream<Uint8Array> | null,
	byteLength: number,
	onChunk: () => void,
): Promise<Uint8Array> {
	let bytes = new Uint8Array(Math.ceil(byteLength * FIRST_PART));
	let received = 0;
	for await (const chunk of body ?? []) {
		onChunk();
		const needed = received + chunk.length;
		if (needed > byteLength) {
			throw new AppError(
				'payload_too_large',
				`More than the announced ${byteLength} bytes arrived. Announce the real size.`,
			);
		}
		if (needed > bytes.length) bytes = grown(bytes, needed, byteLength);
		bytes.set(chunk, received);
		received = needed;
	}
	if (received < byteLength) {
		throw new AppError('invalid_input', `Only ${received} of ${byteLength} bytes arrived. Send the photo again.`);
	}
	return bytes;
}

/** Never longer than `byteLength`, so that a whole body fills its buffer to the end. */
function grown(bytes: Uint8Array<ArrayBuffer>, needed: number, byteLength: number): Uint8Array<ArrayBuffer> {
	let length = Math.max(bytes.length, 1);
	while (length < needed) length *= 2;
	const larger = new Uint8Array(Math.min(length, byteLength));
	larger.set(bytes);
	return larger;
}
