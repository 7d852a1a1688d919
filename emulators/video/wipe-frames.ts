// The before/after wipe in the encoder's own colours (planar YUV 4:2:0, BT.709, limited range): the two pictures are
// converted once, and each frame only mixes columns.

/** Y, then U, then V, one byte each; U and V have half the width and height. */
export type YuvFrame = Uint8Array;

// The first part of the film shows the before picture alone and the last part the after picture, so that a viewer has
// seen both; at five seconds that is 0.8 s and 1 s.
const HOLD_BEFORE = 0.16;
const HOLD_AFTER = 0.2;

/** Half the width of the white edge, and of its soft shoulders, in parts of the frame's width. */
const EDGE_HALF = 0.0025;
const EDGE_SOFT = 0.006;

const WHITE_Y = 235;
const GREY_UV = 128;

/** The frame's pixels as YUV; `width` and `height` are even. */
export function yuvOf(rgba: Uint8Array, width: number, height: number): YuvFrame {
	const yuv = new Uint8Array((width * height * 3) / 2);
	for (let pixel = 0; pixel < width * height; pixel++) {
		const [red, green, blue] = [rgba[pixel * 4] ?? 0, rgba[pixel * 4 + 1] ?? 0, rgba[pixel * 4 + 2] ?? 0];
		yuv[pixel] = Math.round(16 + (0.2126 * red + 0.7152 * green + 0.0722 * blue) * (219 / 255));
	}
	const [uAt, vAt] = [width * height, width * height * 1.25];
	for (let row = 0; row < height / 2; row++) {
		for (let column = 0; column < width / 2; column++) {
			let [red, green, blue] = [0, 0, 0];
			for (const pixel of [0, 1, width, width + 1]) {
				const at = (row * 2 * width + column * 2 + pixel) * 4;
				red += (rgba[at] ?? 0) / 4;
				green += (rgba[at + 1] ?? 0) / 4;
				blue += (rgba[at + 2] ?? 0) / 4;
			}
			const luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
			const at = (row * width) / 2 + column;
			yuv[uAt + at] = Math.round(128 + ((blue - luma) / 1.8556) * (224 / 255));
			yuv[vAt + at] = Math.round(128 + ((red - luma) / 1.5748) * (224 / 255));
		}
	}
	return yuv;
}

/** How far the wipe has come (0 to 1) at a place of the film (0 to 1): still, gently across, still. */
export function wipeProgress(place: number): number {
	const through = Math.min(Math.max((place - HOLD_BEFORE) / (1 - HOLD_BEFORE - HOLD_AFTER), 0), 1);
	return through * through * through * (through * (through * 6 - 15) + 10);
}

/** Writes the frame where the wipe has come to `progress` into `frame`; 0 is exactly `before` and 1 exactly `after`. */
export function drawWipe(
	frame: YuvFrame,
	pictures: { readonly before: YuvFrame; readonly after: YuvFrame; readonly width: number; readonly height: number },
	progress: number,
): void {
	const { before, after, width, height } = pictures;
	if (progress <= 0 || progress >= 1) {
		frame.set(progress <= 0 ? before : after);
		return;
	}
	const luma = { at: 0, width, height, white: WHITE_Y };
	const u = { at: width * height, width: width / 2, height: height / 2, white: GREY_UV };
	const v = { ...u, at: width * height * 1.25 };
	for (const plane of [luma, u, v]) {
		const columns = columnsOf(plane.width, progress);
		for (let row = 0; row < plane.height; row++) {
			const start = plane.at + row * plane.width;
			for (let column = 0; column < plane.width; column++) {
				const { shown, edge } = columns[column] ?? { shown: 0, edge: 0 };
				const at = start + column;
				const mixed = (before[at] ?? 0) * (1 - shown) + (after[at] ?? 0) * shown;
				frame[at] = mixed + (plane.white - mixed) * edge + 0.5;
			}
		}
	}
}

/** For each column: how much of the after picture is shown, and how much of the white edge lies over it. */
function columnsOf(width: number, progress: number): { shown: number; edge: number }[] {
	const reach = EDGE_HALF + EDGE_SOFT;
	// The edge starts and ends out of the frame, so it neither appears nor vanishes in sight.
	const cut = progress * (1 + 2 * reach) - reach;
	return Array.from({ length: width }, (_, column) => {
		const beyond = (column + 0.5) / width - cut;
		const shown = Math.min(Math.max(0.5 - beyond * width, 0), 1);
		const fade = Math.min(Math.max((Math.abs(beyond) - EDGE_HALF) / EDGE_SOFT, 0), 1);
		return { shown, edge: (1 - fade) * (1 - fade) * 0.92 };
	});
}
