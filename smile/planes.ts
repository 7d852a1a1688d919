// Arithmetic over one value for each pixel of a box.

// Medians of so many pixels are as steady as those of all, and bound the sorting of a large photo.
const SAMPLES_MAX = 8192;

/** 0 below `from`, 1 above `to`, smooth between. */
export function smoothstep(from: number, to: number, value: number): number {
	const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
	return t * t * (3 - 2 * t);
}

/** The value below which `part` (0 to 1) of the chosen pixels lie; nothing when no pixel is chosen. */
export function quantileWhere(
	values: Float32Array,
	isChosen: (at: number) => boolean,
	part: number,
): number | undefined {
	let chosen = 0;
	for (let at = 0; at < values.length; at++) if (isChosen(at)) chosen++;
	const stride = Math.max(1, Math.ceil(chosen / SAMPLES_MAX));
	const samples = new Float32Array(Math.ceil(chosen / stride));
	let seen = 0;
	for (let at = 0; at < values.length; at++) {
		if (!isChosen(at)) continue;
		if (seen % stride === 0) samples[seen / stride] = values[at] ?? 0;
		seen++;
	}
	return samples.toSorted()[Math.min(samples.length - 1, Math.floor(samples.length * part))];
}

/** The middle value of the chosen pixels; nothing when no pixel is chosen. */
export function medianWhere(values: Float32Array, isChosen: (at: number) => boolean): number | undefined {
	return quantileWhere(values, isChosen, 0.5);
}

/** Two box blurs, which is nearly a Gaussian. `radius` may be a fraction of a pixel; beyond the border lies 0. */
export function blurTwice(
	values: Float32Array,
	size: { readonly width: number; readonly height: number },
	radius: number,
): Float32Array {
	const { width, height } = size;
	const spare = new Float32Array(values.length);
	const blurred = Float32Array.from(values);
	for (let pass = 0; pass < 2; pass++) {
		for (let row = 0; row < height; row++) {
			blurLine(blurred, spare, { start: row * width, step: 1, length: width, radius });
		}
		for (let column = 0; column < width; column++) {
			blurLine(spare, blurred, { start: column, step: width, length: height, radius });
		}
	}
	return blurred;
}

/** One line of a box blur: a running sum of whole pixels, and the window's two ends by their fraction. */
function blurLine(
	from: Float32Array,
	to: Float32Array,
	line: { start: number; step: number; length: number; radius: number },
): void {
	const { start, step, length, radius } = line;
	const whole = Math.floor(radius);
	const fraction = radius - whole;
	const valueAt = (index: number) => (index < 0 || index >= length ? 0 : (from[start + index * step] ?? 0));
	let sum = 0;
	for (let index = 0; index < Math.min(whole, length); index++) sum += valueAt(index);
	for (let index = 0; index < length; index++) {
		sum += valueAt(index + whole) - valueAt(index - whole - 1);
		const ends = fraction * (valueAt(index - whole - 1) + valueAt(index + whole + 1));
		// A running sum of floats may end a hair above or below 0 where nothing is: alpha has to be exactly 0 there.
		to[start + index * step] = Math.max(0, sum + ends) / (2 * radius + 1);
	}
}
