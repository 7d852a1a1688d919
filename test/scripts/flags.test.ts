import { expect, test } from 'vitest';

import { fromRoot } from '../../scripts/root';
import { readFlags, studioNamed } from '../../scripts/start/flags';

test('without flags the sample patient goes through the dental studio, and the edge keeps serving', () => {
	expect(readFlags([])).toEqual({
		studio: 'dental',
		photo: fromRoot('public', 'samples', 'mara.jpg'),
		isSample: true,
		once: false,
		trackers: false,
		hours: 0,
		port: undefined,
	});
});

test('every flag is taken', () => {
	const photo = fromRoot('public', 'samples', 'mara.jpg');
	const args = ['--studio', 'image', '--once', '--hours', '25', '--port', '9000', '--photo', photo];
	expect(readFlags(args)).toEqual({
		studio: 'image',
		photo,
		isSample: false,
		once: true,
		trackers: false,
		hours: 25,
		port: 9000,
	});
	expect(readFlags(['--help', '--once'])).toBe('help');
});

test.each([
	[['--studio', 'portrait'], 'There is no studio "portrait". Choose dental, media or image.'],
	[['--hours', 'soon'], '--hours takes a number from 0 to 8760, and "soon" is none.'],
	[['--hours=-1'], '--hours takes a number'],
	[['--port', '70000'], '--port takes a number from 1 to 65534'],
	[['--port', '80.5'], '--port takes a whole number.'],
	[['--photo', '/nowhere/at-all.jpg'], 'There is no file /nowhere/at-all.jpg.'],
	[['--twice'], "Unknown option '--twice'"],
])('%j is refused with a sentence', (args, sentence) => {
	expect(() => readFlags(args)).toThrow(sentence);
});

test.each([
	[['--once', '--studio', 'image', '--hours', 'soon'], 'image'],
	[['--studio=media'], 'media'],
	[['--studio', 'portrait'], 'dental'],
	[['--once'], 'dental'],
] as const)('%j names a studio even when it is refused', (args, studio) => {
	expect(studioNamed(args)).toBe(studio);
});
