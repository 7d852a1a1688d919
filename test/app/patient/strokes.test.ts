import { expect, test } from 'vitest';

import { strokesOf, strokesPath, STROKES_BYTES_MAX, type Stroke } from '../../../app/patient/strokes';

const BOX = { width: 300, height: 100 };

test('a drawing is read as it was sent', () => {
	const drawn: Stroke[] = [
		[
			[0, 0.5],
			[0.25, 1],
		],
		[[1, 0]],
	];
	expect(strokesOf(JSON.stringify(drawn))).toEqual(drawn);
});

test('what is no drawing is left out, and refuses nobody', () => {
	const tooLong = JSON.stringify([Array.from({ length: 2_000 }, () => [0.123, 0.456])]);
	expect(tooLong.length).toBeGreaterThan(STROKES_BYTES_MAX);
	for (const field of ['', 'x', '{}', '[]', '[[]]', '[[[0.5]]]', '[[[0.5,2]]]', '[[["0.5",0.5]]]', tooLong]) {
		expect(strokesOf(field)).toBeNull();
	}
});

test('a line begins and ends where the finger did, and a tap is a dot', () => {
	const path = strokesPath(
		[
			[
				[0, 0.5],
				[0.5, 1],
				[1, 0],
			],
			[[0.1, 0.2]],
		],
		BOX,
	);
	expect(path).toBe('M0.0 50.0Q150.0 100.0 225.0 50.0L300.0 0.0M30.0 20.0h0');
	expect(strokesPath([], BOX)).toBe('');
});
