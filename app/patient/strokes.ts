import { z } from 'zod';

/** A drawn line: points from 0 to 1, x to the right and y down, as parts of the field's width and height. */
export type Stroke = readonly (readonly [x: number, y: number])[];

/** Three times as wide as high, on every screen, so that a drawing looks the same wherever it is shown. */
export const PAD_BOX = { width: 300, height: 100 };

/** Of the field's JSON; the page's script thins a drawing out before it gets there. */
export const STROKES_BYTES_MAX = 8 * 1024;

const part = z.number().min(0).max(1);
const Strokes = z.array(z.array(z.tuple([part, part])).min(1)).min(1);

/**
 * The drawing that a form brought; `null` where there is none, or nothing that could be one. A drawing may always be left out, for
 * the typed name is the signature, so what cannot be read is no reason to refuse somebody.
 */
export function strokesOf(field: string): Stroke[] | null {
	if (field === '' || field.length > STROKES_BYTES_MAX) return null;
	try {
		const read = Strokes.safeParse(JSON.parse(field));
		return read.success ? read.data : null;
	} catch {
		return null;
	}
}

/** The strokes as one SVG path in a box of these units: curves through the middles of neighbours, and a dot where a finger only tapped. */
export function strokesPath(strokes: readonly Stroke[], box: { width: number; height: number }): string {
	return strokes.map((stroke) => strokePath(stroke.map(([x, y]) => [x * box.width, y * box.height] as const))).join('');
}

function strokePath(points: Stroke): string {
	const [first, ...rest] = points;
	const last = rest.at(-1);
	if (first === undefined) return '';
	if (last === undefined) return `M${at(first)}h0`;
	const curves = rest.slice(0, -1).map((point, index) => {
		const next = rest[index + 1] ?? last;
		return `Q${at(point)} ${at([(point[0] + next[0]) / 2, (point[1] + next[1]) / 2])}`;
	});
	return `M${at(first)}${curves.join('')}L${at(last)}`;
}

function at([x, y]: readonly [number, number]): string {
	return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
