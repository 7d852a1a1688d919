import type { Face } from './landmarks';
import {
	type PhotoFinding,
	warnOfBraces,
	warnOfFraming,
	warnOfLight,
	warnOfPose,
	warnOfSharpness,
	warnOfWriting,
} from './photo-findings';
import type { Picture } from './picture';
import { assessFaces, type SmileRefusal } from './refusals';
import { mouthSharpness } from './sharpness';
import { maskTeeth } from './teeth-mask';
import { findWriting } from './writing';

/** `good`: nothing to say. `usable`: it works, and could be better. `refused`: it does not work. */
export interface PhotoCheck {
	readonly verdict: 'good' | 'usable' | 'refused';
	readonly findings: readonly PhotoFinding[];
}

/**
 * What a photo is worth for a smile, told in a friendly way: what to fix, and how.
 *
 * `faces` is all that a detector found in the upright `picture`. Refuses what no work can be done on (`assessFaces`,
 * `maskTeeth`); everything else warns, for a practice may have no better photo (requirements §5.3).
 */
export function checkPhoto(picture: Picture, faces: readonly Face[]): PhotoCheck {
	const writing = warnOfWriting(picture, findWriting(picture, faces));
	const assessed = assessFaces(picture, faces);
	if (!assessed.ok) return verdictOf([refused(assessed.refusal), ...writing]);
	const { face } = assessed;
	const masked = maskTeeth(picture, face);
	return verdictOf([
		...(masked.ok ? warnOfBraces(masked) : [refused(masked.refusal)]),
		...warnOfPose(face),
		...warnOfFraming(picture, face),
		...warnOfSharpness(mouthSharpness(picture, face)),
		...warnOfLight(picture, face),
		...writing,
	]);
}

function verdictOf(findings: readonly PhotoFinding[]): PhotoCheck {
	if (findings.some(({ severity }) => severity === 'refusal')) return { verdict: 'refused', findings };
	return { verdict: findings.length > 0 ? 'usable' : 'good', findings };
}

function refused({ code, message }: SmileRefusal): PhotoFinding {
	return { code, severity: 'refusal', message, measure: null };
}
