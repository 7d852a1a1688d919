import { AppError } from '../core/errors';

/**
 * Reads exactly `byteLength` bytes into one buffer. The announced length is the memory that is used: the first byte beyond it
 * ends the reading, and a body that stops short is refused.
 */
export async function readBody(body: ReadableStream<Uint8Array> | null, byteLength: number): Promise<Uint8Array> {
	const bytes = new Uint8Array(byteLength);
	let received = 0;
	for await (const chunk of body ?? []) {
		if (received + chunk.length > byteLength) {
			throw new AppError(
				'payload_too_large',
				`More than the announced ${byteLength} bytes arrived. Announce the real size.`,
			);
		}
		bytes.set(chunk, received);
		received += chunk.length;
	}
	if (received < byteLength) {
		throw new AppError('invalid_input', `Only ${received} of ${byteLength} bytes arrived. Send the photo again.`);
	}
	return bytes;
}
