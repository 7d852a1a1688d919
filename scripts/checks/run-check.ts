import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { relative } from 'node:path';

import { z } from 'zod';

import { QUIET_ENV, toolPath } from '../run-tool';
import { ROOT, fromRoot } from '../root';

/** What one runner did: a linter counts as one check, a test runner as many as it ran. */
export interface CheckResult {
	title: string;
	passed: number;
	failed: number;
	seconds: number;
	/** What failed and how, a text each, to be said again at the end, where nobody has to scroll for it. */
	failures: readonly string[];
	/** Which tests passed, but not at once. */
	secondTries?: readonly SecondTry[];
}

/** A test that passed when it was tried again, and what it had said before. */
export interface SecondTry {
	test: string;
	why: string;
}

const Report = z.object({
	numPassedTests: z.number(),
	numFailedTests: z.number(),
	testResults: z.array(
		z.object({
			name: z.string(),
			status: z.string(),
			message: z.string().optional(),
			assertionResults: z.array(
				z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
			),
		}),
	),
});

/** Of each of a failure's own words: enough for the expected and the received value and the line. */
const FAILURE_LINES = 12;
const FAILURE_CHARACTERS = 1_200;
/** A line of a stack that is the runner's own. */
const isRunners = (line: string) => /^\s+at .*node_modules/.test(line);
const shortened = (text: string) =>
	text
		.split('\n')
		.filter((line) => !isRunners(line))
		.slice(0, FAILURE_LINES)
		.join('\n')
		.slice(0, FAILURE_CHARACTERS);

/** Each failed test of a vitest report, and each file that did not load, with the first lines of what it said. */
export function failuresOf(report: z.infer<typeof Report>): string[] {
	return report.testResults.flatMap(({ name, status, message = '', assertionResults }) => {
		const file = relative(ROOT, name);
		const failed = assertionResults.filter((result) => result.status === 'failed');
		if (failed.length === 0) return status === 'failed' ? [`${file}\n${shortened(message)}`] : [];
		return failed.map(({ fullName, failureMessages }) => `${file} > ${fullName}\n${wordsOf(failureMessages)}`);
	});
}

/** Each test of a vitest report that passed and had failed before: its report keeps what was said then. */
export function secondTriesOf(report: z.infer<typeof Report>): SecondTry[] {
	return report.testResults.flatMap(({ name, assertionResults }) =>
		assertionResults
			.filter(({ status, failureMessages }) => status === 'passed' && (failureMessages ?? []).length > 0)
			.map(({ fullName, failureMessages }) => ({
				test: `${relative(ROOT, name)} > ${fullName}`,
				why: wordsOf(failureMessages),
			})),
	);
}

/** A test says more than one thing when it is tried twice, or when what was seen then is told beside what was missed. */
function wordsOf(failureMessages: readonly string[] | null | undefined): string {
	return (failureMessages ?? []).map(shortened).join('\n');
}

/** Of twenty steps: what runs beside gets about three quarters of a core that both want. */
const GIVES_WAY = '5';

function run(
	packageName: string,
	command: string,
	args: readonly string[],
	options: { isLive: boolean; env?: Record<string, string>; givesWay?: boolean },
): Promise<{ status: number; output: string }> {
	const [program = process.execPath, ...words] = [
		// Before it begins, or only its first thread would give way.
		...(options.givesWay === true && process.platform !== 'win32' ? ['nice', '-n', GIVES_WAY] : []),
		process.execPath,
		toolPath(packageName, command),
		...args,
	];
	return new Promise((resolve, reject) => {
		const child = spawn(program, words, {
			cwd: ROOT,
			env: { ...process.env, ...QUIET_ENV, ...options.env },
			stdio: options.isLive ? 'inherit' : ['ignore', 'pipe', 'pipe'],
		});
		let output = '';
		const keep = (chunk: Buffer) => {
			output += chunk.toString('utf8');
		};
		child.stdout?.on('data', keep);
		child.stderr?.on('data', keep);
		child.once('error', reject);
		// Closed, not only ended: its last words may still be under way.
		child.once('close', (code) => resolve({ status: code ?? 1, output }));
	});
}

/** A tool that is right or wrong as a whole; what it says is shown when it is wrong. */
export async function runLinter(
	title: string,
	packageName: string,
	command: string,
	args: readonly string[],
	{ givesWay = false }: { givesWay?: boolean } = {},
): Promise<CheckResult> {
	const startedAt = Date.now();
	const { status, output } = await run(packageName, command, args, { isLive: false, givesWay });
	const isRight = status === 0;
	if (!isRight) process.stdout.write(`\n${title} failed\n${output.trim()}\n\n`);
	return {
		title,
		passed: isRight ? 1 : 0,
		failed: isRight ? 0 : 1,
		seconds: (Date.now() - startedAt) / 1000,
		failures: isRight ? [] : [shortened(output.trim())],
	};
}

/**
 * A vitest run with its own lines on the screen, at once or, when others run beside it, as a whole at its end; the counts come
 * from its report. With `givesWay` it takes the time that others leave. A run that ends badly without a failed
 * test (a file that does not load, a rejection nobody caught) and a run without any test both count as one failure.
 */
export async function runVitest(
	title: string,
	config: string,
	{
		env = {},
		isLive = true,
		args: more = [],
		givesWay = false,
	}: { env?: Record<string, string>; isLive?: boolean; args?: readonly string[]; givesWay?: boolean } = {},
): Promise<CheckResult> {
	const startedAt = Date.now();
	const reportPath = fromRoot('dist', `report-${title.replaceAll(/\W+/g, '-')}.json`);
	await rm(reportPath, { force: true });
	const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`];
	const args = ['run', '--config', config, ...reporters, ...more];
	const { status, output } = await run('vitest', 'vitest', args, { isLive, env, givesWay });
	if (!isLive) process.stdout.write(`\n${title}\n${output.trim()}\n`);
	const text = await readFile(reportPath, 'utf8').catch(() => undefined);
	const report =
		text === undefined ? { numPassedTests: 0, numFailedTests: 0, testResults: [] } : Report.parse(JSON.parse(text));
	const isSilentFailure = report.numFailedTests === 0 && (status !== 0 || report.numPassedTests === 0);
	return {
		title,
		passed: report.numPassedTests,
		failed: report.numFailedTests + (isSilentFailure ? 1 : 0),
		seconds: (Date.now() - startedAt) / 1000,
		failures: failuresOf(report),
		secondTries: secondTriesOf(report),
	};
}

/** What failed, what passed only when it was tried again, a line a runner, then the one line that counts; answers the exit status. */
export function summarize(
	results: readonly CheckResult[],
	print: (text: string) => unknown = (text) => process.stdout.write(text),
): number {
	const width = Math.max(...results.map(({ title }) => title.length));
	const secondTries = results.flatMap((result) => result.secondTries ?? []);
	for (const { test, why } of secondTries) print(`\nAt its first try ${test}\n${why}\n`);
	for (const { title, failures } of results) {
		for (const failure of failures) print(`\nFailed in ${title}: ${failure}\n`);
	}
	print('\n');
	for (const { title, passed, failed, seconds } of results) {
		print(`${title.padEnd(width)}  ${passed} passed, ${failed} failed  (${seconds.toFixed(1)} s)\n`);
	}
	if (secondTries.length > 0) {
		const names = secondTries.map(({ test }) => test).join('; ');
		print(`${secondTries.length} passed at the second try: ${names}\n`);
	}
	const passed = results.reduce((sum, result) => sum + result.passed, 0);
	const failed = results.reduce((sum, result) => sum + result.failed, 0);
	print(`${passed} passed, ${failed} failed\n`);
	return failed === 0 && passed > 0 ? 0 : 1;
}
