import { expect, test } from 'vitest';
import { alignPair, findTeeth, proveDifference, putMouthBack, recolourTeeth } from '../../app/smile-lab/smile-work';
import { changeShade } from '../../smile/change-shade';
import { withBox } from '../../smile/picture-box';
import { withExposure } from '../../smile/equalise-exposure';
import { skinLight } from '../../smile/equalise-exposure';
import { maskTeeth } from '../../smile/teeth-mask';
import { photographed, readPatient } from './drawn-patient';

const [mara, closed] = [await readPatient('mara'), await readPatient('closed')];
const of = ({ picture, face }: typeof mara) => ({ picture, faces: [face] });

test('the teeth are found once and recoloured by themselves; all pixels around them are counted and none differs', () => {
	const found = findTeeth(mara.picture, [mara.face]);
	if (!found.ok) throw new Error(found.refusal.message);
	expect([found.width, found.height]).toEqual([768, 960]);
	const after = recolourTeeth({ cut: found.cut, from: 'A3', to: 'A1', strength: 85, evenness: 20 });
	const proof = proveDifference(mara.picture, { cut: found.cut, after, colour: [0, 112, 224] });
	const teeth = found.cut.mask.alpha.filter((alpha) => alpha > 0).length;
	expect(proof.difference).toMatchObject({ outside: 0, outsideTotal: 768 * 960 - teeth });
	expect(proof.difference.changed).toBeGreaterThan(teeth / 2);
	const drawn = proof.map.data.filter((byte, at) => at % 4 === 3 && byte > 0).length;
	expect(drawn).toBe(proof.difference.changed);
});

test('a preview that reached further would be counted: the proof is no promise', () => {
	const found = findTeeth(mara.picture, [mara.face]);
	if (!found.ok) throw new Error(found.refusal.message);
	const { cut } = found;
	const after = { ...cut.picture, data: cut.picture.data.map((byte, at) => (at % 4 === 3 ? byte : byte ^ 1)) };
	const proof = proveDifference(mara.picture, { cut, after, colour: [0, 0, 0] });
	expect(proof.difference.changed).toBe(cut.box.width * cut.box.height);
	expect(proof.difference.outside).toBeGreaterThan(0);
});

test('a closed mouth, no face and two faces have no preview and say why', () => {
	expect(findTeeth(closed.picture, [closed.face])).toMatchObject({ ok: false, refusal: { code: 'mouth_closed' } });
	expect(findTeeth(mara.picture, [])).toMatchObject({ ok: false, refusal: { code: 'no_face' } });
	expect(findTeeth(mara.picture, [mara.face, mara.face])).toMatchObject({ refusal: { code: 'several_faces' } });
});

function generated(from: 'A3', to: 'BL1' | 'A1') {
	const masked = maskTeeth(mara.picture, mara.face);
	if (!masked.ok) throw new Error(masked.refusal.message);
	const picture = changeShade(mara.picture, masked.mask, { from, to, amount: 1 });
	return photographed(
		{ picture, face: mara.face },
		{ scale: 0.8, angle: 0, moveX: 3, moveY: 4 },
		{ width: 614, height: 768 },
	);
}

const WHITENING = { region: 'teeth', mayChange: ['shade'], from: 'A3' } as const;

test('the generated mouth goes into the photo, nothing around it, and raises no doubt while it keeps to the tabs', () => {
	const put = putMouthBack(of(mara), of(generated('A3', 'A1')), { ...WHITENING, to: 'A1' });
	if (!put.ok) throw new Error(put.refusal.message);
	expect(put.difference.outside).toBe(0);
	expect(put.difference.changed).toBeGreaterThan(1000);
	expect(put.doubts).toEqual([]);
	const whole = withBox(mara.picture, put.part, put.box);
	expect([whole.width, whole.height]).toEqual([put.width, put.height]);
});

test('a generated smile that is far whiter than ordered is doubted', () => {
	const put = putMouthBack(of(mara), of(generated('A3', 'BL1')), { ...WHITENING, to: 'A2' });
	if (!put.ok) throw new Error(put.refusal.message);
	expect(put.doubts.map(({ what }) => what)).toContain('shade');
});

test('a generated picture with no face, or another number of them, is not put back', () => {
	expect(putMouthBack(of(mara), { picture: mara.picture, faces: [] }, { ...WHITENING, to: 'A1' })).toMatchObject({
		ok: false,
		refusal: { code: 'no_face' },
	});
});

test('a real after is brought to its before: same size, same light, same place', () => {
	const later = photographed(
		{ picture: withExposure(mara.picture, 0.6), face: mara.face },
		{ scale: 1.2, angle: 0.06, moveX: -60, moveY: -90 },
	);
	const pair = alignPair(of(mara), of(later));
	if (!pair.ok) throw new Error(pair.message);
	expect([pair.after.width, pair.after.height]).toEqual([pair.before.width, pair.before.height]);
	expect(pair.missPx).toBeLessThan(0.01);
	expect(pair.gain).toBeGreaterThan(1.4);
	expect(pair.comparability.score).toBeGreaterThan(70);
	expect(pair.after.data.filter((byte, at) => at % 4 === 3 && byte < 255)).toHaveLength(0);
	let [squares, count] = [0, 0];
	for (let at = 0; at < pair.before.data.length; at += 4) {
		squares += (pair.before.data[at + 1]! - pair.after.data[at + 1]!) ** 2;
		count++;
	}
	expect(Math.sqrt(squares / count)).toBeLessThan(8);
	const [was, is] = [skinLight(mara.picture, mara.face), skinLight(later.picture, later.face)];
	expect(is!.luminance * pair.gain).toBeCloseTo(was!.luminance, 2);
});

test('which of the two photos cannot be used is said, and two that share no mouth are refused', () => {
	expect(alignPair(of(closed), of(mara))).toMatchObject({ ok: false, which: 'before' });
	expect(alignPair(of(mara), { picture: mara.picture, faces: [] })).toMatchObject({ ok: false, which: 'after' });
	const away = photographed(mara, { scale: 1, angle: 0, moveX: 0, moveY: 0 }, { width: 768, height: 600 });
	const cut = alignPair(of(mara), of(away));
	expect(cut).toMatchObject({ ok: false });
});
