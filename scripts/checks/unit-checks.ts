import { runLinter, runVitest, type CheckResult } from './run-check';

const TYPE_PROJECTS = ['workers/tsconfig.json', 'tsconfig.json', 'emulators/tsconfig.json', 'test/tsconfig.json'];

async function lintAndTypes(): Promise<CheckResult[]> {
	return [
		await runLinter('format', 'oxfmt', 'oxfmt', ['--check', '.']),
		await runLinter('lint', 'oxlint', 'oxlint', ['--type-aware', '.']),
		await runLinter('types', 'typescript', 'tsc', ['--build', ...TYPE_PROJECTS]),
	];
}

/** What `npm run check` runs: the linters one after another on one core, the unit tests beside them, with `env`. */
export async function runUnitChecks(env: Record<string, string>): Promise<CheckResult[]> {
	const [linters, units] = await Promise.all([lintAndTypes(), runVitest('unit tests', 'vitest.config.ts', env)]);
	return [...linters, units];
}
