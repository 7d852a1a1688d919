import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';

import type { Studio } from '../../studios/studio';
import type { DemoPractice } from './demo-practice';
import type { FinishedJob } from './main-job';
import type { Outcome } from './outcome';

function lines(screen: Writable, rows: readonly (readonly [string, string])[]): void {
	const width = Math.max(...rows.map(([name]) => name.length));
	for (const [name, value] of rows) screen.write(`  ${name.padEnd(width)}  ${value}\n`);
}

/** A studio that makes nothing yet still has its page. */
export function sayWelcome(screen: Writable, studio: Studio, appOrigin: string): void {
	screen.write(`\n${studio.name} is running at ${appOrigin}\n`);
	if (studio.toCome.length > 0) screen.write(`To come:\n${studio.toCome.map((line) => `  ${line}\n`).join('')}`);
}

/** "22 November, 07:15", on this machine's clock. */
function clockWords(time: string | null): string {
	if (time === null) return 'when its time ends';
	const at = new Date(time);
	const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'long' });
	return `${day}, ${at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`;
}

/** Where everything is that a stranger wants to look at next. */
export function sayResult(
	screen: Writable,
	studio: Studio,
	result: {
		job: FinishedJob;
		practice: DemoPractice;
		outcome: Outcome;
		isSample: boolean;
		appOrigin: string;
		mailPage: string;
	},
): void {
	const { job, practice, outcome, appOrigin } = result;
	const { render } = job;
	screen.write(`\n${outcome.ok ? studio.done : `This did not work: ${outcome.error ?? render.state}`}\n`);
	const rows: [string, string][] = [];
	for (const kind of ['before', 'after', 'video', 'picture']) {
		const file = job.files[kind];
		if (file === undefined) continue;
		rows.push([kind, kind === 'before' && result.isSample ? `${file.path} (illustrated sample patient)` : file.path]);
	}
	rows.push(['credits', `${job.credits.charged} charged, ${job.credits.after} left`]);
	if (render.source !== null) {
		const receipt = outcome.source.receiptPath ?? undefined;
		rows.push(
			receipt === undefined ? ['photo', `deleted ${clockWords(render.sourceDeleteAt)}`] : ['photo', 'deleted'],
			['receipt', receipt ?? `${appOrigin}/receipts/${render.source.receiptId} (issued when the photo is deleted)`],
		);
	}
	const { receiptPath } = outcome.source;
	if (receiptPath !== null) {
		rows.push(['verify', `npm run verify-receipt -- ${receiptPath} --key ${join(dirname(receiptPath), 'keys.json')}`]);
	}
	rows.push(
		['page', `${appOrigin}${studio.work.path}/${render.id}`],
		['sign in', `${practice.email}  ${practice.password}`],
		['mail', result.mailPage],
	);
	lines(screen, rows);
}
