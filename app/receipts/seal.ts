/**
 * The seal of a receipt: waves around circles, turned by the first four bytes of the SHA-256 of its signature, so that
 * page, print and mail draw the same one and no two receipts share it. Units: a circle of radius 100 around 0, 0.
 */
export interface Seal {
	readonly outer: string;
	readonly inner: string;
}

interface Wave {
	readonly radius: number;
	readonly lobes: number;
	readonly depth: number;
	readonly beat: number;
	readonly beatDepth: number;
	readonly curves: number;
	readonly points: number;
}

const OUTER_CURVES = 7;
const INNER_CURVES = 5;

/** Draws the seal for four bytes (0 to 255 each); further bytes are ignored, missing ones count as 0. */
export function sealPath(bytes: readonly number[]): Seal {
	const [first = 0, second = 0, third = 0, fourth = 0] = bytes;
	const lobes = 9 + (first % 8);
	const beat = 3 + (second % 6);
	const depth = 8 + (third / 255) * 5;
	const innerLobes = 6 + (fourth % 7);
	return {
		outer: wavesOf({ radius: 78, lobes, depth, beat, beatDepth: 18 - depth, curves: OUTER_CURVES, points: 240 }),
		inner: wavesOf({
			radius: 42,
			lobes: innerLobes,
			depth: 9,
			beat: beat + 2,
			beatDepth: 4,
			curves: INNER_CURVES,
			points: 150,
		}),
	};
}

/** Curves r = R + a·cos(nt + φ) + b·cos(mt − φ), one for each φ. */
function wavesOf(wave: Wave): string {
	return Array.from({ length: wave.curves }, (_, curve) => {
		const phase = (2 * Math.PI * curve) / wave.curves;
		const steps = Array.from({ length: wave.points }, (_point, index) => {
			const angle = (2 * Math.PI * index) / wave.points;
			const radius =
				wave.radius +
				wave.depth * Math.cos(wave.lobes * angle + phase) +
				wave.beatDepth * Math.cos(wave.beat * angle - phase);
			return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
		});
		return `${pathOf(steps)}z`;
	}).join('');
}

const BAND_WIDTH = 720;
const BAND_STEP = 5;
const BAND_PERIOD = 240;
const BAND_CURVES = 5;

/** The waved band above and below a receipt's text, in a 720 × 22 box: the seal's waves along a line. */
export function bandPath(): string {
	return Array.from({ length: BAND_CURVES }, (_, curve) => {
		const phase = (2 * Math.PI * curve) / BAND_CURVES;
		const points = Array.from({ length: BAND_WIDTH / BAND_STEP + 1 }, (_point, index) => {
			const x = index * BAND_STEP;
			const angle = (2 * Math.PI * x) / BAND_PERIOD;
			const y = 11 + 5.5 * Math.sin(5 * angle + phase) + 2.9 * Math.sin(3 * angle - phase);
			return { x, y };
		});
		return pathOf(points);
	}).join('');
}

/** Steps from point to point in tenths: half the bytes of absolute places, and no error adds up. */
function pathOf(points: readonly { readonly x: number; readonly y: number }[]): string {
	let from = { x: 0, y: 0 };
	const steps = points.map((point) => {
		const to = { x: Math.round(point.x * 10), y: Math.round(point.y * 10) };
		const step = `${(to.x - from.x) / 10} ${(to.y - from.y) / 10}`;
		from = to;
		return step;
	});
	// The first step starts at 0, 0 and is therefore the absolute place.
	return `M${steps.join('l')}`;
}
