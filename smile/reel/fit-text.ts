import type { Measure, TextStyle } from './pen';

export interface FittedText {
	readonly lines: readonly string[];
	/** Pixels of the em that the lines were measured with. */
	readonly size: number;
	readonly weight: TextStyle['weight'];
	/** Of the widest line, in pixels. */
	readonly width: number;
}

interface Room {
	readonly width: number;
	readonly linesMax: number;
	/** Tried first, and the least that can be read. */
	readonly size: number;
	readonly sizeMin: number;
	readonly weight: TextStyle['weight'];
}

/**
 * The text in the largest size at which it stands in at most `linesMax` lines of `width`. At the least size it takes as
 * many lines as it needs: nothing is ever cut off, since a label without its end says something else. A word wider than
 * the line is broken between its letters.
 */
export function fitText(text: string, room: Room, measure: Measure): FittedText {
	for (let size = room.size; size > room.sizeMin; size -= SIZE_STEP) {
		const fitted = linesAt(text, size, room, measure);
		if (fitted.lines.length <= room.linesMax) return fitted;
	}
	return linesAt(text, room.sizeMin, room, measure);
}

/** Pixels of the em between two tries. */
const SIZE_STEP = 2;

function linesAt(text: string, size: number, { width, weight }: Room, measure: Measure): FittedText {
	const widthOf = (line: string) => measure(line, { size, weight });
	const words = text.split(/\s+/u).filter((word) => word !== '');
	const lines: string[] = [];
	let line = '';
	for (const word of words.flatMap((long) => broken(long, width, widthOf))) {
		const longer = line === '' ? word : `${line} ${word}`;
		if (line === '' || widthOf(longer) <= width) {
			line = longer;
			continue;
		}
		lines.push(line);
		line = word;
	}
	if (line !== '') lines.push(line);
	return { lines, size, weight, width: Math.max(0, ...lines.map(widthOf)) };
}

function broken(word: string, width: number, widthOf: (text: string) => number): string[] {
	if (widthOf(word) <= width) return [word];
	const parts: string[] = [];
	let part = '';
	for (const letter of word) {
		if (part !== '' && widthOf(part + letter) > width) {
			parts.push(part);
			part = '';
		}
		part += letter;
	}
	return [...parts, part];
}
