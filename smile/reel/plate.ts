import { wordsOn } from './colours';
import type { FittedText } from './fit-text';
import type { Area, Pen } from './pen';

/** A block of words on its plate. */
export interface Plate {
	readonly area: Area;
	readonly text: FittedText;
	/** Left end of the lines, and the baseline of each. */
	readonly x: number;
	readonly baselines: readonly number[];
	readonly radius: number;
}

/** Line height, and where in a line letters stand, by the em. */
const LINE = 1.28;
const BASELINE = 0.96;
/** Above and below words the line height leaves room already. */
const PAD_UPRIGHT = 0.6;

/** Between words and the sides of their plate, in pixels; `short` is the frame's short side. */
export function padOf(short: number): number {
	return short * 0.018;
}

export function plateBelow(top: number, left: number, text: FittedText, short: number): Plate {
	const pad = padOf(short);
	const lineHeight = text.size * LINE;
	const first = top + pad * PAD_UPRIGHT + text.size * BASELINE;
	const height = text.lines.length * lineHeight + 2 * pad * PAD_UPRIGHT;
	return {
		area: { x: left, y: top, width: text.width + 2 * pad, height },
		text,
		x: left + pad,
		baselines: text.lines.map((_, line) => first + line * lineHeight),
		radius: short * 0.008,
	};
}

export function plateAbove(bottom: number, left: number, text: FittedText, short: number): Plate {
	const plate = plateBelow(0, left, text, short);
	return movePlate(plate, 0, bottom - plate.area.height);
}

export function movePlate({ area, text, x, baselines, radius }: Plate, right: number, down: number): Plate {
	return {
		area: { ...area, x: area.x + right, y: area.y + down },
		text,
		x: x + right,
		baselines: baselines.map((baseline) => baseline + down),
		radius,
	};
}

/** The words in white or black, whichever can be read on `ground`. */
export function writePlate(pen: Pen, { area, text, x, baselines, radius }: Plate, ground: string): void {
	pen.fillBox(area, ground, radius);
	const style = { size: text.size, weight: text.weight, colour: wordsOn(ground) };
	for (const [at, line] of text.lines.entries()) pen.writeLine(line, x, baselines[at] ?? area.y, style);
}
