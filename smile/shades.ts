import type { Lab } from './colour';

// From lightest to darkest as VITA orders its guide by value. Data and not a sort: the approximate Lab values below would
// swap some neighbours.
const CLASSICAL = [
	'B1',
	'A1',
	'B2',
	'D2',
	'A2',
	'C1',
	'C2',
	'D4',
	'A3',
	'D3',
	'B3',
	'A3.5',
	'B4',
	'C3',
	'A4',
	'C4',
] as const;
const BLEACH = ['BL1', 'BL2', 'BL3', 'BL4'] as const;

/** The 16 tabs of the VITA classical guide and four bleach tabs, which are no natural tooth shades. */
export const SHADES = [...CLASSICAL, ...BLEACH] as const;
export type Shade = (typeof SHADES)[number];

/** Every tab from lightest to darkest, bleach first. */
export const VALUE_ORDER: readonly Shade[] = [...BLEACH, ...CLASSICAL];

/** What the letters of the guide stand for (requirements 5.2), and that its order here is by value. */
export const CLASSICAL_WORDS =
	'VITA classical, from light to dark. A is reddish brown, B reddish yellow, C grey, D reddish grey.';
export const BLEACH_WORDS = 'BL1 to BL4 are bleach shades, lighter than grown teeth.';

const LAB_BY_SHADE = {
	B1: { l: 78.9, a: -1.76, b: 12.33 },
	A1: { l: 79.57, a: -1.61, b: 13.05 },
	B2: { l: 76.66, a: -1.62, b: 16.62 },
	D2: { l: 75.27, a: -0.54, b: 13.47 },
	A2: { l: 76.04, a: -0.08, b: 16.73 },
	C1: { l: 74.29, a: -1.26, b: 12.56 },
	C2: { l: 70.95, a: -0.22, b: 16.72 },
	D4: { l: 71.84, a: -1.03, b: 17.77 },
	A3: { l: 75.36, a: 1.36, b: 19.61 },
	D3: { l: 72.55, a: 0.62, b: 16.14 },
	B3: { l: 74.13, a: 0.47, b: 22.34 },
	'A3.5': { l: 72.31, a: 1.48, b: 21.81 },
	B4: { l: 71.81, a: 0.5, b: 22.15 },
	C3: { l: 68.83, a: -0.01, b: 16.68 },
	A4: { l: 68.56, a: 1.58, b: 21 },
	C4: { l: 64.78, a: 1.59, b: 18.66 },
	BL1: { l: 84.5, a: -1.1, b: 4.5 },
	BL2: { l: 83.2, a: -1.3, b: 6.5 },
	BL3: { l: 81.8, a: -1.5, b: 8.5 },
	BL4: { l: 80.5, a: -1.6, b: 10.5 },
} as const satisfies Record<Shade, Lab>;

/** Whether `value` names a tab, exactly as it is printed on the guide. */
export function isShade(value: string): value is Shade {
	return Object.hasOwn(LAB_BY_SHADE, value);
}

/**
 * The approximate Lab of a tab. Only the ratio between two tabs means anything; it is never compared with a photo.
 *
 * VITA classical as attributed to O'Brien, Groh and Boenke, J Dent Res 1990, not checked against the paper. The bleach
 * tabs are extrapolated from them and were published by nobody. Measured guides differ by 2 ΔE00 from each other.
 */
export function labOf(shade: Shade): Lab {
	return LAB_BY_SHADE[shade];
}
