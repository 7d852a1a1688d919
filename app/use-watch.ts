import { useRevalidator } from '@remix-run/react';
import { useEffect, useState } from 'react';

const LOOK_EVERY_MS = 2_000;

/**
 * Looks again, every two seconds unless `pauseMs` says otherwise, while something is under way; a hidden page waits until
 * it is seen, and after `looksMax` it rests. Answers how often it has looked.
 */
export function useWatch(
	isRunning: boolean,
	pauseMs: (looks: number) => number = () => LOOK_EVERY_MS,
	looksMax = Number.POSITIVE_INFINITY,
): number {
	const { revalidate, state } = useRevalidator();
	const [looks, setLooks] = useState(0);
	const pause = pauseMs(looks);
	const isWatching = isRunning && looks < looksMax;
	useEffect(() => {
		if (!isWatching || state !== 'idle') return undefined;
		const look = () => {
			if (document.hidden) return;
			setLooks((before) => before + 1);
			revalidate();
		};
		const timer = setTimeout(look, pause);
		document.addEventListener('visibilitychange', look);
		return () => {
			clearTimeout(timer);
			document.removeEventListener('visibilitychange', look);
		};
	}, [isWatching, state, revalidate, pause]);
	return looks;
}
