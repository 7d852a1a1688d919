/** Words on these two are readable on every photo and on every practice's colour. */
export const WHITE = '#ffffff';
export const INK = '#000000';

const HEX = /^#[0-9a-f]{6}$/i;

export function isHexColour(text: string): boolean {
	return HEX.test(text);
}

/** White or black, whichever stands out more from `ground`; never below 4.5 to 1, whatever the colour (WCAG 2.2, 1.4.3). */
export function wordsOn(ground: string): typeof WHITE | typeof INK {
	return contrast(WHITE, ground) >= contrast(INK, ground) ? WHITE : INK;
}

/** The contrast of two colours as `#rrggbb`, 1 to 21, by WCAG 2.2. */
export function contrast(one: string, other: string): number {
	const [light = 0, dark = 0] = [lightOf(one), lightOf(other)].toSorted((a, b) => b - a);
	return (light + 0.05) / (dark + 0.05);
}

function lightOf(hex: string): number {
	if (!isHexColour(hex)) throw new RangeError('A colour is written as #rrggbb.');
	const [red, green, blue] = [1, 3, 5].map((at) => linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255));
	return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

function linear(value: number): number {
	return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
