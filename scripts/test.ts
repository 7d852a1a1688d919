/**
 * `npm test`: check, the slow tests, the tests over the real local edge, the browser. As many parts at a time as there are cores,
 * each printed when it ends. Every part runs, whatever failed before.
 */
import { availableParallelism } from 'node:os';

import { findChromium } from './checks/chromium';
import { hashOfProved, writeClaimResults } from './checks/claim-results';
import { inLanes } from './checks/lanes';
import { runVitest, summarize, type CheckResult } from './checks/run-check';
import { lintAndTypes, unitTestsInParts } from './checks/unit-checks';

async function browserTests(): Promise<CheckResult> {
	try {
		const chromium = await findChromium();
		// Pictures are for whoever runs a file by itself and looks.
		const env = { CHROMIUM_PATH: chromium, PICTURES: 'none' };
		return await runVitest('browser tests', 'vitest.e2e.config.ts', { env, isLive: false });
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		return { title: 'browser tests', passed: 0, failed: 1, seconds: 0, failures: [why] };
	}
}

/** Racing commands and lost events need many tries to meet; whoever wants more says so, as docs/configuration.md has it. */
const PROPERTY_RUNS = process.env['PROPERTY_RUNS'] ?? '30';
/** Each part waits a good third of its time, for queues, timers and pages: fewer at a time leave two cores without work. */
const LANES_MIN = 5;

const startedMs = Date.now();
const filesBefore = hashOfProved();
// The longest first, so that no core waits for one part at the end. Browser and edge wait for one another's answers, are what everything
// waits for at last, and are the only ones that a clock can hurry: the others take the time that these two leave.
const behind = { isLive: false, givesWay: true };
const results = await inLanes(Math.max(LANES_MIN, availableParallelism()), [
	async () => [await browserTests()],
	async () => [await runVitest('edge tests', 'vitest.edge.config.ts', { isLive: false })],
	...unitTestsInParts({ ...behind, env: { PROPERTY_RUNS } }).map((part) => async () => [await part()]),
	async () => [await runVitest('slow tests', 'vitest.slow.config.ts', { ...behind, env: { PICTURES: 'none' } })],
	() => lintAndTypes(behind),
]);
process.stdout.write(`\n${await writeClaimResults({ filesBefore, startedMs })}\n`);
process.exitCode = summarize(results.flat().toReversed());
