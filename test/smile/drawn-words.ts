// Words drawn by their strokes, so that what a test sees does not depend on the fonts of a machine.

/** Strokes on a grid 4 wide and 6 high; y runs down. */
const STROKES: Readonly<Record<string, string>> = {
	A: 'M0 6 L2 0 L4 6 M1 4 H3',
	E: 'M4 0 H0 V6 H4 M0 3 H3',
	H: 'M0 0 V6 M4 0 V6 M0 3 H4',
	I: 'M2 0 V6',
	L: 'M0 0 V6 H4',
	M: 'M0 6 V0 L2 3 L4 0 V6',
	N: 'M0 6 V0 L4 6 V0',
	R: 'M0 6 V0 H3 L4 1 V2 L3 3 H0 M2 3 L4 6',
	T: 'M0 0 H4 M2 0 V6',
	W: 'M0 0 L1 6 L2 2 L3 6 L4 0',
	'0': 'M1 0 H3 L4 1 V5 L3 6 H1 L0 5 V1 Z',
	'1': 'M1 1 L2 0 V6',
	'2': 'M0 1 L1 0 H3 L4 1 V2 L0 6 H4',
	'4': 'M3 6 V0 L0 4 H4',
	'7': 'M0 0 H4 L1 6',
	'9': 'M4 2 L3 3 H1 L0 2 V1 L1 0 H3 L4 1 V5 L3 6 H1',
	'8': 'M1 0 H3 L4 1 V2 L3 3 H1 L0 4 V5 L1 6 H3 L4 5 V4 L3 3 M1 3 L0 2 V1 L1 0',
};

interface Words {
	readonly text: string;
	/** The upper left corner of the first letter, and the letters' height. */
	readonly x: number;
	readonly y: number;
	readonly height: number;
	readonly ink: string;
	/** A label under the words; none when left out. */
	readonly paper?: string;
	/** Degrees, clockwise about the corner. */
	readonly turned?: number;
}

/** An SVG of the given size with the words on it and nothing else. */
export function wordsOn(size: { width: number; height: number }, words: Words): Buffer {
	const unit = words.height / 6;
	const letters = Array.from(words.text, (letter, index) => {
		const strokes = STROKES[letter];
		if (letter !== ' ' && strokes === undefined) throw new Error(`There are no strokes for ${letter}.`);
		return `<path transform="translate(${index * 5.6})" d="${strokes ?? ''}"/>`;
	});
	const label = `<rect x="-2.5" y="-2.5" width="${words.text.length * 5.6 + 3.4}" height="11" fill="${words.paper ?? 'none'}" stroke="none"/>`;
	const place = `translate(${words.x} ${words.y}) rotate(${words.turned ?? 0}) scale(${unit})`;
	return Buffer.from(
		`<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}"><g transform="${place}" fill="none" stroke="${words.ink}" stroke-width="0.95">${label}${letters.join('')}</g></svg>`,
	);
}
