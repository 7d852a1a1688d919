/**
 * `npm run teeth`: takes the guards of the ledger, the till and the policy's claims away, one at a time, in a copy of the sources, and runs the tests that
 * have to notice. A guard that can go without a test failing is a guard that nobody watches.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { copyTree } from './teeth/copy-tree';
import { applyEdit, type Mutant } from './teeth/mutant';
import { MUTANTS } from './teeth/mutants';
import { runTests, type TestRun } from './teeth/run-tests';

const HELP = `Breaks one guard at a time in a copy of the sources and runs the tests that have to catch it.

  npm run teeth                              all ${MUTANTS.length} of them, a few seconds each
  npm run teeth -- --only freeze-after-thaw  one, or several
  npm run teeth -- --list                    their names, with the tests of each

Every mutant has to be caught. The exit status is 1 when one survives, when a test fails without any, and when one no longer
fits its source. The table on stdout says which test caught which.
`;

/** `UNJUDGED`: a test of its fails without it as well. */
type Verdict = 'caught' | 'SURVIVED' | 'BROKEN' | 'UNJUDGED';

/** Characters of a broken run's output: why it broke stands at its end. */
const OUTPUT_SHOWN_MAX = 3_000;

interface Outcome {
	name: string;
	verdict: Verdict;
	by: string;
	seconds: number;
}

function say(line: string): void {
	process.stderr.write(`${line}\n`);
}

/** Makes the edits, runs the tests, and puts the sources back. */
async function bite(root: string, { name, edits, tests }: Mutant): Promise<Outcome> {
	const originals = new Map<string, string>();
	let run: TestRun;
	try {
		for (const edit of edits) {
			const path = join(root, edit.file);
			const text = await readFile(path, 'utf8');
			if (!originals.has(path)) originals.set(path, text);
			await writeFile(path, applyEdit(text, edit));
		}
		run = await runTests(root, tests);
	} finally {
		for (const [path, text] of originals) await writeFile(path, text);
	}
	const { failed, isBroken, output, seconds } = run;
	if (isBroken) say(output.trim().slice(-OUTPUT_SHOWN_MAX));
	const [first] = failed;
	const verdict: Verdict = first !== undefined ? 'caught' : isBroken ? 'BROKEN' : 'SURVIVED';
	return { name, verdict, by: first === undefined ? tests.join(', ') : `${first.file}: ${first.title}`, seconds };
}

/** The test files that fail without a mutant, which would "catch" every one; null when not even that could be found out. */
async function failingFiles(root: string, mutants: readonly Mutant[]): Promise<ReadonlySet<string> | null> {
	const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))];
	const { failed, isBroken, passed, output, seconds } = await runTests(root, tests, { isWhole: true });
	if (isBroken) {
		say(output.trim().slice(-OUTPUT_SHOWN_MAX));
		return null;
	}
	say(`${passed} tests pass without a mutant, ${seconds.toFixed(0)} s`);
	for (const { file, title } of failed) say(`Fails without any mutant: ${file}: ${title}`);
	return new Set(failed.map(({ file }) => file));
}

async function biteAll(mutants: readonly Mutant[]): Promise<number> {
	const copy = await copyTree();
	try {
		const failing = await failingFiles(copy.root, mutants);
		if (failing === null) return 1;
		const outcomes: Outcome[] = [];
		for (const [index, mutant] of mutants.entries()) {
			const isJudged = !mutant.tests.some((file) => failing.has(file));
			const outcome = isJudged ? await bite(copy.root, mutant) : unjudged(mutant);
			outcomes.push(outcome);
			const { name, verdict, by, seconds } = outcome;
			say(`${index + 1}/${mutants.length}  ${verdict}  ${name}  ${seconds.toFixed(0)} s  ${by}`);
		}
		process.stdout.write(tableOf(outcomes));
		const escaped = outcomes.filter(({ verdict }) => verdict !== 'caught');
		say(`${outcomes.length - escaped.length} of ${outcomes.length} caught`);
		for (const { name, verdict } of escaped) say(`${verdict}: ${name}`);
		return escaped.length === 0 ? 0 : 1;
	} finally {
		copy.remove();
	}
}

function unjudged({ name, tests }: Mutant): Outcome {
	return { name, verdict: 'UNJUDGED', by: tests.join(', '), seconds: 0 };
}

function tableOf(outcomes: readonly Outcome[]): string {
	const rows = outcomes.map(({ name, verdict, by, seconds }) => {
		const cells = [`\`${name}\``, verdict === 'caught' ? by : verdict, seconds.toFixed(0)];
		return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
	});
	return ['| mutant | caught by | seconds |', '| --- | --- | ---: |', ...rows, ''].join('\n');
}

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			only: { type: 'string', multiple: true },
			list: { type: 'boolean', default: false },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	if (values.help) {
		process.stdout.write(HELP);
		return 0;
	}
	const { only } = values;
	const unknown = only?.find((name) => !MUTANTS.some((mutant) => mutant.name === name));
	if (unknown !== undefined) {
		say(`There is no mutant "${unknown}". See npm run teeth -- --list.`);
		return 1;
	}
	const mutants = only === undefined ? MUTANTS : MUTANTS.filter(({ name }) => only.includes(name));
	if (values.list) {
		for (const { name, tests } of mutants) process.stdout.write(`${name.padEnd(40)}${tests.join(' ')}\n`);
		return 0;
	}
	return biteAll(mutants);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.exitCode = await main();
