/**
 * What the worker does with smiles: pure functions of pixels and faces, so that tests run them without a worker.
 */
import { alignFaces, commonBox, resample } from '../../smile/align-pair';
import { changeShade } from '../../smile/change-shade';
import { comparePair, type Comparability } from '../../smile/comparability';
import { compositeMouth } from '../../smile/composite-mouth';
import { type Difference, differenceBetween, differenceMap } from '../../smile/difference';
import { exposureGain, skinLight, withExposure } from '../../smile/equalise-exposure';
import { type Face, mouthOf } from '../../smile/landmarks';
import type { Box, Picture } from '../../smile/picture';
import { cutBox, cutTeeth, type TeethCut, withBox } from '../../smile/picture-box';
import { type Allowed, type Doubt, doubtsAbout, measureSmile } from '../../smile/plausibility';
import { assessFaces, type SmileRefusal } from '../../smile/refusals';
import type { Shade } from '../../smile/shades';
import { maskTeeth } from '../../smile/teeth-mask';

export interface Refused {
	readonly ok: false;
	readonly refusal: SmileRefusal;
}

/** The teeth of a photo, ready to be recoloured, and how large the photo is. */
export interface FoundTeeth {
	readonly ok: true;
	readonly cut: TeethCut;
	readonly width: number;
	readonly height: number;
}

export function findTeeth(picture: Picture, faces: readonly Face[]): FoundTeeth | Refused {
	const assessed = assessFaces(picture, faces);
	if (!assessed.ok) return assessed;
	const masked = maskTeeth(picture, assessed.face);
	if (!masked.ok) return masked;
	return { ok: true, cut: cutTeeth(picture, masked.mask), width: picture.width, height: picture.height };
}

/** Per cent for `strength` and `evenness`, as the form has them. */
export interface ShadeOrder {
	readonly cut: TeethCut;
	readonly from: Shade;
	readonly to: Shade;
	readonly strength: number;
	readonly evenness: number;
}

/** The teeth in another shade: as large as the cut. */
export function recolourTeeth({ cut, from, to, strength, evenness }: ShadeOrder): Picture {
	return changeShade(cut.picture, cut.mask, { from, to, amount: strength / 100, evenness: evenness / 100 });
}

/** Proof for the whole photo, counted pixel by pixel, and a picture of what changed within the cut. */
export interface Proof {
	readonly difference: Difference;
	readonly map: Picture;
}

export function proveDifference(
	photo: Picture,
	{ cut, after, colour }: { cut: TeethCut; after: Picture; colour: readonly [number, number, number] },
): Proof {
	const mask = { box: cut.box, alpha: cut.mask.alpha };
	return {
		difference: differenceBetween(photo, withBox(photo, after, cut.box), mask),
		map: differenceMap(cut.picture, after, colour),
	};
}

/** What a generated picture is put back with: the mouth alone, where it lies, and what can be said about it. */
export interface PutBack {
	readonly ok: true;
	readonly part: Picture;
	readonly box: Box;
	readonly width: number;
	readonly height: number;
	readonly difference: Difference;
	readonly doubts: readonly Doubt[];
}

export interface PutBackOrder {
	readonly region: 'teeth' | 'opening';
	readonly mayChange: readonly Allowed[];
	readonly from?: Shade | undefined;
	readonly to?: Shade | undefined;
}

/** The generated mouth in the patient's own photo (N7), with doubts where it shows too much (N15). */
export function putMouthBack(
	photo: { readonly picture: Picture; readonly faces: readonly Face[] },
	generated: { readonly picture: Picture; readonly faces: readonly Face[] },
	order: PutBackOrder,
): PutBack | Refused {
	const [own, other] = [assessFaces(photo.picture, photo.faces), assessFaces(generated.picture, generated.faces)];
	if (!own.ok) return own;
	if (!other.ok) return other;
	const composite = compositeMouth(
		{ picture: photo.picture, face: own.face },
		{ picture: generated.picture, face: other.face },
		order.region,
	);
	const { box } = composite.mask;
	return {
		ok: true,
		part: cutBox(composite.picture, box),
		box,
		width: photo.picture.width,
		height: photo.picture.height,
		difference: differenceBetween(photo.picture, composite.picture, composite.mask),
		doubts: doubtsOf(photo.picture, composite.picture, { face: own.face, order }),
	};
}

/** Both measured with the photo's own lips: they did not change. Teeth that cannot be made out raise no doubt. */
function doubtsOf(
	before: Picture,
	after: Picture,
	{ face, order }: { face: Face; order: PutBackOrder },
): readonly Doubt[] {
	const [was, is] = [maskTeeth(before, face), maskTeeth(after, face)];
	if (!was.ok || !is.ok) return [];
	return doubtsAbout(measureSmile(before, face, was.mask), measureSmile(after, face, is.mask), order);
}

/** A before and a real after of one size, one place and one light. */
export interface AlignedPair {
	readonly ok: true;
	readonly before: Picture;
	readonly after: Picture;
	/** Of the two photos as they came. */
	readonly comparability: Comparability;
	/** How far the points that stay still miss each other, in pixels of the first photo. */
	readonly missPx: number;
	/** Light of the second photo was multiplied by this. */
	readonly gain: number;
}

export interface PairRefused {
	readonly ok: false;
	readonly which: 'before' | 'after' | 'both';
	readonly message: string;
}

/** The second photo brought to the first. Teeth are moved, turned and scaled with all the rest, and never recoloured. */
export function alignPair(
	before: { readonly picture: Picture; readonly faces: readonly Face[] },
	after: { readonly picture: Picture; readonly faces: readonly Face[] },
): AlignedPair | PairRefused {
	const [first, second] = [assessFaces(before.picture, before.faces), assessFaces(after.picture, after.faces)];
	if (!first.ok) return { ok: false, which: 'before', message: first.refusal.message };
	if (!second.ok) return { ok: false, which: 'after', message: second.refusal.message };
	const { transform, missPx } = alignFaces(second.face, first.face);
	const box = commonBox(before.picture, after.picture, transform);
	const mouth = mouthOf(first.face).box;
	const isMouthIn =
		box.x <= mouth.x &&
		box.y <= mouth.y &&
		box.x + box.width >= mouth.x + mouth.width &&
		box.y + box.height >= mouth.y + mouth.height;
	if (!isMouthIn) return { ok: false, which: 'both', message: NOTHING_IN_COMMON };
	const [was, is] = [skinLight(before.picture, first.face), skinLight(after.picture, second.face)];
	const gain = was && is ? exposureGain(is, was) : 1;
	return {
		ok: true,
		before: cutBox(before.picture, box),
		after: withExposure(resample(after.picture, transform, box), gain),
		comparability: comparePair(
			{ picture: before.picture, face: first.face },
			{ picture: after.picture, face: second.face },
		),
		missPx,
		gain,
	};
}

const NOTHING_IN_COMMON =
	'The two photos do not show the same part of the face. Once laid over each other, the mouth lies outside of one of them. Choose photos with more of the face around the mouth.';
