import { useRevalidator } from '@remix-run/react';
import { useEffect } from 'react';

const LOOK_EVERY_MS = 2_000;

/** Looks again every two seconds while something is being made; a hidden page waits until it is seen. */
export function useWatch(isRunning: boolean): void {
	const { revalidate, state } = useRevalidator();
	useEffect(() => {
		if (!isRunning || state !== 'idle') return undefined;
		const timer = setTimeout(() => {
			if (!document.hidden) revalidate();
		}, LOOK_EVERY_MS);
		const onSeen = () => {
			if (!document.hidden) revalidate();
		};
		document.addEventListener('visibilitychange', onSeen);
		return () => {
			clearTimeout(timer);
			document.removeEventListener('visibilitychange', onSeen);
		};
	}, [isRunning, state, revalidate]);
}
