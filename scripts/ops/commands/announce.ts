import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { z } from 'zod';

import { alignedRows } from '../aligned';
import type { Answered, Command } from '../command';
import { confirm } from '../confirm';
import { ask } from '../operations-client';
import { STATUS, WrongUse } from '../outcome';
import { COMMON_HELP, COMMON_OPTIONS, readArguments } from '../read-command';
import type { Target } from '../target';

const CLASSES = ['product_updates', 'announcements'] as const;
const Step = z.object({ queued: z.number(), next: z.string().nullable() });
const Queued = z.object({ queued: z.literal(true) });

interface Words {
	subject: string;
	text: string;
}

export const announce: Command = {
	name: 'announce',
	summary: 'mail an update to those who switched it on',
	help: `Mail an update to everybody whose newest choice wants its class. Each person gets it once, however often the command is sent, for 30 days;
with other words it is another update. Who withdraws before it goes out does not get it. Look at it first, with --to.

  npm run ops -- announce --class product_updates --subject "…" --text FILE --to you@example.com
  npm run ops -- announce --class product_updates --subject "…" --text FILE

  --class CLASS    product_updates or announcements
  --subject "…"    one line of 80 characters at most; required
  --text FILE      plain text; an empty line parts paragraphs; required
  --to ADDRESS     to this address alone, as a preview
  --yes            without asking first
${COMMON_HELP}
`,
	read(args) {
		const { values } = readArguments([], () =>
			parseArgs({
				args: [...args],
				allowPositionals: true,
				options: {
					...COMMON_OPTIONS,
					class: { type: 'string' },
					subject: { type: 'string' },
					text: { type: 'string' },
					to: { type: 'string' },
					yes: { type: 'boolean', default: false },
				},
			}),
		);
		const { json, origin, studio, yes, to } = values;
		const mailClass = CLASSES.find((name) => name === values.class);
		if (mailClass === undefined) throw new WrongUse(`--class is ${CLASSES.join(' or ')}.`);
		const subject = values.subject?.trim() ?? '';
		if (subject === '') throw new WrongUse('Say what it is about with --subject "…".');
		const text = readText(values.text);
		return {
			json,
			origin,
			studio,
			async run(target) {
				if (to !== undefined) return preview(target, { subject, text, to });
				await confirm(`This mails "${subject}" to everybody at ${target.origin} who switched on ${mailClass}.`, {
					yes,
				});
				return sendAll(target, { mailClass, subject, text });
			},
		};
	},
};

function readText(file: string | undefined): string {
	if (file === undefined) throw new WrongUse('Name the file with its words with --text FILE.');
	let text: string;
	try {
		text = readFileSync(file, 'utf8').trim();
	} catch (cause) {
		throw new WrongUse(`${file} cannot be read.`, { cause });
	}
	if (text === '') throw new WrongUse(`${file} is empty: there is nothing to say.`);
	return text;
}

async function preview(target: Target, body: Words & { to: string }): Promise<Answered> {
	await ask(target, Queued, { method: 'POST', path: '/announcements/preview', body });
	return {
		status: STATUS.fine,
		text: `A preview goes to ${body.to}, and to nobody else.\n`,
		json: { preview: body.to },
	};
}

/** In steps, each of which the next begins after: a command that breaks off is sent again. */
async function sendAll(target: Target, body: Words & { mailClass: string }): Promise<Answered> {
	let queued = 0;
	let after: string | null = null;
	do {
		const step: z.output<typeof Step> = await ask(target, Step, {
			method: 'POST',
			path: '/announcements/step',
			body: { ...body, after, queuedBefore: queued },
		});
		queued += step.queued;
		after = step.next;
	} while (after !== null);
	const text = `Queued\n${alignedRows([
		['class', body.mailClass],
		['mails', String(queued)],
	])}`;
	return { status: STATUS.fine, text, json: { mailClass: body.mailClass, queued } };
}
