import { readFileSync } from 'node:fs';

import type { Prepared } from './command';
import { WrongUse } from './outcome';

/** One of a command's own commands: `incident open`. */
export type Verb = (args: readonly string[]) => Prepared;

/** Reads the first word as one of these, and the rest by it. */
export function readVerb(command: string, verbs: Readonly<Record<string, Verb>>, args: readonly string[]): Prepared {
	const [word, ...rest] = args;
	const verb = word === undefined || !Object.hasOwn(verbs, word) ? undefined : verbs[word];
	if (verb !== undefined) return verb(rest);
	const names = Object.keys(verbs).join(', ');
	throw new WrongUse(
		word === undefined
			? `Say what to do: ${command} ${names.replaceAll(', ', `, ${command} `)}.`
			: `There is no "${command} ${word}". There are ${names}.`,
	);
}

/** A moment as the api takes it: a day, which begins at 00:00 UTC, or a day with a time of UTC. */
export function readMoment(flag: string, value: string | undefined): string {
	const isMoment = value !== undefined && /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{3})?)?Z)?$/.test(value);
	const ms = isMoment ? Date.parse(value.includes('T') ? value : `${value}T00:00:00Z`) : Number.NaN;
	// 30 February would otherwise be a day of March.
	if (!Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === value?.slice(0, 10)) {
		return new Date(ms).toISOString();
	}
	throw new WrongUse(`${flag} takes a moment of UTC such as 2026-11-21T14:05Z, or a day. ${given(value)}`);
}

function given(value: string | undefined): string {
	return value === undefined ? 'It is missing.' : `"${value}" is none.`;
}

/** Words from the line or from a file, where a shell does not keep them. */
export function readWords({ words, file }: { words?: string | undefined; file?: string | undefined }): string {
	if ((words === undefined) === (file === undefined))
		throw new WrongUse('Give the words with --words "…" or --file PATH.');
	const text = (words ?? readFile(file ?? '')).trim();
	if (text === '') throw new WrongUse('There are no words in it.');
	return text;
}

function readFile(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch (cause) {
		throw new WrongUse(`${path} cannot be read.`, { cause });
	}
}

/** `source,account` as a list. */
export function readList(flag: string, value: string | undefined): string[] {
	const words = (value ?? '').split(',').map((word) => word.trim());
	const list = words.filter((word) => word !== '');
	if (list.length > 0) return list;
	throw new WrongUse(`${flag} takes names with commas between them, such as source,account.`);
}
