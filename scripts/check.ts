/** `npm run check`: format, lint, types and unit tests. */
import { summarize } from './checks/run-check';
import { runUnitChecks } from './checks/unit-checks';

/** Few tries of each property, because check is for every save; `npm test` makes many. */
const PROPERTY_RUNS = '12';

process.exitCode = summarize(await runUnitChecks({ PROPERTY_RUNS }));
