import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { z } from 'zod';

import { QUIET_ENV, toolPath } from '../run-tool';

/** Ceilings against hanging: a run that is this long says nothing about the mutant. */
const RUN_SECONDS_MAX = 240;
const WHOLE_SECONDS_MAX = 900;

const Report = z.object({
	numPassedTests: z.number(),
	testResults: z.array(
		z.object({
			name: z.string(),
			assertionResults: z.array(z.object({ status: z.string(), title: z.string() })),
		}),
	),
});

export interface TestRun {
	/** What failed: one test where the first failure ends the run. */
	failed: readonly { title: string; file: string }[];
	passed: number;
	/** Ended badly without a failed test: a file that does not load, an error nobody caught, or too long a time. */
	isBroken: boolean;
	output: string;
	seconds: number;
}

/** Runs test files of a copy, until the first failure or, where `isWhole`, all of them. */
export async function runTests(
	root: string,
	tests: readonly string[],
	{ isWhole = false }: { isWhole?: boolean } = {},
): Promise<TestRun> {
	const startedAt = performance.now();
	const reportPath = join(root, 'teeth-report.json');
	await rm(reportPath, { force: true });
	const { status, output } = await vitest(root, isWhole ? WHOLE_SECONDS_MAX : RUN_SECONDS_MAX, [
		...tests,
		...(isWhole ? [] : ['--bail=1']),
		'--reporter=json',
		`--outputFile=${reportPath}`,
	]);
	const text = await readFile(reportPath, 'utf8').catch(() => null);
	const report = text === null ? { numPassedTests: 0, testResults: [] } : Report.parse(JSON.parse(text));
	const failed = report.testResults.flatMap(({ name, assertionResults }) =>
		assertionResults
			.filter((one) => one.status === 'failed')
			.map(({ title }) => ({ title, file: relative(root, name) })),
	);
	return {
		failed,
		passed: report.numPassedTests,
		isBroken: failed.length === 0 && (status !== 0 || report.numPassedTests === 0),
		output,
		seconds: (performance.now() - startedAt) / 1000,
	};
}

function vitest(
	root: string,
	secondsMax: number,
	args: readonly string[],
): Promise<{ status: number; output: string }> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [toolPath('vitest', 'vitest'), 'run', ...args], {
			cwd: root,
			env: { ...process.env, ...QUIET_ENV, NO_COLOR: '1' },
			stdio: ['ignore', 'pipe', 'pipe'],
			// Together with what it starts, so that a run that hangs leaves no Worker behind.
			detached: true,
		});
		let output = '';
		const keep = (chunk: Buffer) => {
			output += chunk.toString('utf8');
		};
		const stop = () => {
			if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
		};
		const timer = setTimeout(stop, secondsMax * 1000);
		// Before the copy goes: what still runs would write it anew.
		process.prependOnceListener('exit', stop);
		child.stdout.on('data', keep);
		child.stderr.on('data', keep);
		child.once('error', reject);
		child.once('exit', (code) => {
			clearTimeout(timer);
			process.off('exit', stop);
			resolve({ status: code ?? 1, output });
		});
	});
}
