import { useRevalidator } from '@remix-run/react';
import { useCallback, useRef } from 'react';

const AGAIN_MS = 30_000;

/**
 * For `onErrorCapture` around pictures and films: their addresses end after minutes, and a new one comes with the page's
 * data. Once per half minute, so that a picture that stays broken does not ask forever.
 */
export function useFreshMedia(): () => void {
	const { revalidate } = useRevalidator();
	const askedAtMs = useRef(0);
	return useCallback(() => {
		const nowMs = Date.now();
		if (nowMs - askedAtMs.current < AGAIN_MS) return;
		askedAtMs.current = nowMs;
		revalidate();
	}, [revalidate]);
}
