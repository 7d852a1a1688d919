import { parseArgs } from 'node:util';

import { z } from 'zod';

import { table } from '../aligned';
import type { Command } from '../command';
import { ask } from '../operations-client';
import { STATUS, WrongUse } from '../outcome';
import { COMMON_HELP, COMMON_OPTIONS, readArguments } from '../read-command';

const Tickets = z.object({
	items: z.array(z.object({ id: z.string(), subject: z.string(), state: z.string(), changedAt: z.string() })),
	nextCursor: z.string().nullable(),
});

const STATES = ['waiting', 'answered', 'closed'];

export const tickets: Command = {
	name: 'tickets',
	summary: 'list what people wrote to support, the one that waits longest first',
	help: `List conversations with support: subjects, and since when they wait. No address, no messages.

  npm run ops -- tickets

  --state STATE    waiting (for us), answered or closed; waiting without it
  --cursor C       those after a page, by what that page ended with
${COMMON_HELP}

It ends with 1 while somebody waits.
`,
	read(args) {
		const { values } = readArguments([], () =>
			parseArgs({
				args: [...args],
				allowPositionals: true,
				options: { ...COMMON_OPTIONS, state: { type: 'string', default: 'waiting' }, cursor: { type: 'string' } },
			}),
		);
		const { json, origin, studio, state, cursor } = values;
		if (!STATES.includes(state)) throw new WrongUse(`--state is one of ${STATES.join(', ')}.`);
		const query = new URLSearchParams({ state, ...(cursor === undefined ? {} : { cursor }) });
		return {
			json,
			origin,
			studio,
			async run(target) {
				const answer = await ask(target, Tickets, { method: 'GET', path: `/tickets?${query}` });
				const isWaiting = state === 'waiting' && answer.items.length > 0;
				const rows = answer.items.map(({ changedAt, id, subject }) => [changedAt, id, subject]);
				const text =
					rows.length === 0
						? `None is ${state}\n`
						: `${table(['since', 'ticket', 'subject'], rows)}${
								answer.nextCursor === null ? '' : `\nMore with --cursor ${answer.nextCursor}\n`
							}`;
				return { status: isWaiting ? STATUS.found : STATUS.fine, text, json: answer };
			},
		};
	},
};
