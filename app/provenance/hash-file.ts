/** A slice: small enough that the page shows how far it is, large enough to be read in few. */
const SLICE_BYTES = 4 * 1024 * 1024;

/** SHA-256 of a file, hex, without sending anything. `onProgress` hears 0 to 1. Holds the file in memory once. */
export async function hashFile(file: Blob, onProgress: (share: number) => void = () => {}): Promise<string> {
	const whole = new Uint8Array(file.size);
	for (let at = 0; at < file.size; at += SLICE_BYTES) {
		whole.set(new Uint8Array(await file.slice(at, at + SLICE_BYTES).arrayBuffer()), at);
		onProgress(Math.min(1, (at + SLICE_BYTES) / file.size));
	}
	const hash = await crypto.subtle.digest('SHA-256', whole);
	return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
