import { parseArgs } from 'node:util';

import { z } from 'zod';

import { alignedRows } from '../aligned';
import type { Answered, Command } from '../command';
import { confirm } from '../confirm';
import { ask } from '../operations-client';
import { STATUS, WrongUse } from '../outcome';
import { COMMON_HELP, COMMON_OPTIONS, readArguments, requireReason } from '../read-command';
import type { Target } from '../target';

const Suppressed = z.object({ fingerprint: z.string(), reason: z.string(), since: z.string() });
const List = z.object({ bounced: z.number(), complained: z.number(), newest: z.array(Suppressed) });
const Found = z.object({ found: Suppressed.nullable() });
const Lifted = z.object({ lifted: Suppressed });

export const suppressions: Command = {
	name: 'suppressions',
	summary: 'addresses that get less or no mail, and letting mail go there again',
	help: `List what mail came back from (bounced: nothing is sent there) and who called it unwanted (complained: no updates are sent there). Addresses
are kept as fingerprints; name one to look it up.

  npm run ops -- suppressions list
  npm run ops -- suppressions list --address ada@example.com
  npm run ops -- suppressions lift --address ada@example.com --reason "…"

  --address A      one address
  --reason "…"     why it is lifted; stands in the record
  --yes            without asking first
${COMMON_HELP}

Resend keeps a list of its own: take the address off there too, or it leaves the mail out.
`,
	read(args) {
		const { values, positionals } = readArguments(['list|lift'], () =>
			parseArgs({
				args: [...args],
				allowPositionals: true,
				options: {
					...COMMON_OPTIONS,
					address: { type: 'string' },
					reason: { type: 'string' },
					yes: { type: 'boolean', default: false },
				},
			}),
		);
		const { json, origin, studio, yes, address } = values;
		const common = { json, origin, studio };
		const [what] = positionals;
		if (what === 'list') {
			return { ...common, run: (target) => (address === undefined ? list(target) : find(target, address)) };
		}
		if (what !== 'lift') throw new WrongUse(`"${what ?? ''}" is neither list nor lift.`);
		if (address === undefined) throw new WrongUse('Name the address with --address ada@example.com.');
		const reason = requireReason(values.reason);
		return {
			...common,
			async run(target) {
				await confirm(`This lets mail go to ${address} again at ${target.origin}, because: ${reason}`, { yes });
				const body = { address, reason };
				const { lifted } = await ask(target, Lifted, { method: 'POST', path: '/suppressions/lift', body });
				return { status: STATUS.fine, text: `Lifted\n${rowsOf(lifted)}`, json: lifted };
			},
		};
	},
};

async function list(target: Target): Promise<Answered> {
	const answer = await ask(target, List, { method: 'GET', path: '/suppressions' });
	const counts = alignedRows([
		['bounced', String(answer.bounced)],
		['complained', String(answer.complained)],
	]);
	const newest = answer.newest.map(
		({ fingerprint, reason, since }) => `${since}  ${reason.padEnd(10)}  ${fingerprint}\n`,
	);
	return { status: STATUS.fine, text: `${counts}${newest.join('')}`, json: answer };
}

async function find(target: Target, address: string): Promise<Answered> {
	const { found } = await ask(target, Found, { method: 'POST', path: '/suppressions/find', body: { address } });
	if (found === null) return { status: STATUS.fine, text: 'Mail goes there.\n', json: { found } };
	return { status: STATUS.found, text: rowsOf(found), json: { found } };
}

function rowsOf({ fingerprint, reason, since }: z.output<typeof Suppressed>): string {
	return alignedRows([
		['why', reason],
		['since', since],
		['fingerprint', fingerprint],
	]);
}
