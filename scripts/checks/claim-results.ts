import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { z } from 'zod';

import { CLAIMS } from '../../studios/policy/claims/all';
import type { Claim } from '../../studios/policy/policy';
import { ClaimResults } from '../../workers/core/policy/claim-results';
import { fromRoot, ROOT } from '../root';

/** Where `npm test` leaves what became of each claim, for the build and the deployment after it. */
export const CLAIM_RESULTS_PATH = fromRoot('dist', 'claims.json');

/** What tests run over and deployables are made of: other bytes in one of these, and the results are of another project. */
const PROVED = [
	'app',
	'emulators',
	'migrations',
	'public',
	'schema',
	'smile',
	'studios',
	'test',
	'workers',
	'package-lock.json',
	'vite.config.ts',
	'wrangler.toml',
];

/** What a runner says of one file's tests, in the shape of vitest's JSON reporter. */
const Report = z.object({
	testResults: z.array(
		z.object({
			name: z.string(),
			assertionResults: z.array(z.object({ title: z.string(), status: z.string() })),
		}),
	),
});
export type TestReport = z.infer<typeof Report>;

function filesUnder(path: string): string[] {
	if (!existsSync(path)) return [];
	if (!statSync(path).isDirectory()) return [path];
	return readdirSync(path, { withFileTypes: true })
		.filter(({ name }) => !name.endsWith('.tsbuildinfo'))
		.flatMap((entry) => filesUnder(join(path, entry.name)));
}

/** SHA-256 of every proved file, by name and bytes. */
export function hashOfProved(): string {
	const hash = createHash('sha256');
	for (const file of PROVED.flatMap((path) => filesUnder(fromRoot(path))).toSorted()) {
		hash.update(relative(ROOT, file)).update('\0').update(readFileSync(file)).update('\0');
	}
	return hash.digest('hex');
}

/** The commit that is checked out; null outside of git. */
function commitOf(): string | null {
	try {
		return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
	} catch {
		return null;
	}
}

/** `%s`, `%i`, `$name`: what a runner puts into the title of each case. */
const PLACE = /%[sdifjo]|\$[a-z]\w*|\$\{\w+\}/gi;

function isOf(template: string, title: string): boolean {
	const [first, ...others] = template
		.split(PLACE)
		.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
	return new RegExp(`^${[first, ...others].join('[\\s\\S]*')}$`).test(title);
}

/** What became of each claim: passed when every test that it names ran and none failed. */
export function resultsOf(claims: readonly Claim[], reports: readonly TestReport[]): ClaimResults['claims'] {
	const byFile = new Map<string, { title: string; status: string }[]>();
	for (const { name, assertionResults } of reports.flatMap(({ testResults }) => testResults)) {
		const file = relative(ROOT, name);
		byFile.set(file, [...(byFile.get(file) ?? []), ...assertionResults]);
	}
	const judge = ({ tests }: Claim): ClaimResults['claims'][string] => {
		const cases = tests.map(({ file, title }) =>
			(byFile.get(file) ?? []).filter((each) => isOf(title, each.title) && each.status !== 'skipped'),
		);
		const all = cases.flat();
		const passed = all.filter(({ status }) => status === 'passed').length;
		const isWhole = tests.length > 0 && cases.every((each) => each.length > 0);
		const state = passed < all.length ? 'failed' : isWhole ? 'passed' : 'not_run';
		return { state, ran: all.length, passed };
	};
	return Object.fromEntries(claims.map((claim) => [claim.id, judge(claim)]));
}

/**
 * Writes what the reports of this run say of every claim. `filesBefore`: `hashOfProved` from before the run; when something was changed
 * while it ran, nobody can say what was proved, and nothing is written. Answers a sentence on it.
 */
export async function writeClaimResults(input: { filesBefore: string; startedMs: number }): Promise<string> {
	const files = hashOfProved();
	if (files !== input.filesBefore)
		return 'Files were changed while the tests ran, so they prove no claim of any build.';
	const reports = readdirSync(fromRoot('dist'))
		.filter((file) => /^report-.*\.json$/.test(file))
		.map((file) => fromRoot('dist', file))
		.filter((file) => statSync(file).mtimeMs >= input.startedMs)
		.map((file) => Report.parse(JSON.parse(readFileSync(file, 'utf8'))));
	const claims = resultsOf(Object.values(CLAIMS).flat(), reports);
	const results: ClaimResults = { at: new Date().toISOString(), commit: commitOf(), files, claims };
	await mkdir(fromRoot('dist'), { recursive: true });
	await writeFile(CLAIM_RESULTS_PATH, JSON.stringify(results));
	const states = Object.values(claims).map(({ state }) => state);
	const counted = (state: string) => states.filter((each) => each === state).length;
	return `${counted('passed')} claims passed, ${counted('failed')} failed, ${counted('not_run')} not run.`;
}

/** The results of exactly the files that are here; null without any, or when they are of others. */
export function readClaimResults(): ClaimResults | null {
	if (!existsSync(CLAIM_RESULTS_PATH)) return null;
	const results = ClaimResults.safeParse(JSON.parse(readFileSync(CLAIM_RESULTS_PATH, 'utf8'))).data ?? null;
	return results === null || results.files !== hashOfProved() ? null : results;
}

/** Sentences on why nothing may be deployed that claims this; empty when every claim that tests can show was shown. */
export function missingProof(claims: readonly Claim[], results: ClaimResults | null): string[] {
	if (results === null) {
		return [
			'dist/claims.json is not there or is of other files. Run "npm test" on what you deploy: it proves the claims.',
		];
	}
	return claims
		.filter(({ tests }) => tests.length > 0)
		.flatMap(({ id }) => {
			const state = results.claims[id]?.state ?? 'not_run';
			if (state === 'passed') return [];
			return [
				state === 'failed'
					? `Claim ${id} is broken: a test of it failed. Mend it, or take the claim back in studios/policy/claims.`
					: `Claim ${id} is not proved: a test of it did not run. Run the whole of "npm test".`,
			];
		});
}

/** What a build of the api carries, as an argument of wrangler's: the results, or null. */
export function claimDefine(results: ClaimResults | null): string {
	return `CLAIM_RESULTS:${JSON.stringify(results)}`;
}
