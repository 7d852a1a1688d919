import { labPlanes } from '../../smile/colour';
import type { Picture } from '../../smile/picture';
import type { TeethMask } from '../../smile/teeth-mask';

/** How much of a pixel of the picture the mask takes; 0 out of its box. */
export function alphaAt({ box, alpha }: TeethMask, x: number, y: number): number {
	const [column, row] = [x - box.x, y - box.y];
	if (column < 0 || row < 0 || column >= box.width || row >= box.height) return 0;
	return alpha[row * box.width + column]!;
}

/** Bytes that differ between two pictures where the mask is 0, and A bytes that differ anywhere. */
export function bytesChangedOutside(mask: TeethMask, before: Picture, after: Picture): number {
	let changed = 0;
	for (let y = 0; y < before.height; y++) {
		for (let x = 0; x < before.width; x++) {
			const offset = (y * before.width + x) * 4;
			const from = alphaAt(mask, x, y) === 0 ? 0 : 3;
			for (let channel = from; channel < 4; channel++) {
				if (before.data[offset + channel] !== after.data[offset + channel]) changed++;
			}
		}
	}
	return changed;
}

/** Mean Lab of the pixels that the mask takes by more than half. */
export function meanLab(picture: Picture, { box, alpha }: TeethMask): { l: number; a: number; b: number } {
	const planes = labPlanes(picture, box);
	const mean = { l: 0, a: 0, b: 0 };
	let count = 0;
	for (let at = 0; at < alpha.length; at++) {
		if (alpha[at]! <= 0.5) continue;
		count++;
		mean.l += planes.l[at]!;
		mean.a += planes.a[at]!;
		mean.b += planes.b[at]!;
	}
	return { l: mean.l / count, a: mean.a / count, b: mean.b / count };
}

/** Intersection over union of the mask and the truth, each cut at one half; the truth is a plane of the whole picture. */
export function overlap(mask: TeethMask, truth: { width: number; height: number; isTooth: (at: number) => boolean }) {
	let [both, either] = [0, 0];
	for (let y = 0; y < truth.height; y++) {
		for (let x = 0; x < truth.width; x++) {
			const found = alphaAt(mask, x, y) > 0.5;
			const real = truth.isTooth(y * truth.width + x);
			if (found && real) both++;
			if (found || real) either++;
		}
	}
	return both / either;
}
