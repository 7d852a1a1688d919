// Parts of a picture. A photo of 12 megapixels is 48 MB and its mouth is one: what only needs the mouth gets only that.

import { type Box, clipBox, type Picture } from './picture';
import type { TeethMask } from './teeth-mask';

/** A new picture of what lies in `box`, cut to the picture's border. */
export function cutBox(picture: Picture, box: Box): Picture {
	const { x, y, width, height } = clipBox(box, picture);
	const data = new Uint8ClampedArray(width * height * 4);
	for (let row = 0; row < height; row++) {
		const start = ((y + row) * picture.width + x) * 4;
		data.set(picture.data.subarray(start, start + width * 4), row * width * 4);
	}
	return { width, height, data };
}

/** A copy of the picture with `part` laid over it at `at`. A part that reaches out belongs to another picture: an error. */
export function withBox(picture: Picture, part: Picture, at: { readonly x: number; readonly y: number }): Picture {
	if (at.x < 0 || at.y < 0 || at.x + part.width > picture.width || at.y + part.height > picture.height) {
		throw new RangeError('The part reaches out of the picture: it was cut from another one.');
	}
	const data = new Uint8ClampedArray(picture.data);
	for (let row = 0; row < part.height; row++) {
		const from = row * part.width * 4;
		data.set(part.data.subarray(from, from + part.width * 4), ((at.y + row) * picture.width + at.x) * 4);
	}
	return { width: picture.width, height: picture.height, data };
}

/** The smallest box with every pixel that the mask takes at all; no width or height when it takes none. */
export function boxOfMask({ box, alpha }: TeethMask): Box {
	let [left, top, right, bottom] = [box.width, box.height, 0, 0];
	for (let row = 0, at = 0; row < box.height; row++) {
		for (let column = 0; column < box.width; column++, at++) {
			if ((alpha[at] ?? 0) === 0) continue;
			left = Math.min(left, column);
			right = Math.max(right, column + 1);
			top = Math.min(top, row);
			bottom = Math.max(bottom, row + 1);
		}
	}
	if (right === 0) return { x: box.x, y: box.y, width: 0, height: 0 };
	return { x: box.x + left, y: box.y + top, width: right - left, height: bottom - top };
}

/** The teeth alone: their pixels, their mask over just these, and where they lie in the photo. */
export interface TeethCut {
	readonly picture: Picture;
	/** Its box begins at 0, 0 of `picture`. */
	readonly mask: TeethMask;
	readonly box: Box;
}

/** Cut once for a photo; `changeShade` of the cut costs what the teeth cost, whatever the photo's size. */
export function cutTeeth(picture: Picture, mask: TeethMask): TeethCut {
	const box = boxOfMask(mask);
	const alpha = new Float32Array(box.width * box.height);
	for (let row = 0; row < box.height; row++) {
		const start = (box.y - mask.box.y + row) * mask.box.width + box.x - mask.box.x;
		alpha.set(mask.alpha.subarray(start, start + box.width), row * box.width);
	}
	const own = { x: 0, y: 0, width: box.width, height: box.height };
	return { picture: cutBox(picture, box), mask: { box: own, alpha }, box };
}
