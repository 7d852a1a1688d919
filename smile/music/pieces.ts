import type { Voice } from './voices';

export type MusicId = 'porcelain' | 'daylight' | 'lantern';

export const MUSIC_IDS: readonly MusicId[] = ['porcelain', 'daylight', 'lantern'];

/** A piece as its score: bars that come again until the reel ends. Written for this product; no recording is in it. */
export interface Piece {
	readonly title: string;
	readonly beatsPerMinute: number;
	readonly beatsInBar: number;
	/** One bar each, played in turn. Pitches are MIDI numbers: 60 is middle C, 69 is 440 Hz. */
	readonly bars: readonly (readonly Line[])[];
}

/** What one voice plays in a bar. */
export interface Line {
	readonly voice: Voice;
	/** 0 to 1. */
	readonly gain: number;
	/** −1 is left, 1 is right. */
	readonly pan: number;
	/** Beats from the bar's beginning, the pitch, and how many beats it is held. */
	readonly notes: readonly (readonly [beat: number, pitch: number, beats: number])[];
}

/** Chord by chord: the notes held, the bass below them, and one of them after another on top. */
function barOf(chord: readonly number[], options: BarOptions): readonly Line[] {
	const { held, top, steps, order } = options;
	const [root = 60] = chord;
	const arpeggio = Array.from({ length: steps }, (_, step): [number, number, number] => {
		const pitch = chord[(order[step % order.length] ?? 0) % chord.length] ?? root;
		return [(step * options.beats) / steps, pitch + 12, options.ring];
	});
	return [
		{ voice: held, gain: 0.3, pan: 0, notes: chord.map((pitch) => [0, pitch, options.beats]) },
		{ voice: 'bass', gain: 0.5, pan: 0, notes: [[0, root - 24, options.beats]] },
		{ voice: top, gain: 0.42, pan: -0.3, notes: arpeggio.filter((_, step) => step % 2 === 0) },
		{ voice: top, gain: 0.34, pan: 0.3, notes: arpeggio.filter((_, step) => step % 2 === 1) },
	];
}

interface BarOptions {
	readonly held: Voice;
	readonly top: Voice;
	readonly beats: number;
	/** Notes of the arpeggio in a bar, and the beats that each rings. */
	readonly steps: number;
	readonly ring: number;
	/** Which note of the chord comes when. */
	readonly order: readonly number[];
}

const C_MAJOR_7 = [60, 64, 67, 71];
const A_MINOR_7 = [57, 60, 64, 67];
const F_MAJOR_7 = [53, 57, 60, 64];
const G_SIXTH = [55, 59, 62, 64];
const D_MAJOR = [62, 66, 69];
const B_MINOR = [59, 62, 66];
const G_MAJOR = [55, 59, 62];
const A_MAJOR = [57, 61, 64];
const E_FLAT_9 = [51, 55, 58, 65];
const B_FLAT_9 = [58, 62, 65, 72];
const C_MINOR_7 = [60, 63, 67, 70];

const CALM: BarOptions = { held: 'pad', top: 'bell', beats: 4, steps: 8, ring: 2.5, order: [0, 2, 1, 3, 2, 1, 3, 2] };
const BRIGHT: BarOptions = { held: 'pad', top: 'pluck', beats: 4, steps: 8, ring: 1, order: [0, 1, 2, 1, 0, 2, 1, 2] };
const SLOW: BarOptions = { held: 'pad', top: 'bell', beats: 4, steps: 4, ring: 4, order: [3, 1, 2, 0] };

export const PIECES: Readonly<Record<MusicId, Piece>> = {
	porcelain: {
		title: 'Porcelain, calm bells',
		beatsPerMinute: 84,
		beatsInBar: 4,
		bars: [C_MAJOR_7, A_MINOR_7, F_MAJOR_7, G_SIXTH].map((chord) => barOf(chord, CALM)),
	},
	daylight: {
		title: 'Daylight, bright strings',
		beatsPerMinute: 112,
		beatsInBar: 4,
		bars: [D_MAJOR, B_MINOR, G_MAJOR, A_MAJOR].map((chord) => barOf(chord, BRIGHT)),
	},
	lantern: {
		title: 'Lantern, slow and warm',
		beatsPerMinute: 66,
		beatsInBar: 4,
		bars: [E_FLAT_9, B_FLAT_9, C_MINOR_7, B_FLAT_9].map((chord) => barOf(chord, SLOW)),
	},
};
