import { describe, expect, test } from 'vitest';

import { MUSIC_IDS, PIECES } from '../../../smile/music/pieces';
import { PEAK, SAMPLE_RATE, synthesise } from '../../../smile/music/synthesise';

const SECONDS = 4;

function rms(samples: Float32Array): number {
	return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
}

/** The largest step from one sample to the next, and the largest change of that step: a click is both. */
function roughness(samples: Float32Array): { step: number; bend: number } {
	let step = 0;
	let bend = 0;
	for (let at = 2; at < samples.length; at += 1) {
		const now = samples[at]! - samples[at - 1]!;
		const earlier = samples[at - 1]! - samples[at - 2]!;
		step = Math.max(step, Math.abs(now));
		bend = Math.max(bend, Math.abs(now - earlier));
	}
	return { step, bend };
}

describe.each(MUSIC_IDS)('%s', (id) => {
	const sound = synthesise(id, SECONDS);
	const channels = [sound.left, sound.right];

	test('lasts as long as was asked, to the sample', () => {
		expect(channels.map(({ length }) => length)).toEqual([SECONDS * SAMPLE_RATE, SECONDS * SAMPLE_RATE]);
		expect(synthesise(id, 0.123).left).toHaveLength(Math.round(0.123 * SAMPLE_RATE));
	});

	test('is loud enough to hear and clips nowhere', () => {
		for (const channel of channels) {
			expect(rms(channel)).toBeGreaterThan(0.08);
			expect(rms(channel)).toBeLessThan(0.3);
		}
		const loudest = Math.max(
			...channels.map((channel) => channel.reduce((max, value) => Math.max(max, Math.abs(value)), 0)),
		);
		expect(loudest).toBeCloseTo(PEAK, 5);
	});

	test('has no click: a tone of 3 kHz at full loudness is rougher', () => {
		const tone = Float32Array.from(
			{ length: 4800 },
			(_, at) => PEAK * Math.sin((2 * Math.PI * 3000 * at) / SAMPLE_RATE),
		);
		for (const channel of channels) {
			expect(roughness(channel).step).toBeLessThan(roughness(tone).step);
			expect(roughness(channel).bend).toBeLessThan(roughness(tone).bend);
		}
		// What the measure is for: one sample that is off is found.
		const clicked = sound.left.slice();
		clicked[100_000] = clicked[100_000]! + 0.3;
		expect(roughness(clicked).step).toBeGreaterThan(roughness(tone).step);
	});

	test.each([0.3, 2.5, SECONDS])('fades to silence at %f seconds, wherever its score is then', (seconds) => {
		const { left, right } = synthesise(id, seconds);
		for (const channel of [left, right]) {
			expect(Math.abs(channel.at(-1)!)).toBeLessThan(1e-6);
			expect(rms(channel.slice(-240))).toBeLessThan(1e-3);
			expect(channel.every(Number.isFinite)).toBe(true);
		}
	});

	test('begins with its first beat', () => {
		expect(rms(sound.left.slice(0, SAMPLE_RATE / 20))).toBeGreaterThan(0.02);
	});

	test('is the same each time', () => {
		const again = synthesise(id, SECONDS);
		expect(
			[again.left, again.right].map((one, at) => one.every((value, sample) => value === channels[at]![sample])),
		).toEqual([true, true]);
	});

	test('has two sides', () => {
		expect(sound.left).not.toEqual(sound.right);
	});
});

test('no piece is another', () => {
	const [one, two, three] = MUSIC_IDS.map((id) => synthesise(id, 2).left);
	expect(one).not.toEqual(two);
	expect(two).not.toEqual(three);
	expect(new Set(MUSIC_IDS.map((id) => PIECES[id].title)).size).toBe(MUSIC_IDS.length);
});

test.each([0, -1, 301, NaN])('refuses %f seconds', (seconds) => {
	expect(() => synthesise('porcelain', seconds)).toThrow(RangeError);
});
