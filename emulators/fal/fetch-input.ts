import { isLoopback } from '../loopback';

/** A little above the largest upload the product takes. */
const INPUT_BYTES_MAX = 30 * 1024 * 1024;
const INPUT_SECONDS_MAX = 20;

/** A file the model was told to read, or why it cannot. Loopback only; redirects are followed nowhere else. */
export async function fetchInput(
	url: string,
	signal: AbortSignal,
): Promise<{ ok: true; bytes: Uint8Array } | { ok: false; message: string }> {
	if (url.startsWith('data:')) {
		const bytes = Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
		return bytes.length <= INPUT_BYTES_MAX ? { ok: true, bytes } : { ok: false, message: 'The file is too large.' };
	}
	if (!isLoopback(url)) return { ok: false, message: 'This stand-in reads files from loopback addresses only.' };
	try {
		const limit = AbortSignal.any([signal, AbortSignal.timeout(INPUT_SECONDS_MAX * 1000)]);
		const answer = await fetch(url, { signal: limit, redirect: 'error' });
		if (!answer.ok || !answer.body) return { ok: false, message: `The file's address answered ${answer.status}.` };
		const bytes = await readUpTo(answer.body, INPUT_BYTES_MAX);
		return bytes ? { ok: true, bytes } : { ok: false, message: 'The file is too large.' };
	} catch {
		return { ok: false, message: 'The file could not be downloaded.' };
	}
}

async function readUpTo(body: ReadableStream<Uint8Array>, bytesMax: number): Promise<Uint8Array | undefined> {
	const reader = body.getReader();
	const chunks: Uint8Array[] = [];
	for (let size = 0; ;) {
		const { done, value } = await reader.read();
		if (done) return Buffer.concat(chunks);
		size += value.length;
		if (size > bytesMax) {
			await reader.cancel();
			return undefined;
		}
		chunks.push(value);
	}
}
