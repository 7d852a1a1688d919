/**
 * `npm run bench [-- name]`: every file of `bench/` that exports a `run`, one after another, as one table with the machine
 * named. It measures and gates nothing: what must hold is a count test.
 */
import { readdir } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

import { z } from 'zod';

import { describeMachine } from '../bench/machine';
import type { Row, Run } from '../bench/row';
import { tableOf } from '../bench/table';
import { fromRoot } from './root';

const Module = z.looseObject({ run: z.custom<Run>((value) => typeof value === 'function').optional() });

const [wanted] = process.argv.slice(2);
const files = (await readdir(fromRoot('bench'))).filter((file) => /(?<!\.d)\.ts$/.test(file)).toSorted();
const rows: Row[] = [];
for (const file of files.filter((name) => wanted === undefined || name === `${wanted}.ts`)) {
	const { run } = Module.parse(await import(pathToFileURL(fromRoot('bench', file)).href));
	if (run === undefined) continue;
	process.stderr.write(`${file} …\n`);
	rows.push(...(await run()));
}
if (rows.length === 0) throw new Error(`There is no benchmark "${wanted ?? ''}" in bench/.`);
process.stdout.write(`${await describeMachine()}\n\n${tableOf(rows)}\n`);
