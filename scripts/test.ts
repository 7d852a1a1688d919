/** `npm test`: check, then the tests over the real local edge, then the browser. Every part runs, whatever failed before. */
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

const results = await runUnitChecks();
results.push(await runVitest('edge tests', 'vitest.edge.config.ts'));
results.push(await browserTests());
process.exitCode = summarize(results);
