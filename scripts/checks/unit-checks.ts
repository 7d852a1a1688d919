import { runLinter, runVitest, type CheckResult } from './run-check';

const TYPE_PROJECTS = ['workers/tsconfig.json', 'tsconfig.json', 'emulators/tsconfig.json', 'test/tsconfig.json'];

/** The linters one after another, on one core. */
export async function lintAndTypes(options: Parameters<typeof runLinter>[4] = {}): Promise<CheckResult[]> {
	return [
		await runLinter('format', 'oxfmt', 'oxfmt', ['--check', '.'], options),
		await runLinter('lint', 'oxlint', 'oxlint', ['--type-aware', '.'], options),
		await runLinter('types', 'typescript-native', 'tsc', ['--build', ...TYPE_PROJECTS], options),
	];
}

export function unitTests(options: Parameters<typeof runVitest>[2]): Promise<CheckResult> {
	return runVitest('unit tests', 'vitest.config.ts', options);
}

/** The same in three: one Worker runs its files one after another, and alone would be what everything waits for. */
export function unitTestsInParts(options: Parameters<typeof runVitest>[2]): readonly (() => Promise<CheckResult>)[] {
	const part = (title: string, args: readonly string[]) => () =>
		runVitest(title, 'vitest.config.ts', { ...options, args });
	return [
		part('core tests, one half', ['--project=workerd', '--shard=1/2']),
		part('core tests, other half', ['--project=workerd', '--shard=2/2']),
		part('unit tests', ['--project=node']),
	];
}
