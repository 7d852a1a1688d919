import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WipeNews, WipeOrder } from './wipe-messages';

/** The longest film (15 s at 1080p) takes half a minute on two cores; a thread that hangs must not hang its request. */
const ENCODE_SECONDS_MAX = 120;

const films = new Map<string, Uint8Array>();
let areKept = false;

/**
 * From here on this process encodes one film of the same pictures once: for tests, which film few patients many times. Answers
 * how to stop.
 */
export function keepFilms(): () => void {
	areKept = true;
	return () => {
		areKept = false;
		films.clear();
	};
}

/** The film of these pictures: a kept one, or a new one. */
export async function wipeFilm(...[order, onProgress, signal]: Parameters<typeof encodeWipe>): Promise<Uint8Array> {
	if (!areKept) return encodeWipe(order, onProgress, signal);
	const { before, after, ...rest } = order;
	const name = createHash('sha256').update(before).update(after).update(JSON.stringify(rest)).digest('hex');
	const film = films.get(name) ?? (await encodeWipe(order, onProgress, signal));
	films.set(name, film);
	return film;
}

/**
 * Encodes the before/after wipe as an H.264 MP4 in a thread of its own. `onProgress` hears 0 to 1.
 * Both pictures have exactly the film's size, which is even on both sides.
 */
export function encodeWipe(
	order: WipeOrder,
	onProgress: (fraction: number) => void,
	signal: AbortSignal,
): Promise<Uint8Array> {
	const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
	const worker = new Worker(fileURLToPath(new URL('./wipe-worker.ts', import.meta.url).href), {
		workerData: order,
		execArgv: ['--import', tsx],
	});
	const stop = AbortSignal.any([signal, AbortSignal.timeout(ENCODE_SECONDS_MAX * 1000)]);
	return new Promise<Uint8Array>((resolve, reject) => {
		stop.addEventListener('abort', () => reject(new Error('The film was stopped.', { cause: stop.reason })), {
			once: true,
		});
		worker.on('message', (news: WipeNews) => {
			if (news.type === 'progress') onProgress(news.fraction);
			else resolve(news.mp4);
		});
		worker.on('error', reject);
		worker.on('exit', (code) => reject(new Error(`The encoding thread ended with status ${code}.`)));
	}).finally(() => worker.terminate());
}
