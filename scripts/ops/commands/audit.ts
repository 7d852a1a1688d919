import { parseArgs } from 'node:util';

import { z } from 'zod';

import { alignedRows } from '../aligned';
import type { Command } from '../command';
import { ask } from '../operations-client';
import { STATUS } from '../outcome';
import { COMMON_HELP, COMMON_OPTIONS, readArguments } from '../read-command';

const Audit = z.object({
	accounts: z.number(),
	sealed: z.number(),
	violations: z.array(z.string()),
	unsealed: z.number(),
});

export const audit: Command = {
	name: 'audit',
	summary: 'recompute every ledger and every chain',
	help: `Recompute every balance, grant and running sum from the entries, and every chain of hashes. It changes nothing; the same
runs each night.

  npm run ops -- audit

${COMMON_HELP}

It ends with 1 when anything does not add up; each line then names an account, a grant or an entry, and what is wrong with it.
So it does while rows of a version that sealed nothing lie there as plain text: \`npm run ops -- seal-earlier\` seals them.
`,
	read(args) {
		const { values } = readArguments([], () =>
			parseArgs({ args: [...args], allowPositionals: true, options: { ...COMMON_OPTIONS } }),
		);
		const { json, origin, studio } = values;
		const common = { json, origin, studio };
		return {
			...common,
			async run(target) {
				const answer = await ask(target, Audit, { method: 'POST', path: '/audit' });
				const isSound = answer.violations.length === 0;
				const counts = alignedRows([
					['accounts', String(answer.accounts)],
					['sealed entries', String(answer.sealed)],
					['violations', String(answer.violations.length)],
					['unsealed rows', String(answer.unsealed)],
				]);
				const violations = answer.violations.map((line) => `  ${line}\n`).join('');
				const text = `${isSound ? 'Everything adds up' : 'Something does not add up'}\n${counts}${isSound ? '' : `\n${violations}`}`;
				const isAllWell = isSound && answer.unsealed === 0;
				return { status: isAllWell ? STATUS.fine : STATUS.found, text, json: answer };
			},
		};
	},
};
