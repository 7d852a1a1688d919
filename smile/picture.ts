/** Pixels as RGBA, four bytes each, row by row from the top left: what a canvas, a decoder and a Worker all agree on. */
export interface Picture {
	readonly width: number;
	readonly height: number;
	readonly data: Uint8ClampedArray;
}

/** A rectangle in whole pixels of a picture. */
export interface Box {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

/** The part of `box` that lies in the picture; its width or height is 0 when nothing does. */
export function clipBox(box: Box, picture: { readonly width: number; readonly height: number }): Box {
	const x = Math.min(Math.max(box.x, 0), picture.width);
	const y = Math.min(Math.max(box.y, 0), picture.height);
	return {
		x,
		y,
		width: Math.max(0, Math.min(box.x + box.width, picture.width) - x),
		height: Math.max(0, Math.min(box.y + box.height, picture.height) - y),
	};
}

/** The box grown by `margin` whole pixels on every side. */
export function growBox(box: Box, margin: number): Box {
	return { x: box.x - margin, y: box.y - margin, width: box.width + 2 * margin, height: box.height + 2 * margin };
}
