/** How a note sounds; each is a few sines, so nothing has to be loaded or licensed. */
export type Voice = 'bell' | 'pluck' | 'pad' | 'bass';

export interface Tone {
	/** Seconds until full, and from the end of its hold until silent. */
	readonly attack: number;
	readonly release: number;
	/** Seconds after which a struck note is 1/e as loud; infinite for one that is blown or bowed. */
	readonly decay: number;
	/** The sound at `phase`, in turns of the fundamental since the note began, and `age` seconds. Within −1 to 1. */
	readonly wave: (phase: number, age: number) => number;
}

/** One turn of a sine, its first value again at the end. Read between two values it is true to −130 dB, at a third of the time. */
const TABLE_SIZE = 4096;
const TABLE = Float64Array.from({ length: TABLE_SIZE + 1 }, (_, at) => Math.sin((2 * Math.PI * at) / TABLE_SIZE));

function sine(turns: number): number {
	const place = (turns - Math.floor(turns)) * TABLE_SIZE;
	const at = Math.trunc(place);
	const value = TABLE[at] ?? 0;
	return value + ((TABLE[at + 1] ?? 0) - value) * (place - at);
}

/** A second sine bends the first, strongly while it is struck: a bell's clang that dies before its tone. */
function bell(phase: number, age: number): number {
	const bend = 0.15 * Math.exp(-age / 0.18);
	return sine(phase + bend * sine(3 * phase));
}

/** Upper partials of a string die first. */
function pluck(phase: number, age: number): number {
	const high = Math.exp(-age / 0.12);
	return (sine(phase) + 0.5 * high * sine(2 * phase) + 0.3 * high * high * sine(3 * phase)) / 1.8;
}

/** Two tones a twentieth of a semitone apart beat slowly against each other. */
function pad(phase: number): number {
	return (sine(phase) + sine(1.003 * phase) + 0.35 * sine(2 * phase) + 0.12 * sine(3 * phase)) / 2.47;
}

function bass(phase: number): number {
	return (sine(phase) + 0.25 * sine(2 * phase)) / 1.25;
}

export const TONES: Readonly<Record<Voice, Tone>> = {
	bell: { attack: 0.006, release: 0.25, decay: 0.9, wave: bell },
	pluck: { attack: 0.005, release: 0.12, decay: 0.35, wave: pluck },
	pad: { attack: 0.35, release: 0.5, decay: Number.POSITIVE_INFINITY, wave: pad },
	bass: { attack: 0.02, release: 0.2, decay: 1.6, wave: bass },
};
