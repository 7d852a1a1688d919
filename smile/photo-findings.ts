import { faceExposure } from './exposure';
import { faceFraming } from './framing';
import type { Face } from './landmarks';
import type { Picture } from './picture';
import { headPose } from './pose';
import type { SmileRefusal } from './refusals';
import type { WritingLine } from './writing';

/** What can be wrong with a photo and not refuse it. */
export type PhotoWarning =
	| 'head_turned'
	| 'head_raised'
	| 'head_tilted'
	| 'mouth_small'
	| 'soft'
	| 'overexposed'
	| 'underexposed'
	| 'flat_light'
	| 'face_small'
	| 'face_cut'
	| 'braces'
	| 'writing';

/** What was measured and what it had to be: at most or at least `limit`, as the code implies. */
export interface PhotoMeasure {
	readonly value: number;
	readonly limit: number;
	/** Degrees, pixels, a share of 0 to 1, CIE L*, lines of writing, or the measure of `mouthSharpness`. */
	readonly unit: 'degrees' | 'pixels' | 'share' | 'lightness' | 'lines' | 'sharpness';
}

export interface PhotoFinding {
	readonly code: PhotoWarning | SmileRefusal['code'];
	readonly severity: 'refusal' | 'warning';
	/** Can be shown as it is: what is so, and what to do about it. */
	readonly message: string;
	/** A refusal's figures stand in its message. */
	readonly measure: PhotoMeasure | null;
}

/** In degrees. Drawn heads are measured within 3; pitch depends on the build of the face (see `headPose`). */
const YAW_MAX = 12;
const PITCH_MAX = 20;
const ROLL_MAX = 10;

/** Twice the narrowest mouth that is worked on: below it a whitened tooth has no texture left. */
const MOUTH_COMFORTABLE_PX = 72;

/** In the measure of `mouthSharpness`: sharp photos have four times as much, refused ones a quarter of it. */
const SHARPNESS_COMFORTABLE = 0.25;

const MOUTH_OVER_MAX = 0.12;
const FACE_OVER_MAX = 0.1;
const FACE_UNDER_MAX = 0.4;
/** In CIE L*: teeth, eyes or highlights are as bright on a face of any tone, once there is light. */
const BRIGHTEST_MIN = 55;
const CONTRAST_MIN = 18;

const FACE_SHARE_MIN = 0.25;

function warning(code: PhotoWarning, message: string, measure: PhotoMeasure): PhotoFinding {
	return { code, severity: 'warning', message, measure };
}

/** Metal keeps its colour, and teeth that are covered by it cannot be shown as they will be. */
export function warnOfBraces({ hasBraces }: { hasBraces: boolean }): PhotoFinding[] {
	if (!hasBraces) return [];
	return [
		{
			code: 'braces',
			severity: 'warning',
			message: 'There are braces on the teeth. A preview changes the teeth around them and leaves the metal as it is.',
			measure: null,
		},
	];
}

export function warnOfPose(face: Face): PhotoFinding[] {
	const pose = headPose(face);
	if (!pose) return [];
	const findings: PhotoFinding[] = [];
	const [yaw, pitch, roll] = [whole(pose.yaw), whole(pose.pitch), whole(pose.roll)];
	if (yaw > YAW_MAX) {
		findings.push(
			warning(
				'head_turned',
				`The head is turned ${yaw}° to the side, so one half of the smile shows less. Have the patient look straight into the camera.`,
				degrees(yaw, YAW_MAX),
			),
		);
	}
	if (pitch > PITCH_MAX) {
		findings.push(
			warning(
				'head_raised',
				`The head is ${pose.pitch > 0 ? 'raised' : 'lowered'} by about ${pitch}°, which makes the teeth look ${pose.pitch > 0 ? 'shorter' : 'longer'}. Hold the camera at the height of the mouth.`,
				degrees(pitch, PITCH_MAX),
			),
		);
	}
	if (roll > ROLL_MAX) {
		findings.push(
			warning(
				'head_tilted',
				`The head is tilted by ${roll}°. Have the patient hold both eyes level, or turn the camera.`,
				degrees(roll, ROLL_MAX),
			),
		);
	}
	return findings;
}

function whole(angle: number): number {
	return Math.round(Math.abs(angle));
}

function degrees(value: number, limit: number): PhotoMeasure {
	return { value, limit, unit: 'degrees' };
}

export function warnOfFraming(picture: Picture, face: Face): PhotoFinding[] {
	const { faceShare, cutShare, mouthPx, isMouthWhole } = faceFraming(picture, face);
	const findings: PhotoFinding[] = [];
	if (mouthPx < MOUTH_COMFORTABLE_PX) {
		findings.push(
			warning(
				'mouth_small',
				`The mouth is ${Math.floor(mouthPx)} pixels wide. It works, and from ${MOUTH_COMFORTABLE_PX} on teeth keep their texture. Step closer, or choose the original file.`,
				{ value: mouthPx, limit: MOUTH_COMFORTABLE_PX, unit: 'pixels' },
			),
		);
	}
	if (cutShare > 0) {
		findings.push(
			warning(
				'face_cut',
				`The ${isMouthWhole ? 'face' : 'mouth'} is cut off at the edge of the photo. Step back until the whole face is in the picture.`,
				{ value: cutShare, limit: 0, unit: 'share' },
			),
		);
	} else if (faceShare < FACE_SHARE_MIN) {
		findings.push(
			warning(
				'face_small',
				`The face fills ${percent(faceShare)} of the photo. Step closer until it fills about half.`,
				{ value: faceShare, limit: FACE_SHARE_MIN, unit: 'share' },
			),
		);
	}
	return findings;
}

export function warnOfSharpness(sharpness: number): PhotoFinding[] {
	if (sharpness >= SHARPNESS_COMFORTABLE) return [];
	return [
		warning('soft', 'The teeth are a little out of focus. Tap on the mouth to focus, and hold the camera still.', {
			value: sharpness,
			limit: SHARPNESS_COMFORTABLE,
			unit: 'sharpness',
		}),
	];
}

export function warnOfLight(picture: Picture, face: Face): PhotoFinding[] {
	const { overShare, mouthOverShare, underShare, brightest, contrast } = faceExposure(picture, face);
	if (mouthOverShare > MOUTH_OVER_MAX) {
		return [
			warning(
				'overexposed',
				`${percent(mouthOverShare)} of the open mouth has run into white, and no shade can be seen there. Use less flash, or step out of the sun.`,
				{ value: mouthOverShare, limit: MOUTH_OVER_MAX, unit: 'share' },
			),
		];
	}
	if (overShare > FACE_OVER_MAX) {
		return [
			warning(
				'overexposed',
				`${percent(overShare)} of the face has run into white. Use less flash, or step out of the sun.`,
				{ value: overShare, limit: FACE_OVER_MAX, unit: 'share' },
			),
		];
	}
	const dark = 'The photo is too dark: even the brightest parts of the face are dim. Face a window or add a light.';
	if (brightest < BRIGHTEST_MIN) {
		return [warning('underexposed', dark, { value: brightest, limit: BRIGHTEST_MIN, unit: 'lightness' })];
	}
	if (underShare > FACE_UNDER_MAX) {
		return [
			warning(
				'underexposed',
				`${percent(underShare)} of the face lies in black shadow. Turn the patient toward the light.`,
				{ value: underShare, limit: FACE_UNDER_MAX, unit: 'share' },
			),
		];
	}
	if (contrast < CONTRAST_MIN) {
		return [
			warning('flat_light', 'The photo is flat, as through haze. Wipe the lens, and keep light out of it.', {
				value: contrast,
				limit: CONTRAST_MIN,
				unit: 'lightness',
			}),
		];
	}
	return [];
}

export function warnOfWriting(picture: Picture, lines: readonly WritingLine[]): PhotoFinding[] {
	const [line] = lines;
	if (!line) return [];
	return [
		warning(
			'writing',
			`Something ${placeOf(picture, line)} looks like writing. Where it is a name, a date or a number, cover it or crop it away.`,
			{ value: lines.length, limit: 0, unit: 'lines' },
		),
	];
}

/** Where a box lies, as one says it: "at the top left". */
function placeOf({ width, height }: Picture, { box }: WritingLine): string {
	const [x, y] = [(box.x + box.width / 2) / width, (box.y + box.height / 2) / height];
	const side = x < 1 / 3 ? ' left' : x > 2 / 3 ? ' right' : '';
	if (y < 1 / 3) return `at the top${side}`;
	if (y > 2 / 3) return `at the bottom${side}`;
	return side === '' ? 'in the middle' : `on the${side}`;
}

function percent(share: number): string {
	return `${Math.round(share * 100)} %`;
}
