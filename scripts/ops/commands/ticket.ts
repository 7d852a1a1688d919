import { parseArgs } from 'node:util';

import { z } from 'zod';

import { alignedRows } from '../aligned';
import type { Command, Prepared } from '../command';
import { confirm } from '../confirm';
import { defaultKey } from '../default-key';
import { ask } from '../operations-client';
import { STATUS } from '../outcome';
import { COMMON_HELP, COMMON_OPTIONS, readArguments, requireReason } from '../read-command';
import { readVerb, readWords } from '../read-verb';

const Shown = z.object({
	address: z.string(),
	userId: z.string().nullable(),
	ticket: z.looseObject({
		id: z.string(),
		subject: z.string(),
		state: z.string(),
		openedAt: z.string(),
		deleteAt: z.string().nullable(),
		messages: z.array(z.looseObject({ author: z.string(), words: z.string(), writtenAt: z.string() })),
	}),
});
const Replied = z.object({ messageId: z.string(), isNew: z.boolean() });
const Closed = z.object({ closedAt: z.string() });
const Erased = z.object({ erased: z.number(), left: z.number() });

export const ticket: Command = {
	name: 'ticket',
	summary: 'show, answer or close a conversation, or destroy all from an address',
	help: `Read a conversation with support, and answer it. That it was read stands in the record, once an hour.

  npm run ops -- ticket show TICKET
  npm run ops -- ticket reply TICKET --words "…"
  npm run ops -- ticket close TICKET
  npm run ops -- ticket erase --address ADDRESS --reason "…"

  TICKET           tkt_…
  --words "…"      the answer: it goes by mail and into the conversation
  --file PATH      the answer out of a file
  --key KEY        the same answer under the same key is sent once. Without it the key follows from the words and
                   the day; name one to say the same again on a day
  --address A      from where it was written, after somebody has shown that it is theirs
  --reason "…"     why; it stands in the record, and the address does not
  --yes            without asking first
${COMMON_HELP}

Closing begins the time until a conversation is destroyed; its person opens it again by writing in it.
`,
	read: (args) => readVerb('ticket', { show, reply, close, erase }, args),
};

const OPTIONS = { ...COMMON_OPTIONS, yes: { type: 'boolean', default: false } } as const;

function show(args: readonly string[]): Prepared {
	const { values, positionals } = readArguments(['TICKET'], () =>
		parseArgs({ args: [...args], allowPositionals: true, options: COMMON_OPTIONS }),
	);
	return {
		json: values.json,
		origin: values.origin,
		studio: values.studio,
		async run(target) {
			const answer = await ask(target, Shown, { method: 'GET', path: pathOf(positionals[0]) });
			return { status: STATUS.fine, text: written(answer), json: answer };
		},
	};
}

function reply(args: readonly string[]): Prepared {
	const { values, positionals } = readArguments(['TICKET'], () =>
		parseArgs({
			args: [...args],
			allowPositionals: true,
			options: { ...OPTIONS, words: { type: 'string' }, file: { type: 'string' }, key: { type: 'string' } },
		}),
	);
	const { json, origin, studio, yes } = values;
	const [ticketId = ''] = positionals;
	const words = readWords(values);
	const key = values.key ?? defaultKey(['reply', ticketId, words], new Date());
	return {
		json,
		origin,
		studio,
		async run(target) {
			await confirm(`This mails the person of ${ticketId} at ${target.origin}:\n\n${words}\n`, { yes });
			const body = { words, key };
			const answer = await ask(target, Replied, { method: 'POST', path: `${pathOf(ticketId)}/reply`, body });
			const text = answer.isNew ? 'Answered\n' : 'Answered before under this key: nothing was sent now\n';
			return { status: STATUS.fine, text, json: { ...answer, key } };
		},
	};
}

function close(args: readonly string[]): Prepared {
	const { values, positionals } = readArguments(['TICKET'], () =>
		parseArgs({ args: [...args], allowPositionals: true, options: COMMON_OPTIONS }),
	);
	return {
		json: values.json,
		origin: values.origin,
		studio: values.studio,
		async run(target) {
			const answer = await ask(target, Closed, { method: 'POST', path: `${pathOf(positionals[0])}/close` });
			return { status: STATUS.fine, text: `Closed since ${answer.closedAt}\n`, json: answer };
		},
	};
}

function erase(args: readonly string[]): Prepared {
	const { values } = readArguments([], () =>
		parseArgs({
			args: [...args],
			allowPositionals: true,
			options: { ...OPTIONS, address: { type: 'string', default: '' }, reason: { type: 'string' } },
		}),
	);
	const { json, origin, studio, yes, address } = values;
	const reason = requireReason(values.reason);
	return {
		json,
		origin,
		studio,
		async run(target) {
			await confirm(
				`This destroys every conversation from ${address} at ${target.origin}. Nobody can bring them back.`,
				{
					yes,
				},
			);
			let erased = 0;
			for (let left = 1; left > 0;) {
				const body = { address, reason };
				const answer = await ask(target, Erased, { method: 'POST', path: '/tickets/erase', body });
				erased += answer.erased;
				({ left } = answer);
			}
			return { status: STATUS.fine, text: `Destroyed: ${erased}\n`, json: { erased } };
		},
	};
}

function pathOf(ticketId: string | undefined): string {
	return `/tickets/${encodeURIComponent(ticketId ?? '')}`;
}

function written({ ticket: shown, address, userId }: z.infer<typeof Shown>): string {
	const head = alignedRows([
		['subject', shown.subject],
		['from', address],
		['person', userId ?? 'not signed in'],
		['state', shown.state],
		['opened', shown.openedAt],
		['destroyed', shown.deleteAt ?? 'after it is closed'],
	]);
	const messages = shown.messages.map(({ author, writtenAt, words }) => {
		return `\n${author === 'person' ? 'They' : 'We'}, ${writtenAt}\n\n${indented(words)}\n`;
	});
	return `${shown.id}\n${head}${messages.join('')}`;
}

/** A terminal acts on control characters, and strangers wrote these words. */
function indented(words: string): string {
	return words
		.replace(/[^\P{Cc}\n]/gu, ' ')
		.split('\n')
		.map((line) => `  ${line}`.trimEnd())
		.join('\n');
}
