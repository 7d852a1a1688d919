import type { Box, Picture } from './picture';
import type { TeethMask } from './teeth-mask';

/** What differs between a photo and what was made of it, counted pixel by pixel. */
export interface Difference {
	/** Pixels with any byte that differs. */
	readonly changed: number;
	readonly total: number;
	/** `changed` over `total`, 0 to 1. */
	readonly share: number;
	/** The smallest box around all of them; nothing when none differs. */
	readonly box: Box | undefined;
	/** Those among them that lie where the mask takes nothing; 0 proves that only the masked part changed. */
	readonly outside: number;
	/** Pixels where the mask takes nothing. */
	readonly outsideTotal: number;
}

/** Compares all pixels of two pictures of one size; pictures of two sizes cannot be compared, and are an error. */
export function differenceBetween(before: Picture, after: Picture, mask: TeethMask): Difference {
	const { width, height } = before;
	if (after.width !== width || after.height !== height) {
		throw new RangeError('Two pictures of different sizes have no difference to count.');
	}
	const [old, now] = [wordsOf(before), wordsOf(after)];
	let [changed, outside, inside] = [0, 0, 0];
	let [left, top, right, bottom] = [width, height, 0, 0];
	for (const alpha of mask.alpha) if (alpha > 0) inside++;
	for (let at = 0; at < old.length; at++) {
		if (old[at] === now[at]) continue;
		changed++;
		const y = Math.floor(at / width);
		const x = at - y * width;
		left = Math.min(left, x);
		right = Math.max(right, x + 1);
		top = Math.min(top, y);
		bottom = Math.max(bottom, y + 1);
		if (!takes(mask, x, y)) outside++;
	}
	const total = width * height;
	return {
		changed,
		total,
		share: total === 0 ? 0 : changed / total,
		box: changed === 0 ? undefined : { x: left, y: top, width: right - left, height: bottom - top },
		outside,
		outsideTotal: total - inside,
	};
}

/**
 * A picture of the differences in `box`, to lay over the photo: each changed pixel in `colour`, opaque by how far it
 * moved (fully from 64 of 255 on), the rest clear.
 */
export function differenceMap(
	before: Picture,
	after: Picture,
	colour: readonly [red: number, green: number, blue: number],
): Picture {
	const data = new Uint8ClampedArray(before.data.length);
	for (let at = 0; at < data.length; at += 4) {
		let most = 0;
		for (let channel = 0; channel < 4; channel++) {
			most = Math.max(most, Math.abs((before.data[at + channel] ?? 0) - (after.data[at + channel] ?? 0)));
		}
		if (most === 0) continue;
		data.set(colour, at);
		// The least change is still seen: what is claimed to be all of it must show all of it.
		data[at + 3] = Math.min(255, 72 + (most / FULL_AT) * 183);
	}
	return { width: before.width, height: before.height, data };
}

const FULL_AT = 64;

/** Four bytes as one number. A copy where the bytes do not begin at a whole word. */
function wordsOf({ data }: Picture): Uint32Array {
	const bytes = data.byteOffset % 4 === 0 ? data : data.slice();
	return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

function takes({ box, alpha }: TeethMask, x: number, y: number): boolean {
	const [column, row] = [x - box.x, y - box.y];
	if (column < 0 || row < 0 || column >= box.width || row >= box.height) return false;
	return (alpha[row * box.width + column] ?? 0) > 0;
}
