import { useCallback, useEffect, useRef, useState } from 'react';

import { OPEN_ROADS, sendBytes, type Roads } from '../upload/send-upload';
import type { Keep } from './settings';

export type KeepState =
	| { readonly at: 'rest'; readonly isCancelled: boolean }
	/** `share` of the bytes left the device, 0 to 1. */
	| { readonly at: 'sending'; readonly share: number }
	| { readonly at: 'failed'; readonly sentence: string }
	| { readonly at: 'kept' };

/** What a file is kept as (`POST /v1/compositions`). */
export type KeptKind = 'reel' | 'still_pair' | 'poster';

const BROKE =
	'The connection broke before the file was through. Should it have arrived, it is deleted within 15 minutes. It is still in this tab.';

/** Sends one file to be kept with its order. Answers what went wrong, or null when it is kept; `signal` ends it. */
export async function keepFile(
	order: {
		readonly blob: Blob;
		readonly kind: KeptKind;
		readonly keep: Pick<Keep, 'renderId' | 'madeOf'>;
		readonly onProgress: (share: number) => void;
		readonly signal: AbortSignal;
	},
	roads: Roads = OPEN_ROADS,
): Promise<string | null> {
	const { blob, kind, keep, onProgress, signal } = order;
	const words = { renderId: keep.renderId, madeOf: keep.madeOf, kind };
	const sent = await sendBytes({ blob, path: '/v1/compositions', words, onProgress, signal }, roads);
	return sent.ok ? null : (sent.failure.answer?.sentence ?? BROKE);
}

/** One file on its way to be kept: begun, cancelled, tried again. It stays in this tab whatever becomes of it. */
export function useKeep(blob: Blob, kind: KeptKind, keep: Keep) {
	const [state, setState] = useState<KeepState>({ at: 'rest', isCancelled: false });
	const road = useRef<AbortController | null>(null);
	useEffect(() => () => road.current?.abort(), []);
	const begin = useCallback(async () => {
		road.current?.abort();
		const { signal } = (road.current = new AbortController());
		setState({ at: 'sending', share: 0 });
		const onProgress = (share: number) => {
			if (!signal.aborted) setState({ at: 'sending', share });
		};
		const sentence = await keepFile({ blob, kind, keep, onProgress, signal });
		if (!signal.aborted) setState(sentence === null ? { at: 'kept' } : { at: 'failed', sentence });
	}, [blob, keep, kind]);
	const cancel = useCallback(() => {
		road.current?.abort();
		setState({ at: 'rest', isCancelled: true });
	}, []);
	return { state, begin, cancel };
}
