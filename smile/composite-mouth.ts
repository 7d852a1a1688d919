import { alignFaces, resample, type Similarity, STABLE } from './align-pair';
import { byteOfLinear, LINEAR_OF_BYTE } from './colour';
import { type Face, INNER_LIP, mouthOf, OUTER_LIP, ringOf } from './landmarks';
import { coverPolygon, growRing, smoothRing } from './outline';
import { type Box, clipBox, growBox, type Picture } from './picture';
import { withBox, cutBox } from './picture-box';
import { blurTwice, medianWhere, smoothstep } from './planes';
import { maskTeeth, type TeethMask } from './teeth-mask';

// In parts of the mouth's width.
const GROWTH = 0.02;
const FEATHER = 0.02;

/** A model that lights the whole face anew is told apart from one that draws another face. */
const GAIN_MIN = 0.6;
const GAIN_MAX = 1.7;

/** The points that both pictures are laid over each other by: what stays, and the lips, which frame what is put back. */
const FRAME: readonly number[] = [...STABLE, ...OUTER_LIP];

export interface Composite {
	readonly picture: Picture;
	/** Where anything of the other picture was taken, and how much of it. */
	readonly mask: TeethMask;
	/** From the other picture to the photo. */
	readonly transform: Similarity;
	/** How far the points of the two faces still miss each other, in parts of the mouth's width. */
	readonly miss: number;
	/** Factors of light, red, green and blue, that the other picture's lips needed to look like the photo's. */
	readonly gains: readonly [number, number, number];
}

/**
 * The patient's own photo with the mouth of a generated picture in it (N7): that picture is laid over the photo by both
 * faces' landmarks, its light matched at the lips, and only what `region` allows is taken from it, feathered.
 * Every byte where the mask is 0, and every A, is the photo's. `generated` may have any size.
 */
export function compositeMouth(
	photo: { readonly picture: Picture; readonly face: Face },
	generated: { readonly picture: Picture; readonly face: Face },
	region: 'teeth' | 'opening',
): Composite {
	const { widthPx } = mouthOf(photo.face);
	const { transform, missPx } = alignFaces(generated.face, photo.face, FRAME);
	const mask = region === 'teeth' ? teethOf(photo) : openingOf(photo);
	const box = clipBox(growBox(mouthOf(photo.face).box, Math.ceil(widthPx * FEATHER * 3) + 2), photo.picture);
	const other = resample(generated.picture, transform, box);
	const gains = gainsAtLips(cutBox(photo.picture, box), other, lipsOf(photo.face, box));
	const merged = merge(cutBox(photo.picture, mask.box), cutBox(other, within(mask.box, box)), { mask, gains });
	return {
		picture: withBox(photo.picture, merged, mask.box),
		mask,
		transform,
		miss: widthPx > 0 ? missPx / widthPx : 0,
		gains,
	};
}

/** The box as seen from the corner of another that holds it. */
function within(box: Box, outer: Box): Box {
	return { ...box, x: box.x - outer.x, y: box.y - outer.y };
}

/** The teeth of the photo itself: a colour changes where teeth are. Where none can be made out, nothing is taken. */
function teethOf({ picture, face }: { picture: Picture; face: Face }): TeethMask {
	const masked = maskTeeth(picture, face);
	if (masked.ok) return masked.mask;
	return { box: { x: 0, y: 0, width: 0, height: 0 }, alpha: new Float32Array(0) };
}

/** All between the photo's lips: teeth may be there that were not there before. Lips are the patient's own. */
function openingOf({ picture, face }: { picture: Picture; face: Face }): TeethMask {
	const { widthPx, box: mouth } = mouthOf(face);
	const feather = widthPx * FEATHER;
	const box = clipBox(growBox(mouth, Math.ceil(feather * 3) + 2), picture);
	const inner = smoothRing(growRing(ringOf(face, INNER_LIP), widthPx * GROWTH));
	const alpha = blurTwice(coverPolygon(inner, box), box, feather);
	const lips = coverPolygon(smoothRing(ringOf(face, OUTER_LIP)), box);
	for (let at = 0; at < alpha.length; at++) alpha[at] = smoothstep(0.2, 0.9, alpha[at] ?? 0) * (lips[at] ?? 0);
	return { box, alpha };
}

/** The pixels of the lips alone, 0 or 1. */
function lipsOf(face: Face, box: Box): (at: number) => boolean {
	const outer = coverPolygon(smoothRing(ringOf(face, OUTER_LIP)), box);
	const inner = coverPolygon(smoothRing(growRing(ringOf(face, INNER_LIP), mouthOf(face).widthPx * 2 * GROWTH)), box);
	return (at) => (outer[at] ?? 0) === 1 && (inner[at] ?? 0) === 0;
}

function gainsAtLips(own: Picture, other: Picture, isLip: (at: number) => boolean): readonly [number, number, number] {
	const isSeen = (at: number) => isLip(at) && other.data[at * 4 + 3] === 255;
	const gain = (channel: number) => {
		const [mine, theirs] = [own, other].map(({ data }) => {
			const light = Float32Array.from(
				{ length: data.length / 4 },
				(_, at) => LINEAR_OF_BYTE[data[at * 4 + channel] ?? 0] ?? 0,
			);
			return medianWhere(light, isSeen);
		});
		if (mine === undefined || theirs === undefined || !(theirs > 0)) return 1;
		return Math.min(GAIN_MAX, Math.max(GAIN_MIN, mine / theirs));
	};
	return [gain(0), gain(1), gain(2)];
}

function merge(
	own: Picture,
	other: Picture,
	{ mask, gains }: { mask: TeethMask; gains: readonly [number, number, number] },
): Picture {
	const data = new Uint8ClampedArray(own.data);
	for (let at = 0; at < mask.alpha.length; at++) {
		const offset = at * 4;
		// Where the generated picture does not reach, there is nothing to take.
		const alpha = (mask.alpha[at] ?? 0) * ((other.data[offset + 3] ?? 0) / 255);
		if (alpha === 0) continue;
		for (let channel = 0; channel < 3; channel++) {
			const before = own.data[offset + channel] ?? 0;
			const light = LINEAR_OF_BYTE[other.data[offset + channel] ?? 0] ?? 0;
			data[offset + channel] = before + alpha * (byteOfLinear(light * (gains[channel] ?? 1)) - before);
		}
	}
	return { width: own.width, height: own.height, data };
}
