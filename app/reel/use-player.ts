import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';

import type { Reel } from '../../smile/reel/reel';
import { framesOf, FRAMES_PER_SECOND, secondsOf } from '../../smile/reel/timeline';
import { playMusic } from './music-player';

const REDUCED = '(prefers-reduced-motion: reduce)';

/** The frame that the preview shows, and how it moves. It stands still until somebody plays it. */
export function usePlayer(reel: Reel) {
	const total = framesOf(reel);
	const [wanted, setFrame] = useState(0);
	const [playedFrom, setPlayedFrom] = useState<number | null>(null);
	const frame = Math.min(wanted, total - 1);
	const isStill = useReducedMotion();
	const { music } = reel;
	const seconds = secondsOf(reel);

	useEffect(() => {
		if (playedFrom === null) return undefined;
		const first = playedFrom >= total - 1 ? 0 : playedFrom;
		const stopMusic = music === null ? null : playMusic(music, seconds, first / FRAMES_PER_SECOND);
		const startedAt = performance.now();
		let asked = requestAnimationFrame(step);
		function step(): void {
			const now = first + Math.floor(((performance.now() - startedAt) * FRAMES_PER_SECOND) / 1000);
			setFrame(Math.min(now, total - 1));
			if (now >= total - 1) setPlayedFrom(null);
			else asked = requestAnimationFrame(step);
		}
		return () => {
			cancelAnimationFrame(asked);
			stopMusic?.();
		};
	}, [playedFrom, music, seconds, total]);

	/** Plays or pauses; with reduced motion it shows the next second and nothing moves. */
	const press = useCallback(() => {
		if (!isStill) return setPlayedFrom((from) => (from === null ? frame : null));
		setFrame((now) => (now >= total - 1 ? 0 : Math.min(total - 1, now + FRAMES_PER_SECOND)));
	}, [frame, isStill, total]);
	const seek = useCallback((to: number) => {
		setPlayedFrom(null);
		setFrame(to);
	}, []);
	return { frame, total, isPlaying: playedFrom !== null, isStill, press, seek };
}

function useReducedMotion(): boolean {
	return useSyncExternalStore(watchMotion, isMotionReduced, () => true);
}

function isMotionReduced(): boolean {
	return matchMedia(REDUCED).matches;
}

function watchMotion(changed: () => void): () => void {
	const query = matchMedia(REDUCED);
	query.addEventListener('change', changed);
	return () => query.removeEventListener('change', changed);
}
