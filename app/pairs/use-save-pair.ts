import { useCallback, useEffect, useRef, useState } from 'react';

import { savePair, type PairWish } from './save-pair';

export type SaveState =
	| { readonly at: 'rest' }
	| { readonly at: 'saving'; readonly share: number }
	| { readonly at: 'unsigned'; readonly subjectId: string }
	| { readonly at: 'failed'; readonly sentence: string }
	| { readonly at: 'saved'; readonly renderId: string; readonly reference: string };

/** One pair on its way to be kept; begun again, it goes on where it stopped. */
export function useSavePair() {
	const [state, setState] = useState<SaveState>({ at: 'rest' });
	const road = useRef<AbortController | null>(null);
	useEffect(() => () => road.current?.abort(), []);
	const begin = useCallback(async (wish: PairWish, still: () => Promise<Blob>) => {
		road.current?.abort();
		const { signal } = (road.current = new AbortController());
		setState({ at: 'saving', share: 0 });
		const onProgress = (share: number) => {
			if (!signal.aborted) setState({ at: 'saving', share });
		};
		const saved = await savePair({ wish, still, onProgress, signal });
		if (signal.aborted) return;
		if (saved.ok) setState({ at: 'saved', renderId: saved.renderId, reference: wish.reference });
		else if ('subjectId' in saved) setState({ at: 'unsigned', subjectId: saved.subjectId });
		else setState({ at: 'failed', sentence: saved.sentence });
	}, []);
	const cancel = useCallback(() => {
		road.current?.abort();
		setState({ at: 'rest' });
	}, []);
	return { state, begin, cancel };
}
