/**
 * The way to the worker that writes and reads marks in files. Its eight megabytes are loaded by the first question, and never by
 * looking at a page; it ends with the answer to the last one.
 */
import type { MarkFacts, ReadMark } from './mark';

/** What a mark is written for: the order that the file shows, which the api asks about before it signs. */
export interface FileOrder {
	readonly renderId: string;
	readonly kind: 'after' | 'video' | 'picture' | 'reel' | 'still' | 'pair';
}

export type MarkRequest =
	| { readonly task: 'write'; readonly file: Blob; readonly order: FileOrder; readonly facts: MarkFacts }
	| { readonly task: 'read'; readonly file: Blob };

export type MarkAnswer =
	/** Null: there was a mark in it already. */
	| { readonly task: 'write'; readonly file: Blob | null }
	| { readonly task: 'read'; readonly mark: ReadMark | null }
	| { readonly task: 'failed' };

/** The file with a mark; null: its maker's was left as it is. Rejects where none could be written. */
export async function writeMarkHere(file: Blob, order: FileOrder, facts: MarkFacts): Promise<Blob | null> {
	const answer = await ask({ task: 'write', file, order, facts });
	if (answer.task !== 'write') throw new Error('No mark was written.');
	return answer.file;
}

/** The mark in a file; null: there is none. Rejects where the file cannot be read. */
export async function readMarkHere(file: Blob): Promise<ReadMark | null> {
	const answer = await ask({ task: 'read', file });
	if (answer.task !== 'read') throw new Error('No mark could be looked for.');
	return answer.mark;
}

async function ask(request: MarkRequest): Promise<MarkAnswer> {
	const worker = new Worker(new URL('./mark-worker.ts', import.meta.url), { type: 'module' });
	try {
		return await new Promise<MarkAnswer>((resolve, reject) => {
			worker.addEventListener('message', ({ data }: MessageEvent<MarkAnswer>) => resolve(data));
			// A script that could not be loaded says so here, and answers nothing.
			worker.addEventListener('error', () => reject(new Error('The worker did not start.')));
			worker.postMessage(request, {});
		});
	} finally {
		worker.terminate();
	}
}
