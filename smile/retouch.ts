import { changeShade } from './change-shade';
import type { Face } from './landmarks';
import type { Picture } from './picture';
import { assessFaces, type SmileRefusal } from './refusals';
import type { Shade } from './shades';
import { maskTeeth, type TeethMask } from './teeth-mask';

/**
 * The photo with its one patient's teeth in another shade, or the reason why not.
 *
 * `faces` is all that a detector found in `picture`, which is upright (EXIF orientation applied), for the landmarks lie
 * elsewhere otherwise. Colour only: no tooth is moved or reshaped, and what lies out of `mask` stays bit by bit.
 */
export function whitenSmile(
	picture: Picture,
	faces: readonly Face[],
	input: { from: Shade; to: Shade; amount?: number; evenness?: number },
): { ok: true; after: Picture; mask: TeethMask } | { ok: false; refusal: SmileRefusal } {
	const assessed = assessFaces(picture, faces);
	if (!assessed.ok) return assessed;
	const masked = maskTeeth(picture, assessed.face);
	if (!masked.ok) return masked;
	return { ok: true, after: changeShade(picture, masked.mask, input), mask: masked.mask };
}
