import { expect, test } from 'vitest';

import { STATUS_BY_CODE } from '../../workers/core/errors';
import { firstCells, readText, section, wordsOfUnion } from './documents';

const ARCHITECTURE = readText('docs/architecture.md');

test('every code of a refusal is described with its status', () => {
	const rows = section(ARCHITECTURE, '## What a refusal looks like')
		.split('\n')
		.filter((line) => line.startsWith('| `'))
		.map((row) => row.split('|').map((cell) => cell.trim()))
		.map(([, code, status]) => `${code} ${status}`);
	const codes = Object.entries({ ...STATUS_BY_CODE, internal: 500 }).map(([code, status]) => `\`${code}\` ${status}`);
	expect(rows.toSorted()).toEqual(codes.toSorted());
});

test('every event of the log is described', () => {
	const events = wordsOfUnion('workers/core/log.ts', 'LogEvent');
	expect(events.length).toBeGreaterThan(5);
	expect(firstCells(section(readText('docs/operations.md'), '## Reading the log')).toSorted()).toEqual(
		events.toSorted(),
	);
});

test.each([
	['workers/core/uploads/upload-state.ts', 'UploadState', 'UploadEvent'],
	['workers/core/renders/render-state.ts', 'RenderState', 'RenderEvent'],
	['workers/core/consents/consent-elements.ts', 'ConsentState', 'ConsentEvent'],
	['workers/core/support/ticket-state.ts', 'TicketState', 'TicketEvent'],
])('every state and event of %s is in the state tables', (path, states, events) => {
	const tables = section(ARCHITECTURE, '## State machines');
	for (const word of [...wordsOfUnion(path, states), ...wordsOfUnion(path, events)]) {
		expect(tables).toContain(`\`${word}\``);
	}
});

test.each(['held_not_negative', 'held_within_posted', 'hold_covered', 'resolves_id', 'render_outcomes'])(
	'the invariants name what holds them: %s',
	(name) => {
		expect(section(ARCHITECTURE, '## Invariants')).toContain(`\`${name}\``);
	},
);
