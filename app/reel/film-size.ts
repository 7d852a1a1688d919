import type { Format, Reel } from '../../smile/reel/reel';
import { FRAMES_PER_SECOND, secondsOf } from '../../smile/reel/timeline';

/** A tenth of a bit for each pixel of each frame: 6.2 Mbit/s at 1080 × 1920, where places encode it again anyway. */
const BITS_PER_PIXEL = 0.1;
export const SOUND_BITS_PER_SECOND = 160_000;

export function bitsPerSecond({ width, height }: Format): number {
	return Math.round(width * height * FRAMES_PER_SECOND * BITS_PER_PIXEL);
}

/** The bytes that a film has at most, more or less: stills take fewer than the encoder may spend. */
export function filmBytesAtMost(reel: Pick<Reel, 'scenes' | 'music'>, format: Format): number {
	const bits = bitsPerSecond(format) + (reel.music === null ? 0 : SOUND_BITS_PER_SECOND);
	return Math.round((bits * secondsOf(reel)) / 8);
}
