import sharp from 'sharp';
import type { Picture } from '../../smile/picture';

/** The largest photo the product takes, in pixels: a small file can unfold to gigabytes. */
const PIXELS_MAX = 50_000_000;

/** fal's model works at this size at most. */
const SIDE_MAX = 2048;

/** An upright RGBA picture out of an image file, at most 2048 px a side; nothing when the bytes are no picture. */
export async function decodePicture(bytes: Uint8Array): Promise<Picture | undefined> {
	try {
		const { data, info } = await sharp(bytes, { limitInputPixels: PIXELS_MAX })
			.autoOrient()
			.resize(SIDE_MAX, SIDE_MAX, { fit: 'inside', withoutEnlargement: true })
			.toColourspace('srgb')
			.ensureAlpha()
			.raw()
			.toBuffer({ resolveWithObject: true });
		return { width: info.width, height: info.height, data: new Uint8ClampedArray(data) };
	} catch {
		return undefined;
	}
}
