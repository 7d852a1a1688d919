import { parseArgs } from 'node:util';

import { z } from 'zod';

import { alignedRows, table } from '../aligned';
import type { Command } from '../command';
import { ask } from '../operations-client';
import { STATUS, WrongUse } from '../outcome';
import { COMMON_HELP, COMMON_OPTIONS, readArguments, requireWhole } from '../read-command';

/** What is shown; `--json` has the rest too. */
const Ledger = z.looseObject({
	accountId: z.string(),
	balance: z.looseObject({
		available: z.number(),
		held: z.number(),
		owed: z.number(),
		buckets: z.array(
			z.looseObject({
				id: z.string(),
				title: z.string(),
				remaining: z.number(),
				held: z.number(),
				expiresAt: z.string().nullable(),
			}),
		),
	}),
	chain: z.looseObject({
		state: z.enum(['verified', 'broken']),
		entries: z.number(),
		sealed: z.number(),
		brokenAt: z.number().nullable(),
	}),
	entries: z.looseObject({
		items: z.array(
			z.looseObject({
				id: z.string(),
				amount: z.number(),
				balance: z.number(),
				createdAt: z.string(),
				sentence: z.string(),
			}),
		),
		nextCursor: z.string().nullable(),
	}),
});

const PAGE_MAX = 100;

export const ledger: Command = {
	name: 'ledger',
	summary: 'read the balance, grants and entries of an account',
	help: `Read an account's ledger, and whether its chain of hashes holds. No name and no address is shown. That it was read stands
in the account's record, once an hour.

  npm run ops -- ledger ACCOUNT

  ACCOUNT          acc_…
  --limit N        so many entries, the newest first; 20 without it, 100 at most
  --cursor C       the entries after a page, by what that page ended with
${COMMON_HELP}

It ends with 1 when the chain is broken: then an entry was changed or removed in the database.
`,
	read(args) {
		const { values, positionals } = readArguments(['ACCOUNT'], () =>
			parseArgs({
				args: [...args],
				allowPositionals: true,
				options: { ...COMMON_OPTIONS, limit: { type: 'string', default: '20' }, cursor: { type: 'string' } },
			}),
		);
		const { json, origin, studio, cursor } = values;
		const common = { json, origin, studio };
		const limit = requireWhole('--limit', values.limit);
		if (limit > PAGE_MAX) throw new WrongUse(`--limit is ${PAGE_MAX} at most.`);
		const query = new URLSearchParams({ limit: String(limit), ...(cursor === undefined ? {} : { cursor }) });
		const path = `/ledger/${encodeURIComponent(positionals[0] ?? '')}?${query}`;
		return {
			...common,
			async run(target) {
				const answer = await ask(target, Ledger, { method: 'GET', path });
				const status = answer.chain.state === 'broken' ? STATUS.found : STATUS.fine;
				return { status, text: written(answer), json: answer };
			},
		};
	},
};

function written({ accountId, balance, chain, entries }: z.infer<typeof Ledger>): string {
	const buckets = balance.buckets.map(({ title, remaining, held, expiresAt, id }) => {
		return [title, remaining, held, expiresAt ?? 'never', id];
	});
	const rows = entries.items.map(({ createdAt, amount, balance: after, id, sentence }) => {
		return [createdAt, amount, after, id, sentence];
	});
	const { state, sealed, brokenAt } = chain;
	const chainWords =
		state === 'broken' ? `BROKEN at entry ${brokenAt}` : `verified, ${sealed} of ${chain.entries} sealed`;
	return [
		`${accountId}\n`,
		alignedRows([
			['available', String(balance.available)],
			['held', String(balance.held)],
			['owed', String(balance.owed)],
			['chain', chainWords],
		]),
		'\nGrants of which something is left, in the order they are spent\n',
		table(['title', 'left', 'held', 'ends', 'entry'], buckets),
		'\nEntries, the newest first\n',
		table(['at', 'credits', 'balance', 'entry', 'what'], rows),
		entries.nextCursor === null ? '' : `\nMore with --cursor ${entries.nextCursor}\n`,
	].join('');
}
