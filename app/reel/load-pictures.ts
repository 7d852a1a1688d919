/** Twice what the largest format shows of a picture at once; more would only be scaled down in each frame again. */
const LONG_SIDE_MAX_PX = 2400;

/**
 * A picture of the media host, upright and no larger than a reel needs; null when it cannot be fetched or read any more.
 * Its bytes stay in memory.
 */
export async function loadPicture(url: string, signal: AbortSignal): Promise<ImageBitmap | null> {
	try {
		// Not from what a picture element kept: that copy may lack the header that lets script read it.
		const answer = await fetch(url, { signal, cache: 'no-store', credentials: 'omit' });
		return answer.ok ? await decodePicture(await answer.blob()) : null;
	} catch {
		return null;
	}
}

/** Null for what is no picture. */
export async function decodePicture(file: Blob): Promise<ImageBitmap | null> {
	try {
		const whole = await createImageBitmap(file);
		const scale = LONG_SIDE_MAX_PX / Math.max(whole.width, whole.height);
		if (scale >= 1) return whole;
		const size = { resizeWidth: Math.round(whole.width * scale), resizeHeight: Math.round(whole.height * scale) };
		const smaller = await createImageBitmap(whole, { ...size, resizeQuality: 'high' });
		whole.close();
		return smaller;
	} catch {
		return null;
	}
}
