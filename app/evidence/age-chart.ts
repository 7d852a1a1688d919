import type { HistoryPoint } from './evidence-view';

const HOUR_MS = 3_600_000;
export const CHART = { width: 1000, height: 260 } as const;
/** The chart's points lie four hours apart: after two of those missing, nothing was measured between. */
const GAP_MS = 9 * HOUR_MS;
const TICKS = 4;

export interface AgeChart {
	/** One stroke for each stretch that was measured without a gap. */
	readonly line: string;
	readonly area: string;
	readonly promiseY: number;
	/** The value axis from zero, in hours; `share` of the height, from above. */
	readonly ticks: readonly { readonly hours: number; readonly share: number }[];
	readonly words: string;
}

/** Draws ages over time, from `fromMs` to `untilMs`, with room above the promise or the highest age. */
export function ageChart(
	points: readonly HistoryPoint[],
	{ fromMs, untilMs, promiseMs }: { fromMs: number; untilMs: number; promiseMs: number },
): AgeChart {
	const ages = points.map(({ oldestAgeMs }) => oldestAgeMs ?? 0);
	const highest = Math.max(promiseMs, ...ages);
	const topMs = (highest * (TICKS + 0.6)) / TICKS;
	const yOf = (ms: number) => round(CHART.height * (1 - ms / topMs));
	const xOf = (atMs: number) => round((CHART.width * (atMs - fromMs)) / (untilMs - fromMs));
	const stretches = stretchesOf(points).map((stretch) =>
		stretch.map(({ at, oldestAgeMs }) => ({ x: xOf(Math.max(Date.parse(at), fromMs)), y: yOf(oldestAgeMs ?? 0) })),
	);
	const line = stretches.map((stretch) => `M${stretch.map(({ x, y }) => `${x} ${y}`).join('L')}`);
	const area = stretches.map((stretch, index) => {
		const [first, last] = [stretch[0]?.x ?? 0, stretch.at(-1)?.x ?? 0];
		return `${line[index] ?? ''}L${last} ${CHART.height}L${first} ${CHART.height}Z`;
	});
	const step = promiseMs / TICKS;
	const ticks = Array.from({ length: TICKS + 1 }, (_, index) => ({
		hours: Math.round((index * step) / HOUR_MS),
		share: 1 - (index * step) / topMs,
	}));
	return { line: line.join(''), area: area.join(''), promiseY: yOf(promiseMs), ticks, words: wordsOf(ages, promiseMs) };
}

function stretchesOf(points: readonly HistoryPoint[]): HistoryPoint[][] {
	const stretches: HistoryPoint[][] = [];
	let lastMs = Number.NEGATIVE_INFINITY;
	for (const point of points) {
		const atMs = Date.parse(point.at);
		if (atMs - lastMs > GAP_MS) stretches.push([point]);
		else stretches.at(-1)?.push(point);
		lastMs = atMs;
	}
	return stretches;
}

/** The chart for whoever does not see it. */
function wordsOf(ages: readonly number[], promiseMs: number): string {
	const [least, most] = [Math.min(...ages), Math.max(...ages)];
	const promise = `the promise of ${hoursOf(promiseMs)} hours`;
	const over = ages.filter((age) => age > promiseMs).length;
	const verdict = over === 0 ? `always under ${promise}` : `${over} of ${ages.length} times above ${promise}`;
	return `Line chart: the oldest photo was between ${hoursOf(least)} and ${hoursOf(most)} hours old, ${verdict}`;
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}

function hoursOf(ms: number): string {
	return (ms / HOUR_MS).toFixed(1).replace(/\.0$/, '');
}
