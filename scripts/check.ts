/** `npm run check`: format, lint, types and unit tests. */
import { summarize } from './checks/run-check';
import { runUnitChecks } from './checks/unit-checks';

process.exitCode = summarize(await runUnitChecks());
