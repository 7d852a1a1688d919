import sharp from 'sharp';

export interface Pixels {
	readonly width: number;
	readonly height: number;
	/** RGB, three bytes each. */
	readonly data: Buffer;
}

export async function pixelsOf(picture: Buffer | string): Promise<Pixels> {
	const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
	return { width: info.width, height: info.height, data };
}

export function cropOf(pixels: Pixels, left: number, top: number, width: number, height: number): Pixels {
	const data = Buffer.alloc(width * height * 3);
	for (let y = 0; y < height; y += 1) {
		const from = ((top + y) * pixels.width + left) * 3;
		pixels.data.copy(data, y * width * 3, from, from + width * 3);
	}
	return { width, height, data };
}

/** Peak signal to noise in dB: 30 is hard to tell apart at a glance, 40 beside each other. */
export function psnr(one: Pixels, other: Pixels): number {
	if (one.width !== other.width || one.height !== other.height) throw new RangeError('The pictures differ in size.');
	const squares = one.data.reduce((sum, value, at) => sum + (value - other.data[at]!) ** 2, 0);
	return 10 * Math.log10(255 ** 2 / Math.max(squares / one.data.length, 1e-9));
}

/** How much of the picture is nearly black, and how much nearly white. */
export function shares({ data }: Pixels): { dark: number; bright: number } {
	let [dark, bright] = [0, 0];
	for (let at = 0; at < data.length; at += 3) {
		const light = (data[at]! + data[at + 1]! + data[at + 2]!) / 3;
		if (light < 40) dark += 1;
		if (light > 200) bright += 1;
	}
	return { dark: (3 * dark) / data.length, bright: (3 * bright) / data.length };
}
