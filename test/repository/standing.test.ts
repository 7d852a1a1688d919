import { readdirSync } from 'node:fs';

import { expect, test } from 'vitest';

import { fromRoot } from '../../scripts/root';
import { readText } from '../docs/documents';

/** Where each is tried with a role, a session and a key that ended between its read and its write. */
const TRIED_IN = 'test/core/accounts/standing.test.ts';

/** What is not tried by itself, and why. */
const NOT_TRIED: Readonly<Record<string, string>> = {
	announceUpload: 'createUpload, createLogoUpload and createPaperUpload are tried, and nothing else calls it',
	changeStatements: 'only makes statements, with a gate of their own for the person who is signed in',
	completePaper: 'completeUpload is tried with a paper, and nothing else calls it',
	listAudit: 'a read that notes itself, in the batch that reads: the note is true of what was read',
	lookAtRender:
		'for the operator, who belongs to no account and has no session; what it writes is that it was looked at',
	operatorStatement: 'only makes a statement, for the operator, who belongs to no account and has no session',
	readDeletion: 'a read; `prove`, which makes the proof of a receipt, has a namesake that writes',
	readInvoicePage: 'a read; what it writes is the count of how often it was asked',
	seePaper: 'a read that notes itself, before it answers: the note is true of what was read',
	signClaim:
		'a read; what it writes is the count of how often it was asked, and what it answers is kept by nobody here',
};

interface CoreFunction {
	name: string;
	isOperation: boolean;
	text: string;
	/** The names that mean a function of core here: the file's own and what it imports. */
	known: ReadonlySet<string>;
}

/** Each function at the top of a file, from its first line to its closing brace. */
function functionsIn(text: string): CoreFunction[] {
	const found = [...text.matchAll(/^(export )?(async )?function (\w+)[^]*?^\}/gm)];
	const imported = [...text.matchAll(/^import \{([^}]*)\}/gm)].flatMap(([, names = '']) => names.match(/\w+/g) ?? []);
	const known = new Set([...imported, ...found.map(([, , , name = '']) => name)]);
	return found.map(([whole, exported, isAsync, name = '']) => ({
		name,
		isOperation: exported !== undefined && isAsync !== undefined,
		text: whole,
		known,
	}));
}

/** The operations that act for somebody and change rows, themselves or by a function that they call. */
function writingForSomebody(all: readonly CoreFunction[]): string[] {
	const writing = new Set(all.filter(({ text }) => /\bdb\s*\.(?:insert|update|delete)\(/.test(text)));
	for (let size = 0; size < writing.size;) {
		size = writing.size;
		for (const each of all) {
			const calls = ({ name }: CoreFunction) => each.known.has(name) && new RegExp(`\\b${name}\\(`).test(each.text);
			if ([...writing].some((other) => other.name !== each.name && calls(other))) writing.add(each);
		}
	}
	return all
		.filter((each) => each.isOperation && writing.has(each) && /\bactor\b/.test(each.text))
		.map(({ name }) => name);
}

const CORE = readdirSync(fromRoot('workers/core'), { recursive: true })
	.map((file) => `workers/core/${String(file)}`)
	.filter((path) => path.endsWith('.ts'))
	.flatMap((path) => functionsIn(readText(path)));

test('an operation that writes for an actor is found, by itself or through what it calls', () => {
	const text = [
		"import { imported, type Deps } from './elsewhere';",
		'export async function writes({ db }: D, { actor }: I) {\n\tawait db\n\t\t.insert(rows);\n}',
		'async function inner(deps: D) {\n\tawait deps.db.update(rows);\n}',
		'export async function passes(deps: D, { actor }: I) {\n\tawait inner(deps);\n}',
		'export async function passesOn(deps: D, { actor }: I) {\n\tawait imported(deps);\n}',
		'export async function reads({ db }: D, { actor }: I) {\n\tawait db.select();\n\tunknown(1);\n}',
		'export async function job({ db }: D) {\n\tawait db.delete(rows);\n}',
	].join('\n\n');
	const elsewhere = ['imported', 'unknown'].map((name) => `async function ${name}({ db }: D) {\n\tdb.delete(rows);\n}`);
	const all = [text, elsewhere.join('\n')].flatMap(functionsIn);
	expect(writingForSomebody(all)).toEqual(['writes', 'passes', 'passesOn']);
});

test('whatever writes for an actor is tried with what they may ending before the write', () => {
	const tried = readText(TRIED_IN);
	const operations = writingForSomebody(CORE);
	expect(operations.length).toBeGreaterThan(20);
	const untried = operations.filter((name) => !new RegExp(`=>\\s*${name}\\(`).test(tried));
	expect(untried.toSorted()).toEqual(Object.keys(NOT_TRIED));
});
