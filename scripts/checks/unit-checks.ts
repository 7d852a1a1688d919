import { runLinter, runVitest, type CheckResult } from './run-check';

const TYPE_PROJECTS = ['workers/tsconfig.json', 'tsconfig.json', 'emulators/tsconfig.json', 'test/tsconfig.json'];

/** The linters one after another, on one core. */
export async function lintAndTypes(): Promise<CheckResult[]> {
	return [
		await runLinter('format', 'oxfmt', 'oxfmt', ['--check', '.']),
		await runLinter('lint', 'oxlint', 'oxlint', ['--type-aware', '.']),
		await runLinter('types', 'typescript-native', 'tsc', ['--build', ...TYPE_PROJECTS]),
	];
}

export function unitTests(options: Parameters<typeof runVitest>[2]): Promise<CheckResult> {
	return runVitest('unit tests', 'vitest.config.ts', options);
}
