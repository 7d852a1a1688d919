import { describe, expect, test } from 'vitest';
import { mouthOf } from '../../smile/landmarks';
import { whitenSmile } from '../../smile/retouch';
import { drawMouth } from './drawn-mouth';
import { bytesChangedOutside, meanLab } from './measures';
import { isSampleThere, readSample } from './sample-faces';

const LIGHTER = { from: 'A3', to: 'BL2' } as const;
const DARKER = { from: 'A2', to: 'C4' } as const;

test('a drawn smile is whitened in its mask and nowhere else', () => {
	const { picture, face } = drawMouth();
	const whitened = whitenSmile(picture, [face], LIGHTER);
	if (!whitened.ok) throw new Error(whitened.refusal.message);
	expect(bytesChangedOutside(whitened.mask, picture, whitened.after)).toBe(0);
	expect(meanLab(whitened.after, whitened.mask).l).toBeGreaterThan(meanLab(picture, whitened.mask).l + 3);
});

test('a refusal of the faces and one of the teeth both come back with no picture', () => {
	const { picture, face } = drawMouth();
	expect(whitenSmile(picture, [], LIGHTER)).toMatchObject({ ok: false, refusal: { code: 'no_face' } });
	const toothless = drawMouth({ halfWidth: 48, halfHeight: 13, teeth: [176, 84, 86], gapPx: 3 });
	expect(whitenSmile(toothless.picture, [face], LIGHTER)).toMatchObject({ ok: false, refusal: { code: 'no_teeth' } });
});

describe.each(['astronaut.png', 'nasa_alan_shepard.jpg', 'nasa_collins_exif6.jpg'])('%s', (name) => {
	const absent = !isSampleThere(name);

	test.skipIf(absent)('goes lighter and darker in its mask, and not one byte changes out of it', async () => {
		const { picture, faces } = await readSample(name);
		const lighter = whitenSmile(picture, faces, LIGHTER);
		const darker = whitenSmile(picture, faces, DARKER);
		if (!lighter.ok || !darker.ok) throw new Error('The sample was refused.');
		const [before, light, dark] = [picture, lighter.after, darker.after].map((one) => meanLab(one, lighter.mask));
		console.info(`${name}: L ${before!.l.toFixed(1)}, lighter ${light!.l.toFixed(1)}, darker ${dark!.l.toFixed(1)}`);

		expect(light!.l).toBeGreaterThan(before!.l + 2);
		expect(dark!.l).toBeLessThan(before!.l - 5);
		expect(Math.hypot(light!.a, light!.b)).toBeLessThan(Math.hypot(before!.a, before!.b));
		expect(bytesChangedOutside(lighter.mask, picture, lighter.after)).toBe(0);
		expect(bytesChangedOutside(darker.mask, picture, darker.after)).toBe(0);
	});

	test.skipIf(absent)('is refused when blurred by half a tooth, and not when by a twentieth', async () => {
		const { faces } = await readSample(name);
		const toothPx = mouthOf(faces[0]!).widthPx / 6;
		const blurred = await readSample(name, { blurPx: toothPx / 2 });
		const nearlySharp = await readSample(name, { blurPx: Math.max(0.3, toothPx / 20) });
		expect(whitenSmile(blurred.picture, faces, LIGHTER)).toMatchObject({ ok: false, refusal: { code: 'blurred' } });
		expect(whitenSmile(nearlySharp.picture, faces, LIGHTER)).toMatchObject({ ok: true });
	});

	test.skipIf(absent)('is refused when a second face is there', async () => {
		const { picture, faces } = await readSample(name);
		const twice = whitenSmile(picture, [...faces, ...faces], LIGHTER);
		expect(twice).toMatchObject({ ok: false, refusal: { code: 'several_faces' } });
	});
});

test.skipIf(!isSampleThere('codait_Luciano.png'))('codait_Luciano.png is refused: its mouth is closed', async () => {
	const { picture, faces } = await readSample('codait_Luciano.png');
	expect(whitenSmile(picture, faces, LIGHTER)).toMatchObject({ ok: false, refusal: { code: 'mouth_closed' } });
});

test.skipIf(!isSampleThere('nasa_collins_exif6.jpg'))(
	'nasa_collins_exif6.jpg is refused as it is stored, for its landmarks are those of the upright photo',
	async () => {
		const { picture, faces } = await readSample('nasa_collins_exif6.jpg', { asStored: true });
		const lying = whitenSmile(picture, faces, LIGHTER);
		if (lying.ok) throw new Error('A photo lying on its side was recoloured.');
		console.info(`lying photo: ${lying.refusal.code}`);
		expect(['blurred', 'no_teeth']).toContain(lying.refusal.code);
	},
);
