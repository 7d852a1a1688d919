import { parseArgs } from 'node:util';

import { z } from 'zod';

import { alignedRows } from '../aligned';
import type { Command, Prepared } from '../command';
import { confirm } from '../confirm';
import { incidentReport } from '../incident-report';
import { Affected, IncidentFile, Incidents, incidentTable } from '../incident-shapes';
import { ask } from '../operations-client';
import { STATUS, WrongUse } from '../outcome';
import { COMMON_HELP, COMMON_OPTIONS, readArguments } from '../read-command';
import { readList, readMoment, readVerb } from '../read-verb';
import type { Target } from '../target';

const Step = z.object({ incidentId: z.string() });
const Told = z.object({ told: z.number(), left: z.number() });

export const incident: Command = {
	name: 'incident',
	summary: 'a breach of personal data: whom it affects, telling them, and its 72 hours',
	help: `A breach of personal data (GDPR Articles 33 and 34), from when it becomes known to when it is closed.

  npm run ops -- incident open --title "…" --classes CLASSES --from T --until T --known T
  npm run ops -- incident list [--closed]
  npm run ops -- incident affected INCIDENT
  npm run ops -- incident describe INCIDENT --happened "…" --consequences "…" --measures "…" --advice "…"
  npm run ops -- incident report INCIDENT
  npm run ops -- incident reported INCIDENT [--reason "…"]
  npm run ops -- incident tell INCIDENT
  npm run ops -- incident close INCIDENT [--reason "…"]

  --title "…"      what happened, without a person's name
  --classes C      whose data: classes of the policy with commas, such as source,account
  --from, --until  between when it was possible; a moment of UTC such as 2026-11-21T14:05Z
  --known T        when it became known here: the 72 hours run from then
  --happened, --consequences, --measures, --advice
                   what the authority and those affected are told; all four before tell, none changes after it
  --reason "…"     reported: why only after the 72 hours; close: why it need not be reported
  --yes            tell: without asking first
${COMMON_HELP}

report prints the notice to the authority with all that Article 33(3) asks for. tell mails everybody affected, each once; what
breaks off is gone on with by the same command. Whose mail bounced, or was not sent, does not count as told: affected names
them, to be told by letter or phone. list ends with 1 while one is late.
`,
	read: (args) => readVerb('incident', { open, list, affected, describe, report, reported, tell, close }, args),
};

function open(args: readonly string[]): Prepared {
	const { values } = readArguments([], () =>
		parseArgs({
			args: [...args],
			allowPositionals: true,
			options: {
				...COMMON_OPTIONS,
				title: { type: 'string', default: '' },
				classes: { type: 'string' },
				from: { type: 'string' },
				until: { type: 'string' },
				known: { type: 'string' },
			},
		}),
	);
	const { json, origin, studio, title } = values;
	if (title.trim().length < 3) throw new WrongUse('Say with --title "…" what happened.');
	const body = {
		title,
		dataClasses: readList('--classes', values.classes),
		from: readMoment('--from', values.from),
		until: readMoment('--until', values.until),
		knownAt: readMoment('--known', values.known),
	};
	return {
		json,
		origin,
		studio,
		async run(target) {
			const answer = await ask(target, Step, { method: 'POST', path: '/incidents', body });
			const { incident: opened } = await ask(target, IncidentFile, { method: 'GET', path: pathOf(answer.incidentId) });
			const rows = [
				['incident', opened.id],
				['report by', opened.reportBy],
				['hours left', String(opened.hoursLeft)],
			];
			return { status: STATUS.fine, text: `Written down\n${alignedRows(rows)}`, json: opened };
		},
	};
}

function list(args: readonly string[]): Prepared {
	const { values } = readArguments([], () =>
		parseArgs({
			args: [...args],
			allowPositionals: true,
			options: { ...COMMON_OPTIONS, closed: { type: 'boolean', default: false } },
		}),
	);
	const { json, origin, studio, closed } = values;
	return {
		json,
		origin,
		studio,
		async run(target) {
			const path = `/incidents?closed=${closed ? 'yes' : 'no'}`;
			const answer = await ask(target, Incidents, { method: 'GET', path });
			const isLate = answer.items.some(({ state }) => state === 'late');
			const hasColour = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;
			return {
				status: isLate ? STATUS.found : STATUS.fine,
				text: incidentTable(answer.items, hasColour),
				json: answer,
			};
		},
	};
}

function affected(args: readonly string[]): Prepared {
	return named(args, async (target, id) => {
		const found = await allAffected(target, id);
		const accounts = found.accounts.map(({ accountId, subjects }) => [accountId, subjects.join(' ')]);
		const text = [
			`${id}\n`,
			alignedRows([
				['people', String(found.people)],
				['accounts', String(found.accounts.length)],
				...found.records.map(({ dataClass, records }) => [`rows of ${dataClass}`, String(records)]),
			]),
			accounts.length === 0 ? '' : `\nAccounts, and whom the data is about\n${alignedRows(accounts)}`,
			found.tickets.length === 0
				? ''
				: `\nConversations of people without an account; answer in them\n${alignedRows(found.tickets.map((each) => [each]))}`,
			found.requests.length === 0
				? ''
				: `\nRequests of people without an account; rights show has where to write to\n${alignedRows(found.requests.map((each) => [each]))}`,
			unreached(found),
		].join('');
		return { status: STATUS.fine, text, json: found };
	});
}

/** Whom no mail reached, why, and how they are told all the same. */
function unreached({ unreached: people }: z.infer<typeof Affected>): string {
	if (people.length === 0) return '';
	const why: Record<string, string> = { returned: 'came back', suppressed: 'address is dead', failed: 'not sent' };
	const rows = people.map(({ userId, accounts, why: end }) => [userId, why[end] ?? end, accounts.join(' ')]);
	return `\nCould not be told by mail; tell them by letter or phone, at the address on the account's invoices\n${alignedRows(rows)}`;
}

const WORDS = ['happened', 'consequences', 'measures', 'advice'] as const;

function describe(args: readonly string[]): Prepared {
	const { values, positionals } = readArguments(['INCIDENT'], () =>
		parseArgs({
			args: [...args],
			allowPositionals: true,
			options: {
				...COMMON_OPTIONS,
				happened: { type: 'string' },
				consequences: { type: 'string' },
				measures: { type: 'string' },
				advice: { type: 'string' },
			},
		}),
	);
	const { json, origin, studio } = values;
	const body = Object.fromEntries(WORDS.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
	if (Object.keys(body).length === 0)
		throw new WrongUse(`Give at least one of ${WORDS.map((name) => `--${name}`).join(', ')}.`);
	return {
		json,
		origin,
		studio,
		async run(target) {
			const answer = await ask(target, Step, { method: 'POST', path: `${pathOf(positionals[0])}/words`, body });
			return { status: STATUS.fine, text: 'Described\n', json: answer };
		},
	};
}

function report(args: readonly string[]): Prepared {
	return named(args, async (target, id) => {
		const file = await ask(target, IncidentFile, { method: 'GET', path: pathOf(id) });
		const found = await allAffected(target, id);
		return { status: STATUS.fine, text: incidentReport(file, found), json: { ...file, affected: found } };
	});
}

function reported(args: readonly string[]): Prepared {
	return step(args, 'reported', 'Noted as reported\n');
}

function close(args: readonly string[]): Prepared {
	return step(args, 'close', 'Closed\n');
}

function tell(args: readonly string[]): Prepared {
	const { values, positionals } = readArguments(['INCIDENT'], () =>
		parseArgs({
			args: [...args],
			allowPositionals: true,
			options: { ...COMMON_OPTIONS, yes: { type: 'boolean', default: false } },
		}),
	);
	const { json, origin, studio, yes } = values;
	const [id = ''] = positionals;
	return {
		json,
		origin,
		studio,
		async run(target) {
			const found = await ask(target, Affected, { method: 'GET', path: `${pathOf(id)}/affected` });
			await confirm(`This mails ${found.people} people at ${target.origin} about ${id}, each once.`, { yes });
			let told = 0;
			for (let left = 1; left > 0;) {
				const answer = await ask(target, Told, { method: 'POST', path: `${pathOf(id)}/tell` });
				told += answer.told;
				({ left } = answer);
			}
			const text = `Written to now: ${told}. Everybody affected was written to; in an hour, see with incident affected whom no mail reached.\n`;
			return { status: STATUS.fine, text, json: { told, left: 0 } };
		},
	};
}

function step(args: readonly string[], what: 'reported' | 'close', done: string): Prepared {
	const { values, positionals } = readArguments(['INCIDENT'], () =>
		parseArgs({ args: [...args], allowPositionals: true, options: { ...COMMON_OPTIONS, reason: { type: 'string' } } }),
	);
	const { json, origin, studio, reason } = values;
	return {
		json,
		origin,
		studio,
		async run(target) {
			const body = reason === undefined ? {} : { reason };
			const answer = await ask(target, Step, { method: 'POST', path: `${pathOf(positionals[0])}/${what}`, body });
			return { status: STATUS.fine, text: done, json: answer };
		},
	};
}

/** A command that takes an incident and nothing else. */
function named(args: readonly string[], act: (target: Target, id: string) => ReturnType<Prepared['run']>): Prepared {
	const { values, positionals } = readArguments(['INCIDENT'], () =>
		parseArgs({ args: [...args], allowPositionals: true, options: COMMON_OPTIONS }),
	);
	const { json, origin, studio } = values;
	return { json, origin, studio, run: (target) => act(target, positionals[0] ?? '') };
}

/** Every page of it. */
async function allAffected(target: Target, id: string): Promise<z.infer<typeof Affected>> {
	const found = await ask(target, Affected, { method: 'GET', path: `${pathOf(id)}/affected` });
	const accounts = [...found.accounts];
	for (let cursor = found.nextCursor; cursor !== null;) {
		const path = `${pathOf(id)}/affected?cursor=${encodeURIComponent(cursor)}`;
		const page = await ask(target, Affected, { method: 'GET', path });
		accounts.push(...page.accounts);
		cursor = page.nextCursor;
	}
	return { ...found, accounts, nextCursor: null };
}

function pathOf(incidentId: string | undefined): string {
	return `/incidents/${encodeURIComponent(incidentId ?? '')}`;
}
