import type { Caption, Easing, Reel, Scene, SceneKind } from './reel';

/** Frames a second of every reel: what each place takes without converting. */
export const FRAMES_PER_SECOND = 30;

/** What a reel shows at one time. Two equal moments are the same frame. */
export interface Moment {
	readonly kind: SceneKind;
	/** 0 on the picture before, 1 on the picture after; eased. */
	readonly progress: number;
	/** Index of the caption that is shown; null without one. */
	readonly caption: number | null;
}

export function secondsOf({ scenes }: Pick<Reel, 'scenes'>): number {
	return scenes.reduce((sum, scene) => sum + secondsOfScene(scene), 0);
}

/** Whole frames of the reel, at least one. */
export function framesOf(reel: Pick<Reel, 'scenes'>): number {
	return Math.max(1, Math.round(secondsOf(reel) * FRAMES_PER_SECOND));
}

/** What is shown at `seconds` from the beginning; times outside the reel show its first and its last frame. */
export function momentAt(reel: Pick<Reel, 'scenes' | 'captions'>, seconds: number): Moment {
	const last = reel.scenes.length - 1;
	let begins = 0;
	for (const [index, scene] of reel.scenes.entries()) {
		const ends = begins + secondsOfScene(scene);
		if (seconds < ends || index === last) {
			const progress = progressIn(scene, seconds - begins);
			return { kind: scene.kind, progress, caption: captionAt(reel.captions, seconds) };
		}
		begins = ends;
	}
	throw new RangeError('A reel needs at least one scene.');
}

/** The moment of a whole frame, counted from 0. */
export function momentOfFrame(reel: Pick<Reel, 'scenes' | 'captions'>, frame: number): Moment {
	return momentAt(reel, frame / FRAMES_PER_SECOND);
}

export function isSameMoment(one: Moment, other: Moment): boolean {
	return one.kind === other.kind && one.progress === other.progress && one.caption === other.caption;
}

/**
 * Where the cut of a wipe or a sweep stands, as a share of the width from the left: the picture before is left of it. A
 * wipe goes once from the right to the left; a sweep over, back, and over for good, as a hand moves a slider.
 */
export function cutOf({ kind, progress }: Pick<Moment, 'kind' | 'progress'>): number {
	return 1 - (kind === 'sweep' ? swept(progress) : progress);
}

function swept(progress: number): number {
	const [over, back, home] = SWEEP;
	if (progress < over.until) return over.to * smooth(progress / over.until);
	if (progress < back.until) {
		return over.to + (back.to - over.to) * smooth((progress - over.until) / (back.until - over.until));
	}
	return back.to + (home.to - back.to) * smooth((progress - back.until) / (1 - back.until));
}

/** The share of the frame that the picture before keeps in a split: all of it, half of it while both are compared, none. */
export function splitShare(progress: number): number {
	if (progress < SPLIT_MOVE) return 1 - smooth(progress / SPLIT_MOVE) / 2;
	if (progress <= 1 - SPLIT_MOVE) return 0.5;
	return (1 - smooth((progress - 1 + SPLIT_MOVE) / SPLIT_MOVE)) / 2;
}

/** How much of the picture after a zoom lets through, and how near it is: near in the middle, whole at both ends. */
export function zoomAt(progress: number): { readonly mix: number; readonly nearness: number } {
	const mix = smooth(Math.min(1, Math.max(0, (progress - MIX_FROM) / (MIX_TO - MIX_FROM))));
	const near = progress < 0.5 ? smooth(progress * 2) : smooth((1 - progress) * 2);
	return { mix, nearness: 1 + (ZOOM_MAX - 1) * near };
}

/** The part of a zoom in which one picture turns into the other, while it is nearest. */
const MIX_FROM = 0.38;
const MIX_TO = 0.62;
const ZOOM_MAX = 1.9;
/** The part of a split in which the second picture arrives, and the one in which the first leaves. */
const SPLIT_MOVE = 0.22;
const SWEEP = [
	{ to: 0.82, until: 0.4 },
	{ to: 0.3, until: 0.68 },
	{ to: 1, until: 1 },
] as const;

function secondsOfScene({ seconds: { before, motion, after } }: Scene): number {
	return before + motion + after;
}

function progressIn(scene: Scene, seconds: number): number {
	const { before, motion } = scene.seconds;
	if (seconds <= before) return 0;
	if (seconds >= before + motion) return 1;
	return eased(scene.easing, (seconds - before) / motion);
}

function captionAt(captions: readonly Caption[], seconds: number): number | null {
	const index = captions.findIndex(({ from, to }) => seconds >= from && seconds < to);
	return index === -1 ? null : index;
}

function eased(easing: Easing, share: number): number {
	switch (easing) {
		case 'linear':
			return share;
		case 'ease_in_out':
			return smooth(share);
		case 'ease_out':
			return 1 - (1 - share) ** 3;
	}
}

/** Begins and ends at rest: 6t⁵ − 15t⁴ + 10t³. */
function smooth(share: number): number {
	return share ** 3 * (share * (share * 6 - 15) + 10);
}
