import type { Shade } from '../../smile/shades';

/** Linear light, red, green, blue, 0 to 1. */
export type Rgb = readonly [number, number, number];

/** A point in head space: x to the viewer's right, y up, z toward the viewer. */
export type Point = readonly [number, number, number];

export type HairStyle = 'long' | 'short' | 'curls' | 'bun';

/** Everything that tells one drawn patient from another. Angles in radians, lengths in head units. */
export interface Patient {
	readonly name: string;
	/** Moves the grain, the strands and the small irregularities, so that a picture can be drawn again exactly. */
	readonly seed: number;
	readonly pose: { readonly yaw: number; readonly pitch: number; readonly roll: number };
	readonly head: {
		/** 0 is a soft jaw, 1 a square one. */
		readonly jaw: number;
		/** Added to the width of the face, about ±0.04. */
		readonly width: number;
		readonly nose: number;
		/** Depth of the smile lines, 0 to 1. */
		readonly age: number;
		readonly neck: number;
	};
	readonly eyes: { readonly iris: Rgb; readonly open: number; readonly tilt: number; readonly lash: number };
	readonly brows: { readonly colour: Rgb; readonly thick: number; readonly arch: number };
	readonly mouth: {
		/** How far the smile is open: 1 shows the upper teeth, 0 is closed. */
		readonly open: number;
		readonly halfWidth: number;
		readonly fullness: number;
		readonly lip: Rgb;
		/** Albedo of the middle of a central incisor: what fixes the drawn shade. */
		readonly tooth: Rgb;
		/** Width of a gap between the two front teeth. */
		readonly gap: number;
		/** How far the gum comes down over the necks of the teeth; 0 or left out: a rim is seen. */
		readonly gums?: number;
		/** Metal brackets and their wire on the upper teeth. */
		readonly hasBraces?: boolean;
	};
	readonly skin: { readonly tone: Rgb; readonly blush: Rgb; readonly freckles: number; readonly stubble: number };
	readonly hair: { readonly style: HairStyle; readonly dark: Rgb; readonly light: Rgb; readonly gloss: number };
	readonly clothes: { readonly colour: Rgb; readonly neckline: 'crew' | 'high' | 'collar' };
	readonly earrings: Rgb | null;
	/** The wall, at the upper left and at the lower right. */
	readonly wall: readonly [Rgb, Rgb];
	readonly exposure: number;
	/** The shade the teeth are drawn in, and the one the second photo shows. */
	readonly shades: { readonly from: Shade; readonly to: Shade };
}
