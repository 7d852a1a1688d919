// Teeth have two numbers (requirements 5.1). FDI: quadrant and place from the middle, 11 to 48. Universal: 1 to 32 from the
// patient's upper right along the upper row and back along the lower one. Both are written from the patient's side, so 11
// is on the left of a photo.

const PER_QUADRANT = 8;

/** Whether `fdi` is the FDI number of one of the 32 permanent teeth. */
export function isFdi(fdi: number): boolean {
	const [quadrant, place] = [Math.floor(fdi / 10), fdi % 10];
	return Number.isInteger(fdi) && quadrant >= 1 && quadrant <= 4 && place >= 1 && place <= PER_QUADRANT;
}

/** The Universal number, 1 to 32, of an FDI number; a number that is none is a caller's mistake. */
export function universalOfFdi(fdi: number): number {
	if (!isFdi(fdi)) throw new RangeError(`${fdi} is no FDI number of a permanent tooth.`);
	const place = fdi % 10;
	switch (Math.floor(fdi / 10)) {
		case 1:
			return 9 - place;
		case 2:
			return 8 + place;
		case 3:
			return 25 - place;
		default:
			return 24 + place;
	}
}

/** The FDI number of a Universal number, 1 to 32; a number that is none is a caller's mistake. */
export function fdiOfUniversal(universal: number): number {
	if (!Number.isInteger(universal) || universal < 1 || universal > 4 * PER_QUADRANT) {
		throw new RangeError(`${universal} is no Universal number of a permanent tooth.`);
	}
	if (universal <= 8) return 10 + (9 - universal);
	if (universal <= 16) return 20 + (universal - 8);
	if (universal <= 24) return 30 + (25 - universal);
	return 40 + (universal - 24);
}

/** The upper teeth that show in a smile, as they stand in a photo from left to right: 15 to 25. */
export const UPPER_SMILE: readonly number[] = [15, 14, 13, 12, 11, 21, 22, 23, 24, 25];

/** The lower teeth that may show, from left to right in a photo: 44 to 34. */
export const LOWER_SMILE: readonly number[] = [44, 43, 42, 41, 31, 32, 33, 34];

/** Every tooth that may be named, in the order they are written: the upper row, then the lower one. */
export const SMILE_ZONE: readonly number[] = [...UPPER_SMILE, ...LOWER_SMILE];

/** The `units` upper teeth around the middle, an even number from 2 to 10: 6 is 13 to 23. */
export function upperTeeth(units: number): readonly number[] {
	const side = Math.min(UPPER_SMILE.length / 2, Math.max(1, Math.floor(units / 2)));
	return UPPER_SMILE.slice(UPPER_SMILE.length / 2 - side, UPPER_SMILE.length / 2 + side);
}
