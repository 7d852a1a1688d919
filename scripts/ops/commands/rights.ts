import { parseArgs } from 'node:util';

import { z } from 'zod';

import { alignedRows, table } from '../aligned';
import type { Command, Prepared } from '../command';
import { confirm } from '../confirm';
import { ask } from '../operations-client';
import { STATUS, WrongUse } from '../outcome';
import { COMMON_HELP, COMMON_OPTIONS } from '../read-command';

const Queue = z.object({
	items: z.array(
		z.looseObject({
			id: z.string(),
			right: z.string(),
			receivedAt: z.string(),
			dueAt: z.string(),
			isExtended: z.boolean(),
			isAlarming: z.boolean(),
			isLate: z.boolean(),
		}),
	),
	nextCursor: z.string().nullable(),
	open: z.number(),
	alarming: z.number(),
});
const Shown = z.looseObject({
	id: z.string(),
	right: z.string(),
	state: z.string(),
	receivedAt: z.string(),
	dueAt: z.string(),
	address: z.string().nullable(),
	name: z.string().nullable(),
	who: z.string().nullable(),
	words: z.string().nullable(),
	userId: z.string().nullable(),
	answer: z.string().nullable(),
});
const Step = z.object({
	request: z.looseObject({ id: z.string(), state: z.string(), dueAt: z.string() }),
	isNew: z.boolean(),
	isMailed: z.boolean(),
});

export const rights: Command = {
	name: 'rights',
	summary: 'requests about rights: who waits for an answer, and answering',
	help: `Requests of people about their data, which the law wants answered within a month.

  npm run ops -- rights list [--after CURSOR]
  npm run ops -- rights show ID
  npm run ops -- rights answer ID --words "…"
  npm run ops -- rights refuse ID --reason "…"
  npm run ops -- rights extend ID --reason "…"

  list             what waits: what a child gave first, then what is due soonest, 100 a page, with how many wait in all.
                   It ends with 1 while something is due within a week, on whatever page
  --after CURSOR   list: those after a page, by what that page ended with
  show             one request, opened. That it was read stands in the record
  answer           mails the words and ends the request
  refuse           mails the reason and ends the request; it names the way to the authority by itself
  extend           two months more, once, before the month is over; mails the reason
  ID               rrq_…
  --yes            without asking first
${COMMON_HELP}

The same words again change nothing; other words for what was told already are refused.

  npm run ops -- rights answer rrq_0h3k5m7p9r --words "We deleted the two pictures today. The receipt: https://…"
`,
	read(args) {
		const { values, positionals } = parse(args);
		const { json, origin, studio, yes } = values;
		const common = { json, origin, studio };
		const [what = '', id = '', ...rest] = positionals;
		if (rest.length > 0) throw new WrongUse(`This takes one ID, and got ${[id, ...rest].join(' ')}.`);
		if (values.after !== undefined && what !== 'list') throw new WrongUse('--after goes with list alone.');
		if (what === 'list' && id === '') return { ...common, run: list(values.after) };
		if (!id.startsWith('rrq_')) throw new WrongUse('Say list, or show, answer, refuse or extend with an ID (rrq_…).');
		switch (what) {
			case 'show':
				return { ...common, run: show(id) };
			case 'answer':
				return { ...common, run: step(what, { id, words: need('words', values.words) }, yes) };
			case 'refuse':
				return { ...common, run: step(what, { id, words: need('reason', values.reason) }, yes) };
			case 'extend':
				return { ...common, run: step(what, { id, reason: need('reason', values.reason) }, yes) };
			default:
				throw new WrongUse(`"${what}" is none of list, show, answer, refuse and extend.`);
		}
	},
};

function parse(args: readonly string[]) {
	try {
		return parseArgs({
			args: [...args],
			allowPositionals: true,
			options: {
				...COMMON_OPTIONS,
				words: { type: 'string' },
				reason: { type: 'string' },
				after: { type: 'string' },
				yes: { type: 'boolean', default: false },
			},
		});
	} catch (error) {
		throw new WrongUse(error instanceof Error ? error.message : String(error), { cause: error });
	}
}

function need(flag: 'words' | 'reason', value: string | undefined): string {
	const given = value?.trim() ?? '';
	if (given.length >= 3) return given;
	throw new WrongUse(`Say it with --${flag} "…". It is mailed to the person as it stands.`);
}

function list(after: string | undefined): Prepared['run'] {
	return async (target) => {
		const query = after === undefined ? '' : `?cursor=${encodeURIComponent(after)}`;
		const queue = await ask(target, Queue, { method: 'GET', path: `/rights${query}` });
		return { status: queue.alarming > 0 ? STATUS.found : STATUS.fine, text: requestTable(queue), json: queue };
	};
}

/** One page of what waits, with how many wait in all and the way to the next. */
export function requestTable({ items, nextCursor, open, alarming }: z.infer<typeof Queue>): string {
	if (open === 0) return 'Nobody waits for an answer.\n';
	const rows = items.map(({ id, right, receivedAt, dueAt, isExtended, isAlarming, isLate }) => [
		isLate ? 'LATE' : isAlarming ? 'soon' : '',
		dueAt.slice(0, 10),
		right,
		id,
		`${receivedAt.slice(0, 10)}${isExtended ? ', extended' : ''}`,
	]);
	const page = table(['', 'due', 'right', 'request', 'came'], rows);
	const more = nextCursor === null ? '' : ` More with --after ${nextCursor}`;
	return `${page}\nWaiting in all: ${open}, due within a week or late: ${alarming}.${more}\n`;
}

function show(id: string): Prepared['run'] {
	return async (target) => {
		const shown = await ask(target, Shown, { method: 'GET', path: `/rights/${encodeURIComponent(id)}` });
		const { right, state, receivedAt, dueAt, address, name, who, words, userId, answer } = shown;
		const text = `${alignedRows([
			['request', shown.id],
			['right', right],
			['state', state],
			['came', receivedAt],
			['due', dueAt],
			['name', name ?? 'emptied'],
			['who', who ?? 'emptied'],
			['address', address ?? 'emptied'],
			['account', userId ?? 'none'],
		])}\n${words ?? ''}\n${answer === null ? '' : `\nAnswered:\n${answer}\n`}`;
		return { status: STATUS.fine, text, json: shown };
	};
}

function outcomeOf({ isNew, isMailed }: z.infer<typeof Step>): string {
	if (!isNew) return 'Done before: nothing was changed or mailed now';
	return isMailed
		? 'Done, and mailed'
		: 'Done, and mailed to nobody: they left, and gave the address of then up before';
}

const WILL = { answer: 'answers', refuse: 'refuses', extend: 'extends' } as const;

function step(what: keyof typeof WILL, body: { id: string } & Record<string, string>, yes: boolean): Prepared['run'] {
	return async (target) => {
		const said = body['words'] ?? body['reason'] ?? '';
		await confirm(`This ${WILL[what]} ${body.id} at ${target.origin}, and mails: ${said}`, { yes });
		const done = await ask(target, Step, { method: 'POST', path: `/rights/${what}`, body });
		const { id, state, dueAt } = done.request;
		const text = `${outcomeOf(done)}\n${alignedRows([
			['request', id],
			['state', state],
			['due', dueAt],
		])}`;
		return { status: STATUS.fine, text, json: done };
	};
}
