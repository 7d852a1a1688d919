import type { MusicId } from '../music/pieces';
import type { LabelChoice } from './label';

/**
 * A reel as data: what is shown when, and nothing of how. The same reel is laid out in every format, so a practice
 * arranges once and exports for each place (N8, requirements §5.6).
 */
export interface Reel {
	/** One after another; each begins on the picture before and ends on the one after. At least one. */
	readonly scenes: readonly Scene[];
	readonly captions: readonly Caption[];
	readonly brand: Brand;
	readonly label: LabelChoice;
	readonly music: MusicId | null;
	/** The point that zoom moves toward and that stays in view when a picture is cropped, as shares of its width and height. */
	readonly focus: Point;
}

export interface Point {
	readonly x: number;
	readonly y: number;
}

export type SceneKind = 'wipe' | 'sweep' | 'split' | 'zoom';
export type Easing = 'linear' | 'ease_in_out' | 'ease_out';

export interface Scene {
	readonly kind: SceneKind;
	readonly easing: Easing;
	/** Seconds that the picture before stands still, then of the motion, then that the picture after stands still. */
	readonly seconds: { readonly before: number; readonly motion: number; readonly after: number };
}

export interface Caption {
	readonly text: string;
	/** Seconds from the beginning of the reel; shown from the first up to, not at, the second. */
	readonly from: number;
	readonly to: number;
}

/** How the practice signs its reel. */
export interface Brand {
	readonly name: string;
	readonly showsLogo: boolean;
	/** The practice's two colours as `#rrggbb`: of the cut, the handle and the tags, and of what lies behind words and pictures. */
	readonly accent: string;
	readonly ground: string;
}

export type FormatId = '9:16' | '4:5' | '1:1' | '16:9';

export interface Format {
	readonly id: FormatId;
	readonly width: number;
	readonly height: number;
}

/** Pixels as the places ask for them (requirements §5.6); both sides are even, as H.264 needs. */
export const FORMATS: Readonly<Record<FormatId, Format>> = {
	'9:16': { id: '9:16', width: 1080, height: 1920 },
	'4:5': { id: '4:5', width: 1080, height: 1350 },
	'1:1': { id: '1:1', width: 1080, height: 1080 },
	'16:9': { id: '16:9', width: 1920, height: 1080 },
};

export const FORMAT_IDS: readonly FormatId[] = ['9:16', '4:5', '1:1', '16:9'];
export const SCENE_KINDS: readonly SceneKind[] = ['wipe', 'sweep', 'split', 'zoom'];

/** What is longer cannot be read while the scene plays. */
export const CAPTION_LENGTH_MAX = 90;
export const CAPTIONS_MAX = 4;

/** Seconds that both pictures stand at least: shorter, and nobody sees what was before or what came of it. */
const HOLD_SECONDS = 0.9;

/** A scene of `seconds` in all, its pictures standing for a sixth of it each, and no shorter than can be seen. */
export function sceneOf(kind: SceneKind, seconds: number): Scene {
	const hold = Math.max(HOLD_SECONDS, seconds / 6);
	const easing = kind === 'wipe' ? 'ease_in_out' : 'linear';
	return { kind, easing, seconds: { before: hold, motion: seconds - 2 * hold, after: hold } };
}
