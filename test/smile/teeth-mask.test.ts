import { expect, test } from 'vitest';
import { maskTeeth } from '../../smile/teeth-mask';
import { drawMouth, faceAround, GAP, IVORY, LIP, moveFace, SMILE } from './drawn-mouth';
import { alphaAt, overlap } from './measures';

function maskOf({ picture, face }: ReturnType<typeof drawMouth>) {
	const masked = maskTeeth(picture, face);
	if (!masked.ok) throw new Error(masked.refusal.message);
	return masked.mask;
}

function codeOf({ picture, face }: ReturnType<typeof drawMouth>) {
	const masked = maskTeeth(picture, face);
	return masked.ok ? 'accepted' : masked.refusal.code;
}

test('the mask is the drawn teeth, without the dark gaps between them', () => {
	const drawn = drawMouth({ ...SMILE, gapPx: 5 });
	const isTooth = (at: number) => IVORY.every((value, channel) => drawn.picture.data[at * 4 + channel] === value);
	const figure = overlap(maskOf(drawn), { ...drawn.picture, isTooth });
	console.info(`drawn mouth: IoU ${figure.toFixed(3)}`);
	expect(figure).toBeGreaterThan(0.85);
	expect(alphaAt(maskOf(drawn), 80, 80)).toBeLessThan(0.3);
});

test('every alpha lies between 0 and 1, and lips and skin have exactly 0', () => {
	const mask = maskOf(drawMouth());
	expect(mask.alpha).toHaveLength(mask.box.width * mask.box.height);
	expect(mask.alpha.every((alpha) => alpha >= 0 && alpha <= 1)).toBe(true);
	expect(Math.max(...mask.alpha)).toBe(1);
	for (const y of [62, 98, 20, 140]) expect(alphaAt(mask, 80, y)).toBe(0);
});

test('shifting the landmarks by 3 % of the mouth keeps most of the mask', () => {
	const drawn = drawMouth();
	const straight = maskOf(drawn);
	const shifted = maskOf({ ...drawn, face: moveFace(drawn.face, { by: 0.03 * 2 * SMILE.halfWidth }) });
	const isTooth = (at: number) => alphaAt(straight, at % 160, Math.floor(at / 160)) > 0.5;
	expect(overlap(shifted, { ...drawn.picture, isTooth })).toBeGreaterThan(0.85);
});

test('an open mouth with nothing but red in it has no teeth', () => {
	expect(codeOf(drawMouth({ ...SMILE, teeth: LIP }))).toBe('no_teeth');
});

test('an open mouth with nothing but darkness in it has no teeth', () => {
	expect(codeOf(drawMouth({ ...SMILE, teeth: GAP }))).toBe('no_teeth');
});

test('a closed mouth is refused, whatever its colours', () => {
	expect(codeOf(drawMouth({ ...SMILE, halfHeight: 2 }))).toBe('mouth_closed');
});

test('a mouth under 24 px is refused, one of 30 px is masked', () => {
	expect(codeOf(drawMouth({ ...SMILE, halfWidth: 11, halfHeight: 4 }))).toBe('mouth_too_small');
	expect(codeOf(drawMouth({ ...SMILE, halfWidth: 15, halfHeight: 5, gapPx: 0 }))).toBe('accepted');
});

test('a mouth cut by the edge of the picture is masked within the picture', () => {
	const { picture, face } = drawMouth();
	const half = { width: 160, height: 84, data: picture.data.slice(0, 160 * 84 * 4) };
	const mask = maskOf({ picture: half, face });
	expect(mask.box.y + mask.box.height).toBe(84);
	expect(Math.max(...mask.alpha)).toBe(1);
});

test('a mouth wholly out of the picture has no teeth', () => {
	const { picture, face } = drawMouth();
	expect(codeOf({ picture, face: moveFace(face, { by: 5000 }) })).toBe('no_teeth');
	expect(codeOf({ picture, face: moveFace(face, { by: -5000 }) })).toBe('no_teeth');
});

test('lips drawn without an opening between them are closed, not an empty mask', () => {
	const { picture } = drawMouth();
	expect(codeOf({ picture, face: faceAround({ halfWidth: 48, halfHeight: 0 }) })).toBe('mouth_closed');
});
