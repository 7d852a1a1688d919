/** `npm test`: check, the slow tests, the tests over the real local edge, the browser. Every part runs, whatever failed before. */
import { findChromium } from './checks/chromium';
import { runVitest, summarize, type CheckResult } from './checks/run-check';
import { runUnitChecks } from './checks/unit-checks';

async function browserTests(): Promise<CheckResult> {
	try {
		const chromium = await findChromium();
		return await runVitest('browser tests', 'vitest.e2e.config.ts', { CHROMIUM_PATH: chromium });
	} catch (error) {
		process.stdout.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
		return { title: 'browser tests', passed: 0, failed: 1, seconds: 0 };
	}
}

/** Racing commands and lost events need many tries to meet. */
const PROPERTY_RUNS = '60';

const results = await runUnitChecks({ PROPERTY_RUNS });
results.push(await runVitest('slow tests', 'vitest.slow.config.ts'));
results.push(await runVitest('edge tests', 'vitest.edge.config.ts'));
results.push(await browserTests());
process.exitCode = summarize(results);
