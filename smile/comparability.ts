import { alignFaces, moved, type Similarity } from './align-pair';
import { type SkinLight, skinLight } from './equalise-exposure';
import { type Face, landmark, mouthOf, type Point } from './landmarks';
import type { Picture } from './picture';

/** What two photos are compared by. California asks for pairs that are comparable in presentation (requirements 5.3). */
export type Aspect = 'pose' | 'framing' | 'light';

export interface AspectScore {
	readonly aspect: Aspect;
	/** Points won and points there are; the three sum up to 100. */
	readonly points: number;
	readonly most: number;
	/** What differs, each a sentence with its figure; empty when nothing is worth a word. */
	readonly reasons: readonly string[];
}

export interface Comparability {
	/** 0, nothing in common, to 100, the same sitting. Whole points. */
	readonly score: number;
	readonly aspects: readonly AspectScore[];
}

interface Photo {
	readonly picture: Picture;
	readonly face: Face;
}

/** One thing that differs: free of charge up to `free`, all its points gone from `full` on. */
interface Gap {
	readonly size: number;
	readonly free: number;
	readonly full: number;
	readonly weight: number;
	readonly reason: string;
}

const EYES = [33, 263] as const;
const CHEEKS = [234, 454] as const;
const NOSE_TIP = 1;
/** From this loss of a gap's own points on it is named. */
const NAMED_FROM = 0.15;

/** How comparable a pair of photos is, before either is changed, and why not more. */
export function comparePair(before: Photo, after: Photo): Comparability {
	const { transform } = alignFaces(after.face, before.face);
	const aspects = [
		scored('pose', poseGaps(before.face, after.face)),
		scored('framing', framingGaps(before, after, transform)),
		scored('light', lightGaps(skinLight(before.picture, before.face), skinLight(after.picture, after.face))),
	];
	return { score: Math.round(aspects.reduce((sum, { points }) => sum + points, 0)), aspects };
}

function scored(aspect: Aspect, gaps: readonly Gap[]): AspectScore {
	let [points, most] = [0, 0];
	const reasons: string[] = [];
	for (const { size, free, full, weight, reason } of gaps) {
		const loss = Math.min(1, Math.max(0, (size - free) / (full - free)));
		points += weight * (1 - loss);
		most += weight;
		if (loss > NAMED_FROM) reasons.push(reason);
	}
	return { aspect, points, most, reasons };
}

/**
 * How the head is held, read from where the nose tip lies within the face: `aside` from -1 at one cheek to 1 at the other,
 * `down` from 0 at the eyes' line to 1 at the mouth's. `roll` in degrees.
 */
function poseOf(face: Face): { aside: number; down: number; roll: number; openness: number } {
	const [eyeOne, eyeTwo] = EYES.map((index) => landmark(face, index));
	const [cheekOne, cheekTwo] = CHEEKS.map((index) => landmark(face, index));
	if (!eyeOne || !eyeTwo || !cheekOne || !cheekTwo) throw new RangeError('A face has two eyes and two cheeks.');
	const angle = Math.atan2(eyeTwo.y - eyeOne.y, eyeTwo.x - eyeOne.x);
	const upright = { scale: 1, angle: -angle, moveX: 0, moveY: 0 };
	const turn = (point: Point) => moved(point, upright);
	const nose = turn(landmark(face, NOSE_TIP));
	const [near, far] = [nose.x - turn(cheekOne).x, turn(cheekTwo).x - nose.x];
	const eyeY = turn(eyeOne).y;
	const mouthY = (turn(landmark(face, 78)).y + turn(landmark(face, 308)).y) / 2;
	return {
		aside: (near - far) / (Math.abs(near) + Math.abs(far) || 1),
		down: (nose.y - eyeY) / (mouthY - eyeY || 1),
		roll: (angle * 180) / Math.PI,
		openness: mouthOf(face).openness,
	};
}

function poseGaps(before: Face, after: Face): Gap[] {
	const [was, is] = [poseOf(before), poseOf(after)];
	const aside = Math.abs(is.aside - was.aside);
	const down = Math.abs(is.down - was.down);
	const roll = Math.abs(is.roll - was.roll);
	const openness = Math.abs(is.openness - was.openness);
	return [
		{
			size: aside,
			free: 0.04,
			full: 0.4,
			weight: 18,
			reason: `The head is turned to the side differently: the nose lies ${perCent(aside / 2)} of the face's width elsewhere.`,
		},
		{
			size: down,
			free: 0.03,
			full: 0.25,
			weight: 12,
			reason: `The chin is held ${is.down > was.down ? 'lower' : 'higher'} in the second photo, by ${perCent(down)} of the way from eyes to mouth.`,
		},
		// Turning a picture takes back a tilted camera, but not a tilted head in an upright room.
		{
			size: roll,
			free: 2,
			full: 20,
			weight: 5,
			reason: `The head is tilted ${roll.toFixed(0)} degrees more in one photo.`,
		},
		{
			size: openness,
			free: 0.05,
			full: 0.25,
			weight: 10,
			reason: `The mouth is open ${perCent(was.openness)} of its width in the first photo and ${perCent(is.openness)} in the second.`,
		},
	];
}

function framingGaps(before: Photo, after: Photo, { scale }: Similarity): Gap[] {
	const [was, is] = [before, after].map(({ picture, face }) => mouthOf(face).widthPx / picture.width);
	const apart = Math.abs(Math.log2((is ?? 1) / (was ?? 1)));
	const factor = Math.max(scale, 1 / scale);
	return [
		{
			size: apart,
			free: 0.1,
			full: 1.5,
			weight: 12,
			reason: `The mouth takes ${perCent(was ?? 0)} of the first picture's width and ${perCent(is ?? 0)} of the second's.`,
		},
		{
			size: Math.log2(factor),
			free: 0.3,
			full: 2.5,
			weight: 8,
			reason: `One photo shows the face ${factor.toFixed(1)} times larger in pixels, so that it looks sharper.`,
		},
	];
}

function lightGaps(was: SkinLight | undefined, is: SkinLight | undefined): Gap[] {
	if (!was || !is) {
		return [
			{ size: 1, free: 0, full: 1, weight: 35, reason: 'The skin around the mouth cannot be seen in both photos.' },
		];
	}
	const stops = Math.log2(Math.max(is.luminance, 1e-4) / Math.max(was.luminance, 1e-4));
	const cast = Math.max(Math.abs(castBetween(was, is, 'red')), Math.abs(castBetween(was, is, 'blue')));
	const side = Math.abs(Math.log2(Math.max(is.sideways, 1e-3) / Math.max(was.sideways, 1e-3)));
	return [
		{
			size: Math.abs(stops),
			free: 0.15,
			full: 2,
			weight: 13,
			reason: `The second photo is ${Math.abs(stops).toFixed(1)} stops ${stops > 0 ? 'brighter' : 'darker'}. Lighter light looks like lighter teeth.`,
		},
		{
			size: cast,
			free: 0.1,
			full: 0.8,
			weight: 12,
			reason: `The light has another colour: the skin's balance differs by ${cast.toFixed(2)} stops. Teeth look yellower or whiter by that alone.`,
		},
		{
			size: side,
			free: 0.2,
			full: 1.5,
			weight: 10,
			reason: `The light comes from another side: one cheek differs by ${side.toFixed(1)} stops.`,
		},
	];
}

/** How much more of one primary there is against green, in stops. */
function castBetween(was: SkinLight, is: SkinLight, primary: 'red' | 'blue'): number {
	const ratio = (light: SkinLight) => Math.max(light[primary], 1e-4) / Math.max(light.green, 1e-4);
	return Math.log2(ratio(is) / ratio(was));
}

function perCent(share: number): string {
	return `${(share * 100).toFixed(0)} %`;
}
