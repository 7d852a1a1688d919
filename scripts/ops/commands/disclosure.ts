import { parseArgs } from 'node:util';

import { z } from 'zod';

import type { Command } from '../command';
import { confirm } from '../confirm';
import { ask } from '../operations-client';
import { STATUS, WrongUse } from '../outcome';
import { COMMON_HELP, COMMON_OPTIONS, readArguments, requireReason } from '../read-command';
import { readList } from '../read-verb';

const Disclosed = z.object({ disclosureId: z.string(), isTold: z.boolean() });

export const disclosure: Command = {
	name: 'disclosure',
	summary: 'write down that the law made us hand data over, and tell its owner',
	help: `Write down that data of an account was handed over because the law required it. Its owner is mailed, and reads it in their
record. Nothing is handed over by this command.

  npm run ops -- disclosure ACCOUNT --authority "…" --classes CLASSES --reason "…" --key KEY

  ACCOUNT          acc_…
  --authority "…"  who got it; no person's name
  --classes C      what: classes of the policy with commas, such as account,billing
  --reason "…"     by which law or order
  --key KEY        the order's own number; the same disclosure under it is written down once
  --quiet          a court forbids to tell: the owner learns nothing yet. Send the command again without it once
                   that is over, and they learn of it with the day on which it was
  --yes            without asking first
${COMMON_HELP}
`,
	read(args) {
		const { values, positionals } = readArguments(['ACCOUNT'], () =>
			parseArgs({
				args: [...args],
				allowPositionals: true,
				options: {
					...COMMON_OPTIONS,
					authority: { type: 'string', default: '' },
					classes: { type: 'string' },
					reason: { type: 'string' },
					key: { type: 'string', default: '' },
					quiet: { type: 'boolean', default: false },
					yes: { type: 'boolean', default: false },
				},
			}),
		);
		const { json, origin, studio, yes, quiet: isQuiet, authority, key } = values;
		const [accountId = ''] = positionals;
		if (authority === '' || key === '')
			throw new WrongUse('Name who got it with --authority, and the order with --key.');
		const dataClasses = readList('--classes', values.classes);
		const reason = requireReason(values.reason);
		return {
			json,
			origin,
			studio,
			async run(target) {
				const whom = isQuiet ? 'and tells its owner nothing yet' : 'and mails its owner';
				await confirm(`This writes down at ${target.origin} that ${authority} got data of ${accountId}, ${whom}.`, {
					yes,
				});
				const body = { accountId, authority, dataClasses, reason, key, isQuiet };
				const answer = await ask(target, Disclosed, { method: 'POST', path: '/disclosures', body });
				const text = answer.isTold ? 'Written down, and told\n' : 'Written down, and not told\n';
				return { status: STATUS.fine, text, json: answer };
			},
		};
	},
};
