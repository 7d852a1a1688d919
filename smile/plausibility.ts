import { labPlanes } from './colour';
import { type Face, INNER_LIP, mouthOf, ringOf } from './landmarks';
import { coverPolygon, smoothRing } from './outline';
import type { Picture } from './picture';
import { labOf, type Shade } from './shades';
import type { TeethMask } from './teeth-mask';

/** What a guard can see of teeth; lengths in parts of the mouth's width, so that pictures of any size compare. */
export interface SmileFigures {
	/** Mean Lab of the teeth. */
	readonly lightness: number;
	readonly chroma: number;
	/** From the first to the last column with teeth. */
	readonly archWidth: number;
	/** Mean height of the teeth in the middle half of the arch. */
	readonly toothLength: number;
	/** Width of a tooth between gaps in the middle half; nothing when too few gaps can be made out. */
	readonly toothWidth: number | undefined;
	/** Mean gap between the upper lip and the teeth in the middle half: gum that shows. */
	readonly gumShown: number;
}

export type Exceeded = 'shade' | 'width' | 'length' | 'gum' | 'arch';

/** One thing of the picture beyond what the treatment can do. `by` and `limit` in the unit that the sentence names. */
export interface Doubt {
	readonly what: Exceeded;
	readonly by: number;
	readonly limit: number;
	readonly sentence: string;
}

/** What a treatment may change, in the words of `studios/treatments.ts`. */
export type Allowed = 'shade' | 'shape' | 'alignment' | 'gum' | 'length';

// What a measurement on a photo may be off by, and so allowed to every treatment.
const NOISE = { shade: 3, width: 0.06, length: 0.08, gum: 0.02, arch: 0.04 } as const;
// What the treatments that may change it usually can, in the same units; no clinical limits, but what calls for a look.
const REACH = { width: 0.15, length: 0.3, gum: 0.08, arch: 0.09 } as const;
/** Above the step between the tabs, in L. */
const OVER_TABS = 4;

/** Measures the teeth that `mask` takes, within the lips of `face`. */
export function measureSmile(picture: Picture, face: Face, mask: TeethMask): SmileFigures {
	const { widthPx } = mouthOf(face);
	const { box, alpha } = mask;
	const planes = labPlanes(picture, box);
	const opening = coverPolygon(smoothRing(ringOf(face, INNER_LIP)), box);
	let [lightness, a, b, count] = [0, 0, 0, 0];
	const columns: Column[] = [];
	for (let x = 0; x < box.width; x++) {
		const column: Column = { x, teeth: 0, top: -1, lip: -1, light: 0 };
		for (let y = 0; y < box.height; y++) {
			const at = y * box.width + x;
			if (column.lip < 0 && (opening[at] ?? 0) > 0.5) column.lip = y;
			if ((alpha[at] ?? 0) <= 0.5) continue;
			if (column.top < 0) column.top = y;
			column.teeth++;
			column.light += planes.l[at] ?? 0;
			lightness += planes.l[at] ?? 0;
			a += planes.a[at] ?? 0;
			b += planes.b[at] ?? 0;
			count++;
		}
		if (column.teeth > 0) columns.push(column);
	}
	const [first, last] = [columns[0], columns.at(-1)];
	const span = first && last ? last.x - first.x + 1 : 0;
	const middle = columns.filter(({ x }) => first && x >= first.x + span / 4 && x <= first.x + (3 * span) / 4);
	const mean = (of: (column: Column) => number) =>
		middle.length === 0 ? 0 : middle.reduce((sum, column) => sum + of(column), 0) / middle.length;
	return {
		lightness: count === 0 ? 0 : lightness / count,
		chroma: count === 0 ? 0 : Math.hypot(a / count, b / count),
		archWidth: span / widthPx,
		toothLength: mean(({ teeth }) => teeth) / widthPx,
		toothWidth: toothWidthOf(middle, widthPx),
		gumShown: mean(({ top, lip }) => (lip < 0 ? 0 : Math.max(0, top - lip))) / widthPx,
	};
}

interface Column {
	readonly x: number;
	/** Pixels of teeth, and the sum of their lightness. */
	teeth: number;
	light: number;
	/** First row of teeth and of the opening; -1: none. */
	top: number;
	lip: number;
}

// A gap is darker than the columns around it by this much of L; teeth are a sixth of the mouth wide, and no two gaps lie
// nearer than a third of that.
const GAP_DEPTH = 1.5;
const NEAREST = 0.055;
const GAPS_MIN = 3;

/** The middle distance of the dark gaps between teeth, in parts of the mouth's width. */
function toothWidthOf(columns: readonly Column[], widthPx: number): number | undefined {
	const light = columns.map((column) => column.light / column.teeth);
	const reach = Math.max(2, Math.round((widthPx * NEAREST) / 2));
	const gaps: number[] = [];
	light.forEach((value, index) => {
		const around = light.slice(Math.max(0, index - reach), index + reach + 1);
		const isLowest = around.every((other) => other >= value);
		const edges = ((around[0] ?? value) + (around.at(-1) ?? value)) / 2;
		const x = columns[index]?.x ?? 0;
		const isNew = x - (gaps.at(-1) ?? -Infinity) >= widthPx * NEAREST;
		const isWhole = around.length === 2 * reach + 1;
		if (isLowest && isWhole && isNew && edges - value >= GAP_DEPTH) gaps.push(x);
	});
	if (gaps.length < GAPS_MIN) return undefined;
	// The middle one of all: a gap that cannot be seen makes one distance too long, and not all of them.
	const widths = gaps.slice(1).map((x, index) => x - (gaps[index] ?? x));
	return (widths.toSorted((one, other) => one - other)[Math.floor((widths.length - 1) / 2)] ?? 0) / widthPx;
}

/**
 * Where the picture goes beyond what the treatment can do (N15); empty when nothing speaks against it. Not a clinical
 * judgement: it compares two pictures, and what it cannot measure it leaves out.
 */
export function doubtsAbout(
	before: SmileFigures,
	after: SmileFigures,
	treatment: {
		readonly mayChange: readonly Allowed[];
		readonly from?: Shade | undefined;
		readonly to?: Shade | undefined;
	},
): Doubt[] {
	const may = (...changes: Allowed[]) => changes.some((change) => treatment.mayChange.includes(change));
	const widths =
		before.toothWidth === undefined || after.toothWidth === undefined
			? undefined
			: after.toothWidth / before.toothWidth - 1;
	return [
		shadeDoubt(before, after, treatment, may('shade')),
		widths === undefined
			? undefined
			: beyond('width', widths, may('shape') ? REACH.width : NOISE.width, (by, limit) => {
					return `Teeth are ${by} ${widths > 0 ? 'wider' : 'narrower'} than in the photo; ${limit} is the most expected here.`;
				}),
		beyond(
			'length',
			before.toothLength > 0 ? after.toothLength / before.toothLength - 1 : 0,
			may('length', 'gum') ? REACH.length : NOISE.length,
			(by, limit) =>
				`Teeth are ${by} ${after.toothLength > before.toothLength ? 'longer' : 'shorter'} than in the photo; ${limit} is the most expected here.`,
		),
		beyond(
			'gum',
			after.gumShown - before.gumShown,
			may('gum') ? REACH.gum : NOISE.gum,
			(by, limit) => `The gum line moved by ${by} of the mouth's width; ${limit} is the most expected here.`,
		),
		beyond(
			'arch',
			before.archWidth > 0 ? after.archWidth / before.archWidth - 1 : 0,
			may('alignment') ? REACH.arch : NOISE.arch,
			(by, limit) =>
				`The row of teeth is ${by} ${after.archWidth > before.archWidth ? 'wider' : 'narrower'} than in the photo; ${limit} is the most expected here. Pictures tend to widen it more than treatment does.`,
		),
	].filter((doubt) => doubt !== undefined);
}

function beyond(
	what: Exceeded,
	change: number,
	limit: number,
	sentence: (by: string, limit: string) => string,
): Doubt | undefined {
	const by = Math.abs(change);
	if (!(by > limit)) return undefined;
	return { what, by, limit, sentence: sentence(perCent(by), perCent(limit)) };
}

function shadeDoubt(
	before: SmileFigures,
	after: SmileFigures,
	{ from, to }: { readonly from?: Shade | undefined; readonly to?: Shade | undefined },
	mayChange: boolean,
): Doubt | undefined {
	const lighter = after.lightness - before.lightness;
	if (!mayChange || from === undefined || to === undefined) {
		const by = Math.hypot(lighter, after.chroma - before.chroma);
		if (by <= NOISE.shade) return undefined;
		const sentence = `The colour of the teeth moved by ${by.toFixed(1)} units of Lab, and this treatment leaves it as it is.`;
		return { what: 'shade', by, limit: NOISE.shade, sentence };
	}
	const step = labOf(to).l - labOf(from).l;
	const limit = Math.max(0, step) + OVER_TABS;
	if (lighter <= limit) return undefined;
	const sentence = `Teeth are ${lighter.toFixed(1)} units of L lighter than in the photo; from ${from} to ${to} are ${step.toFixed(1)}.`;
	return { what: 'shade', by: lighter, limit, sentence };
}

function perCent(share: number): string {
	return `${(share * 100).toFixed(0)} %`;
}
