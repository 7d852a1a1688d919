// The drawn patients are the only pictures whose true teeth are known. They say that the mask follows teeth; they are no
// evidence of accuracy on people.

import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { type Face, landmark, mouthOf } from '../../smile/landmarks';
import { OPENNESS_MIN } from '../../smile/refusals';
import { whitenSmile } from '../../smile/retouch';
import { bytesChangedOutside, overlap } from './measures';
import { decode, readLandmarks } from './sample-faces';

const PATIENTS = fileURLToPath(new URL('../fixtures/patients/', import.meta.url));
const isThere = existsSync(PATIENTS);
const names = isThere
	? readdirSync(PATIENTS)
			.filter((file) => file.endsWith('.json'))
			.map((file) => file.slice(0, -'.json'.length))
	: [];

// A turned head hides side teeth in shadow, and its landmarks fit less well.
const IOU_MIN = { frontal: 0.88, turned: 0.6 };
const NOSE_TIP = 1;
const CHEEKS = [234, 454] as const;
/** How much nearer to one cheek the nose tip may be: about 15 degrees of yaw. */
const ASIDE_MAX = 0.3;

function isFrontal(face: Face): boolean {
	const [one, other] = CHEEKS.map((cheek) => Math.abs(landmark(face, cheek).x - landmark(face, NOSE_TIP).x));
	return Math.abs(one! - other!) / (one! + other!) <= ASIDE_MAX;
}

test.skipIf(!isThere)('there are drawn patients, and an open frontal smile is among them', () => {
	const smiles = names
		.flatMap((name) => readLandmarks(`${PATIENTS}${name}.json`).faces)
		.filter((face) => isFrontal(face) && mouthOf(face).openness >= OPENNESS_MIN);
	expect(smiles.length).toBeGreaterThan(0);
});

describe.each(names)('drawn patient %s', (name) => {
	const { width, height, faces } = readLandmarks(`${PATIENTS}${name}.json`);
	const [face] = faces;
	const isOpen = face !== undefined && mouthOf(face).openness >= OPENNESS_MIN;

	test.skipIf(!isOpen)('has teeth that the mask finds, and nothing out of the mask changes', async () => {
		const picture = await decode(sharp(`${PATIENTS}${name}.png`));
		expect([picture.width, picture.height]).toEqual([width, height]);
		const truth = await sharp(`${PATIENTS}${name}.teeth.png`).extractChannel(0).raw().toBuffer();
		const whitened = whitenSmile(picture, faces, { from: 'A3', to: 'BL2' });
		if (!whitened.ok) throw new Error(whitened.refusal.message);

		const figure = overlap(whitened.mask, { width, height, isTooth: (at) => truth[at]! > 127 });
		const pose = isFrontal(face!) ? 'frontal' : 'turned';
		console.info(`${name}: IoU ${figure.toFixed(3)}, ${pose}, mouth ${mouthOf(face!).widthPx.toFixed(0)} px`);
		expect(figure).toBeGreaterThanOrEqual(IOU_MIN[pose]);
		expect(bytesChangedOutside(whitened.mask, picture, whitened.after)).toBe(0);
	});

	test.skipIf(isOpen)('is refused, for its mouth is closed or its face not found', async () => {
		const picture = await decode(sharp(`${PATIENTS}${name}.png`));
		const code = face ? 'mouth_closed' : 'no_face';
		expect(whitenSmile(picture, faces, { from: 'A3', to: 'BL2' })).toMatchObject({ ok: false, refusal: { code } });
	});
});
