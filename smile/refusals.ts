import { type Face, mouthOf } from './landmarks';
import type { Picture } from './picture';
import { mouthSharpness } from './sharpness';

/** Why a photo cannot be worked on. `message` can be shown as it is: what happened, why, what to do. */
export type SmileRefusal = {
	code: 'no_face' | 'several_faces' | 'mouth_closed' | 'mouth_too_small' | 'blurred' | 'no_teeth';
	message: string;
};

/**
 * The narrowest mouth, between its inner corners in pixels, that is shown to anyone.
 * A front tooth is a sixth of the mouth: at 36 px it is six pixels wide, four of them free of the lip's and the
 * neighbour's colour. The mask alone works from 24 px on, where a recoloured tooth is a smear.
 */
export const MOUTH_WIDTH_MIN_PX = 36;

/** The gap between the lips over the mouth's width that parts closed mouths (up to 0.04) from smiles (from 0.11). */
export const OPENNESS_MIN = 0.045;

/**
 * The least sharpness around the mouth, in the measure of `mouthSharpness`: sharp photos measure 1.1 to 1.8, and those
 * blurred by a twentieth of the mouth's width, a third of a tooth, 0.05.
 */
export const SHARPNESS_MIN = 0.06;

/**
 * Picks the one face of the photo, or says why there is none to work on.
 * `faces` is all that a detector found in `picture`. Whether teeth can be seen is for `maskTeeth` to say.
 */
export function assessFaces(
	picture: Picture,
	faces: readonly Face[],
): { ok: true; face: Face } | { ok: false; refusal: SmileRefusal } {
	const [face] = faces;
	if (!face) return { ok: false, refusal: noFaceRefusal() };
	if (faces.length > 1) return { ok: false, refusal: severalFacesRefusal(faces.length) };
	const { widthPx, openness } = mouthOf(face);
	if (widthPx < MOUTH_WIDTH_MIN_PX) return { ok: false, refusal: tooSmallRefusal(widthPx, MOUTH_WIDTH_MIN_PX) };
	if (openness < OPENNESS_MIN) return { ok: false, refusal: closedRefusal(openness) };
	const sharpness = mouthSharpness(picture, face);
	if (sharpness < SHARPNESS_MIN) return { ok: false, refusal: blurredRefusal(sharpness) };
	return { ok: true, face };
}

function noFaceRefusal(): SmileRefusal {
	return {
		code: 'no_face',
		message:
			'No face was found in this photo. Teeth are found by the face around them. Choose a photo that shows 1 whole face from the front.',
	};
}

function severalFacesRefusal(count: number): SmileRefusal {
	return {
		code: 'several_faces',
		message: `There are ${count} faces in this photo. Only 1 can be the patient, and we do not guess which. Crop the photo to the patient.`,
	};
}

/** A mouth of `widthPx` where `neededPx` are needed. */
export function tooSmallRefusal(widthPx: number, neededPx: number): SmileRefusal {
	return {
		code: 'mouth_too_small',
		message: `The mouth is too small in this photo. It is ${Math.floor(widthPx)} pixels wide and ${neededPx} are needed. Step closer.`,
	};
}

/** A mouth whose gap is `openness` of its width. */
export function closedRefusal(openness: number): SmileRefusal {
	return {
		code: 'mouth_closed',
		message: `The mouth is closed in this photo. The gap between the lips is ${percent(openness)} of the mouth's width and ${percent(OPENNESS_MIN)} are needed to see teeth. Choose a photo with a smile.`,
	};
}

function blurredRefusal(sharpness: number): SmileRefusal {
	return {
		code: 'blurred',
		message: `The mouth is blurred in this photo. It has ${percent(sharpness / SHARPNESS_MIN)} of the sharpness needed to see where a tooth ends. Hold the camera still and focus on the teeth.`,
	};
}

/** Teeth that look like lips, or, with figures, too few of them: `cover` of the open mouth where `needed` is needed. */
export function noTeethRefusal(seen?: { cover: number; needed: number }): SmileRefusal {
	const why = seen
		? `They cover ${percent(seen.cover)} of the open mouth and ${percent(seen.needed)} are needed.`
		: 'Nothing between the lips is brighter and less red than the lips.';
	return {
		code: 'no_teeth',
		message: `No teeth can be made out in this photo. ${why} Choose a photo in even light, turned upright, with the teeth in view.`,
	};
}

/** A share as "4.5 %", rounded down so that a value below a limit never reads as the limit. */
function percent(share: number): string {
	return `${Math.floor(share * 1000) / 10} %`;
}
