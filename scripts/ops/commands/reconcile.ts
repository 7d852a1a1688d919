import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { alignedRows, table } from '../aligned';
import type { Answered, Command } from '../command';
import { ask } from '../operations-client';
import { STATUS } from '../outcome';
import { COMMON_HELP, COMMON_OPTIONS, readArguments, requireReason } from '../read-command';
import type { Target } from '../target';

const Begun = z.object({ run: z.string(), waiting: z.number() });
const state = z.enum(['waiting', 'done', 'failed']);
const Run = z.object({
	run: z.string(),
	state,
	days: z.array(
		z.object({
			day: z.string(),
			state,
			listed: z.number(),
			repaired: z.number(),
			chargedCredits: z.number(),
			costMicros: z.number(),
			costUnknown: z.number(),
		}),
	),
	findings: z.array(z.object({ day: z.string(), kind: z.string(), objectId: z.string(), isRepaired: z.boolean() })),
	hasMore: z.boolean(),
});
type Run = z.infer<typeof Run>;

const LOOK_EVERY_MS = 2000;
/** A day takes seconds, and there are thirty; past this the command leaves, and the run goes on. */
const WAIT_MS_MAX = 10 * 60_000;

export const reconcile: Command = {
	name: 'reconcile',
	summary: 'compare Stripe with the ledger, and repair what is missing',
	help: `Compare the last 30 days at Stripe with the ledger, and what renders cost with what they were charged. What Stripe knows and
the ledger lacks is repaired as it would have been by its event; the rest is listed. The same runs each night.

  npm run ops -- reconcile --reason "…"      begins a run, and waits for its end
  npm run ops -- reconcile --run RUN         shows a run: 2026-11-21 for a night's, or one that was begun here

  --reason "…"     why; required to begin
  --key KEY        the same key is one run; without it the day's, so that the command can be sent again
  --no-wait        leaves when it has begun
${COMMON_HELP}

It ends with 1 when anything was found, repaired or not, or a day could not be compared.
`,
	read(args) {
		const { values } = readArguments([], () =>
			parseArgs({
				args: [...args],
				allowPositionals: true,
				options: {
					...COMMON_OPTIONS,
					reason: { type: 'string' },
					key: { type: 'string' },
					run: { type: 'string' },
					'no-wait': { type: 'boolean', default: false },
				},
			}),
		);
		const { json, origin, studio, run, key = new Date().toISOString().slice(0, 10) } = values;
		const common = { json, origin, studio };
		if (run !== undefined) return { ...common, run: async (target) => answered(await readRun(target, run)) };
		const body = { key, reason: requireReason(values.reason) };
		return {
			...common,
			async run(target) {
				const begun = await ask(target, Begun, { method: 'POST', path: '/reconcile', body });
				if (!values['no-wait']) return answered(await untilEnded(target, begun.run));
				const text = `Begun\n${alignedRows([
					['run', begun.run],
					['days that wait', String(begun.waiting)],
					['see', `npm run ops -- reconcile --run ${begun.run}`],
				])}`;
				return { status: STATUS.fine, text, json: begun };
			},
		};
	},
};

function readRun(target: Target, run: string): Promise<Run> {
	return ask(target, Run, { method: 'GET', path: `/reconciliations/${encodeURIComponent(run)}` });
}

async function untilEnded(target: Target, run: string): Promise<Run> {
	const stopAtMs = Date.now() + WAIT_MS_MAX;
	let found = await readRun(target, run);
	while (found.state === 'waiting' && Date.now() < stopAtMs) {
		await sleep(LOOK_EVERY_MS);
		found = await readRun(target, run);
	}
	return found;
}

function answered(run: Run): Answered {
	const isFound = run.findings.length > 0 || run.state === 'failed';
	return { status: isFound ? STATUS.found : STATUS.fine, text: written(run), json: run };
}

const TITLES = {
	waiting: 'Days are still waiting; look again with --run',
	done: 'Every day was compared',
	failed: 'Some days could not be compared',
} as const;

function written({ run, state: ended, days, findings, hasMore }: Run): string {
	const rows = days.map((day) => {
		const { listed, repaired, chargedCredits, costMicros, costUnknown } = day;
		return [day.day, day.state, listed, repaired, chargedCredits, `$${(costMicros / 1e6).toFixed(2)}`, costUnknown];
	});
	const found = findings.map(({ day, kind, objectId, isRepaired }) => {
		return [day, kind, objectId, isRepaired ? 'repaired' : 'LOOK AT IT'];
	});
	return [
		`${TITLES[ended]}\n`,
		alignedRows([['run', run]]),
		'\n',
		table(['day', 'state', 'listed', 'repaired', 'credits', 'cost', 'cost unknown'], rows),
		found.length === 0 ? '\nNothing was found\n' : `\nFound\n${table(['day', 'kind', 'what', ''], found)}`,
		hasMore ? '  and more\n' : '',
	].join('');
}
