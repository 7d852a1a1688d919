import type { ParseArgsOptionsConfig } from 'node:util';

import { WrongUse } from './outcome';

/** What every command takes beside its own; `--help` is seen before. */
export const COMMON_OPTIONS = {
	origin: { type: 'string' },
	studio: { type: 'string' },
	json: { type: 'boolean', default: false },
} as const satisfies ParseArgsOptionsConfig;

export const COMMON_HELP = `  --origin URL     the deployment, such as https://smiles.example.com, with its OPERATOR_KEY in the environment;
                   without it the edge that runs on this machine
  --studio NAME    which one, when several run on this machine: dental, media or image
  --json           the answer as one JSON object
  -h, --help       this`;

/** What `parse` reads, with exactly so many words beside the flags; what it throws is a wrong use. */
export function readArguments<Parsed extends { positionals: readonly string[] }>(
	words: readonly string[],
	parse: () => Parsed,
): Parsed {
	const parsed = orWrongUse(parse);
	const { positionals } = parsed;
	if (positionals.length === words.length) return parsed;
	const wanted = words.length === 0 ? 'nothing beside its flags' : words.join(' ');
	throw new WrongUse(`This takes ${wanted}, and got ${positionals.length === 0 ? 'nothing' : positionals.join(' ')}.`);
}

function orWrongUse<Read>(read: () => Read): Read {
	try {
		return read();
	} catch (error) {
		throw new WrongUse(error instanceof Error ? error.message : String(error), { cause: error });
	}
}

/** A reason that the record can carry; asked for by name, because the owner of the account reads it. */
export function requireReason(reason: string | undefined): string {
	const given = reason?.trim() ?? '';
	if (given.length >= 3) return given;
	throw new WrongUse('Say why with --reason "…". It stands in the record, where the owner of the account reads it.');
}

/** A whole number of at least 1. */
export function requireWhole(name: string, value: string): number {
	const number = Number(value);
	if (/^\d{1,12}$/.test(value) && number >= 1) return number;
	throw new WrongUse(`${name} is a whole number of at least 1, and "${value}" is none.`);
}
