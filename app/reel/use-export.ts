import { useCallback, useEffect, useRef, useState } from 'react';

import { layOut } from '../../smile/reel/layout';
import { FORMATS, type FormatId, type Reel } from '../../smile/reel/reel';
import { framesOf } from '../../smile/reel/timeline';
import { measureOn, sizesOf, type ReelPictures } from './canvas-pen';

/** A finished film in this page's memory. */
export interface Film {
	readonly format: FormatId;
	readonly url: string;
	readonly bytes: number;
	readonly blob: Blob;
}

export type ExportState =
	| { readonly at: 'rest'; readonly isCancelled: boolean }
	| { readonly at: 'running'; readonly format: FormatId; readonly frames: number; readonly total: number }
	| { readonly at: 'failed'; readonly sentence: string }
	| { readonly at: 'done'; readonly films: readonly Film[] };

const REST: ExportState = { at: 'rest', isCancelled: false };

/** Exports a reel in one format or in several, one after another; what was made before goes when a new one is begun. */
export function useExport(reel: Reel, pictures: ReelPictures) {
	const [state, setState] = useState<ExportState>(REST);
	const road = useRef<AbortController | null>(null);
	const films = useRef<Film[]>([]);
	const forget = useCallback(() => {
		for (const { url } of films.current) URL.revokeObjectURL(url);
		films.current = [];
	}, []);
	useEffect(
		() => () => {
			road.current?.abort();
			forget();
		},
		[forget],
	);

	const begin = useCallback(
		async (formats: readonly FormatId[]) => {
			road.current?.abort();
			const { signal } = (road.current = new AbortController());
			forget();
			const total = framesOf(reel) * formats.length;
			try {
				for (const [index, format] of formats.entries()) {
					const before = framesOf(reel) * index;
					const show = (frames: number) => {
						if (!signal.aborted) setState({ at: 'running', format, frames: before + frames, total });
					};
					show(0);
					const blob = await exportOne(reel, pictures, format, { signal, onProgress: show });
					signal.throwIfAborted();
					films.current.push({ format, url: URL.createObjectURL(blob), bytes: blob.size, blob });
				}
				setState({ at: 'done', films: [...films.current] });
			} catch (error) {
				forget();
				if (!signal.aborted) setState({ at: 'failed', sentence: await sentenceOf(error) });
			}
		},
		[forget, pictures, reel],
	);
	const cancel = useCallback(() => {
		road.current?.abort();
		setState({ at: 'rest', isCancelled: true });
	}, []);
	return { state, begin, cancel };
}

async function exportOne(
	reel: Reel,
	pictures: ReelPictures,
	format: FormatId,
	options: { signal: AbortSignal; onProgress: (frames: number) => void },
): Promise<Blob> {
	const measuring = new OffscreenCanvas(1, 1).getContext('2d');
	if (measuring === null) throw new Error('This browser gives no canvas.');
	const layout = layOut(reel, FORMATS[format], sizesOf(pictures), measureOn(measuring));
	const { exportReel } = await import('./export-reel');
	return exportReel({ reel, layout }, pictures, options);
}

async function sentenceOf(error: unknown): Promise<string> {
	const { ExportRefusal } = await import('./export-reel');
	if (error instanceof ExportRefusal) return error.message;
	console.warn('A film could not be encoded.', error);
	return 'The encoder of this browser stopped. Nothing is left of the film. Close other tabs and export it again.';
}
