import { expect, test } from 'vitest';
import { assessFaces, MOUTH_WIDTH_MIN_PX, noTeethRefusal, type SmileRefusal } from '../../smile/refusals';
import { drawMouth, faceAround, moveFace, SMILE } from './drawn-mouth';

const { picture, face } = drawMouth();

function refusalOf(faces: (typeof face)[], photo = picture): SmileRefusal {
	const assessed = assessFaces(photo, faces);
	if (assessed.ok) throw new Error('The photo was accepted.');
	return assessed.refusal;
}

test('one open, sharp mouth of enough pixels is accepted as it is', () => {
	expect(assessFaces(picture, [face])).toEqual({ ok: true, face });
});

test('no face is refused', () => {
	expect(refusalOf([]).code).toBe('no_face');
});

test('two faces are refused and counted, for nobody guesses which one is the patient', () => {
	const refusal = refusalOf([face, face]);
	expect(refusal.code).toBe('several_faces');
	expect(refusal.message).toContain('There are 2 faces');
});

test('a narrow mouth is refused with its width and the needed one', () => {
	const scale = (MOUTH_WIDTH_MIN_PX - 0.5) / (2 * SMILE.halfWidth);
	const refusal = refusalOf([moveFace(face, { scale })]);
	expect(refusal).toEqual({
		code: 'mouth_too_small',
		message: 'The mouth is too small in this photo. It is 35 pixels wide and 36 are needed. Step closer.',
	});
});

test('a closed mouth is refused with its gap and the needed one', () => {
	const refusal = refusalOf([faceAround({ halfWidth: 48, halfHeight: 2 })]);
	expect(refusal.code).toBe('mouth_closed');
	expect(refusal.message).toContain("4.1 % of the mouth's width and 4.5 % are needed");
});

test('a flat grey picture is refused as blurred', () => {
	const grey = { ...picture, data: new Uint8ClampedArray(picture.data.length).fill(128) };
	expect(refusalOf([face], grey).code).toBe('blurred');
});

test('a mouth out of the picture is refused and not read', () => {
	expect(refusalOf([moveFace(face, { by: 1000 })]).code).toBe('blurred');
});

test('every message is calm sentences: a full stop at the end, no plea, no exclamation', () => {
	const messages = [
		refusalOf([]),
		refusalOf([face, face]),
		refusalOf([moveFace(face, { scale: 0.2 })]),
		refusalOf([faceAround({ halfWidth: 48, halfHeight: 1 })]),
		refusalOf([moveFace(face, { by: 1000 })]),
		noTeethRefusal(),
		noTeethRefusal({ cover: 0.05, needed: 0.12 }),
	].map((refusal) => refusal.message);
	for (const message of messages) {
		expect(message).toMatch(/^[A-Z].*\. .*\. .*\.$/);
		expect(message).not.toMatch(/please|sorry|oops|!|—/i);
	}
});
