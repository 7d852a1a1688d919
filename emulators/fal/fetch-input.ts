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
		const chunks: Uint8Array[] = [];
		let size = 0;
		for await (const chunk of answer.body) {
			size += chunk.length;
			// Leaving the loop cancels the body, so no more of it is sent.
			if (size > INPUT_BYTES_MAX) return { ok: false, message: 'The file is too large.' };
			chunks.push(chunk);
		}
		return { ok: true, bytes: Buffer.concat(chunks) };
	} catch {
		return { ok: false, message: 'The file could not be downloaded.' };
	}
}
