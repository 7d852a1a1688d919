/** `npm run check`: format, lint, types and, beside them on the other core, unit tests without the long proofs. */
import { summarize } from './checks/run-check';
import { lintAndTypes, unitTests } from './checks/unit-checks';

/** Few tries of each property, because check is for every save; `npm test` makes many. */
const PROPERTY_RUNS = '12';

const [linters, units] = await Promise.all([lintAndTypes(), unitTests({ env: { PROPERTY_RUNS, PROOFS: 'none' } })]);
process.exitCode = summarize([...linters, units]);
