import { LINEAR_OF_BYTE, Y_BLUE, Y_GREEN, Y_RED, labCurve } from './colour';
import { mouthOf, type Face } from './landmarks';
import { type Box, clipBox, growBox, type Picture } from './picture';

// Blur only matters against the size of a tooth, so large mouths are averaged down to this width first; film grain and
// sensor noise go with it. It is the narrowest mouth worked on, so that no photo is ever measured above its resolution.
const MEASURED_MOUTH_PX = 36;
const SURROUNDINGS_OF_MOUTH = 0.15;

/**
 * How sharp the picture is around the mouth, from 0: variance of the Laplacian of lightness over variance of lightness,
 * at one resolution for all mouths. It does not depend on light, contrast or picture size.
 */
export function mouthSharpness(picture: Picture, face: Face): number {
	const { widthPx, box } = mouthOf(face);
	const area = clipBox(growBox(box, Math.round(widthPx * SURROUNDINGS_OF_MOUTH)), picture);
	const step = Math.max(1, widthPx / MEASURED_MOUTH_PX);
	const width = Math.floor(area.width / step);
	const height = Math.floor(area.height / step);
	if (width < 3 || height < 3) return 0;
	const lightness = averagedLightness(picture, area, { width, height, step });

	const edges = new Float32Array((width - 2) * (height - 2));
	let at = 0;
	for (let row = 1; row < height - 1; row++) {
		for (let centre = row * width + 1; centre < (row + 1) * width - 1; centre++, at++) {
			edges[at] =
				4 * (lightness[centre] ?? 0) -
				(lightness[centre - 1] ?? 0) -
				(lightness[centre + 1] ?? 0) -
				(lightness[centre - width] ?? 0) -
				(lightness[centre + width] ?? 0);
		}
	}
	const contrast = variance(lightness);
	return contrast > 0 ? variance(edges) / contrast : 0;
}

function averagedLightness(
	{ data, width: pictureWidth }: Picture,
	area: Box,
	grid: { width: number; height: number; step: number },
): Float32Array {
	const lightness = new Float32Array(grid.width * grid.height);
	for (let row = 0; row < grid.height; row++) {
		const [top, bottom] = [Math.floor(row * grid.step), Math.floor((row + 1) * grid.step)];
		for (let column = 0; column < grid.width; column++) {
			const [left, right] = [Math.floor(column * grid.step), Math.floor((column + 1) * grid.step)];
			let light = 0;
			for (let y = top; y < bottom; y++) {
				let offset = ((area.y + y) * pictureWidth + area.x + left) * 4;
				for (let x = left; x < right; x++, offset += 4) {
					light +=
						Y_RED * (LINEAR_OF_BYTE[data[offset] ?? 0] ?? 0) +
						Y_GREEN * (LINEAR_OF_BYTE[data[offset + 1] ?? 0] ?? 0) +
						Y_BLUE * (LINEAR_OF_BYTE[data[offset + 2] ?? 0] ?? 0);
				}
			}
			lightness[row * grid.width + column] = labCurve(light / ((bottom - top) * (right - left)));
		}
	}
	return lightness;
}

function variance(values: Float32Array): number {
	let [sum, squares] = [0, 0];
	for (const value of values) {
		sum += value;
		squares += value * value;
	}
	const mean = sum / values.length;
	return Math.max(0, squares / values.length - mean * mean);
}
