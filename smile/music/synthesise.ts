import { PIECES, type Line, type MusicId } from './pieces';
import { TONES, type Tone } from './voices';

export const SAMPLE_RATE = 48_000;

/** Sound as two channels of equal length, −1 to 1, at `SAMPLE_RATE`. */
export interface Stereo {
	readonly left: Float32Array<ArrayBuffer>;
	readonly right: Float32Array<ArrayBuffer>;
}

/** Linear; 3 dB below full, so that a lossy codec's overshoot does not clip. */
export const PEAK = 0.7;

/** Longer than any reel; a refusal here is a mistake of the caller. */
const SECONDS_MAX = 300;
/** The last of it fades to nothing, wherever in its score the piece is cut. */
const FADE_SECONDS = 1.6;
const FADE_SHARE_MAX = 0.4;

/**
 * `seconds` of a piece, the same samples each time: it begins with its first beat, ends in silence, and is as loud as
 * `PEAK` at its loudest. Nothing of it is recorded, so nobody else has rights in it.
 */
export function synthesise(id: MusicId, seconds: number): Stereo {
	if (!(seconds > 0 && seconds <= SECONDS_MAX)) {
		throw new RangeError(`Music lasts more than 0 and at most ${SECONDS_MAX} seconds.`);
	}
	const length = Math.round(seconds * SAMPLE_RATE);
	const sound: Stereo = { left: new Float32Array(length), right: new Float32Array(length) };
	const { bars, beatsPerMinute, beatsInBar } = PIECES[id];
	const beat = 60 / beatsPerMinute;
	for (let bar = 0; bar * beatsInBar * beat < seconds; bar += 1) {
		for (const line of bars[bar % bars.length] ?? []) playLine(sound, line, bar * beatsInBar * beat, beat);
	}
	fadeOut(sound, Math.min(FADE_SECONDS, seconds * FADE_SHARE_MAX));
	level(sound);
	return sound;
}

/** `from` and `beat` in seconds. */
function playLine(sound: Stereo, { voice, gain, pan, notes }: Line, from: number, beat: number): void {
	const tone = TONES[voice];
	// Equally loud wherever it stands between the ears.
	const angle = ((pan + 1) * Math.PI) / 4;
	for (const [at, pitch, beats] of notes) {
		playNote(sound, tone, {
			at: from + at * beat,
			hold: beats * beat,
			hertz: 440 * 2 ** ((pitch - 69) / 12),
			left: gain * Math.cos(angle),
			right: gain * Math.sin(angle),
		});
	}
}

interface Note {
	/** Seconds. */
	readonly at: number;
	readonly hold: number;
	readonly hertz: number;
	/** How loud in each channel. */
	readonly left: number;
	readonly right: number;
}

function playNote({ left, right }: Stereo, tone: Tone, note: Note): void {
	const first = Math.round(note.at * SAMPLE_RATE);
	const samples = Math.ceil((note.hold + tone.release) * SAMPLE_RATE);
	const last = Math.min(left.length, first + samples);
	const kept = Math.exp(-1 / (tone.decay * SAMPLE_RATE));
	let strength = 1;
	for (let at = first; at < last; at += 1, strength *= kept) {
		const age = (at - first) / SAMPLE_RATE;
		const value = tone.wave(note.hertz * age, age) * strength * loudness(tone, age, note.hold);
		left[at] = (left[at] ?? 0) + note.left * value;
		right[at] = (right[at] ?? 0) + note.right * value;
	}
}

/** Rises, and is let go at the end of its hold: never with a step, which one would hear as a click. */
function loudness({ attack, release }: Tone, age: number, hold: number): number {
	const rise = Math.min(1, age / attack);
	const fall = age <= hold ? 1 : Math.max(0, 1 - (age - hold) / release);
	return rise * fall * fall;
}

function fadeOut({ left, right }: Stereo, seconds: number): void {
	const samples = Math.round(seconds * SAMPLE_RATE);
	const first = left.length - samples;
	for (let at = 0; at < samples; at += 1) {
		const gain = Math.cos((Math.PI / 2) * ((at + 1) / samples)) ** 2;
		left[first + at] = (left[first + at] ?? 0) * gain;
		right[first + at] = (right[first + at] ?? 0) * gain;
	}
}

function level({ left, right }: Stereo): void {
	const loudest = Math.max(loudestOf(left), loudestOf(right));
	if (loudest === 0) return;
	const gain = PEAK / loudest;
	for (const channel of [left, right]) {
		for (let at = 0; at < channel.length; at += 1) channel[at] = (channel[at] ?? 0) * gain;
	}
}

function loudestOf(channel: Float32Array): number {
	return channel.reduce((loudest, value) => Math.max(loudest, Math.abs(value)), 0);
}
