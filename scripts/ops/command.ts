import type { Status } from './outcome';
import type { Target } from './target';

export interface Answered {
	status: Status;
	/** For people: aligned plain text, each line with its end. */
	text: string;
	/** For programs: what `--json` prints. */
	json: unknown;
}

/** What is to be sent, once it was read and confirmed. */
export interface Prepared {
	json: boolean;
	origin: string | undefined;
	studio: string | undefined;
	run: (target: Target) => Promise<Answered>;
}

export interface Command {
	readonly name: string;
	/** One line of the list of commands. */
	readonly summary: string;
	readonly help: string;
	/** Reads the arguments; throws `WrongUse`. */
	read(args: readonly string[]): Prepared;
}
