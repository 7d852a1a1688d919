import { parseArgs } from 'node:util';

import { z } from 'zod';

import { alignedRows } from '../aligned';
import type { Command } from '../command';
import { confirm } from '../confirm';
import { defaultKey } from '../default-key';
import { ask } from '../operations-client';
import { STATUS, WrongUse } from '../outcome';
import { COMMON_HELP, COMMON_OPTIONS, readArguments, requireReason, requireWhole } from '../read-command';

const Granted = z.object({ accountId: z.string(), entryId: z.string(), credits: z.number(), isNew: z.boolean() });

export const grant: Command = {
	name: 'grant',
	summary: 'add credits to an account',
	help: `Add credits to an account. Its owner reads who did it and why.

  npm run ops -- grant ACCOUNT CREDITS --reason "…"

  ACCOUNT          acc_…
  CREDITS          1 to 100000
  --reason "…"     why; required
  --expires DAY    2027-01-31: what is left ends when this day has ended, UTC; without it never
  --key KEY        the same grant under the same key is made once. Without it the key follows from the command
                   and the day, so that sending it again is safe; name one to make the same grant twice on a day
  --yes            without asking first
${COMMON_HELP}

  npm run ops -- grant acc_0h3k5m7p9r 50 --reason "Three videos came out green on 12 November"
`,
	read(args) {
		const { values, positionals } = readArguments(['ACCOUNT', 'CREDITS'], () =>
			parseArgs({
				args: [...args],
				allowPositionals: true,
				options: {
					...COMMON_OPTIONS,
					reason: { type: 'string' },
					expires: { type: 'string' },
					key: { type: 'string' },
					yes: { type: 'boolean', default: false },
				},
			}),
		);
		const { json, origin, studio, yes } = values;
		const common = { json, origin, studio };
		const [accountId = '', creditsText = ''] = positionals;
		const credits = requireWhole('CREDITS', creditsText);
		const reason = requireReason(values.reason);
		const expiresAt = values.expires === undefined ? null : endOfDay(values.expires);
		const key = values.key ?? defaultKey(['grant', accountId, credits, expiresAt, reason], new Date());
		return {
			...common,
			async run(target) {
				const amount = credits === 1 ? '1 credit' : `${credits} credits`;
				await confirm(`This adds ${amount} to ${accountId} at ${target.origin}, because: ${reason}`, { yes });
				const body = { accountId, credits, reason, key, expiresAt };
				const answer = await ask(target, Granted, { method: 'POST', path: '/grant', body });
				const text = `${answer.isNew ? 'Granted' : 'Granted before: nothing was added now'}\n${alignedRows([
					['account', answer.accountId],
					['credits', String(answer.credits)],
					['ends', expiresAt ?? 'never'],
					['entry', answer.entryId],
					['key', key],
				])}`;
				return { status: STATUS.fine, text, json: { ...answer, key } };
			},
		};
	},
};

function endOfDay(day: string): string {
	const start = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
	if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== day) {
		throw new WrongUse(`--expires takes a day such as 2027-01-31, and "${day}" is none.`);
	}
	return new Date(start + 86_400_000).toISOString();
}
