import { setTimeout as sleep } from 'node:timers/promises';

import { drizzle } from 'drizzle-orm/d1';
import { expect } from 'vitest';

import type { Edge } from '../../../scripts/edge/start-edge';
import { expectLedgerIsSound } from '../../support/ledger-invariant';
import type { TestEdge } from './start-test-edge';

export interface Trace {
	/** Every row of every table. */
	rows: Record<string, readonly Record<string, unknown>[]>;
	/** Every key in the bucket. */
	objects: readonly string[];
	/** How often a processor was asked to make something. */
	asked: number;
}

export async function rowsOf(edge: Edge, table: string): Promise<Record<string, unknown>[]> {
	const { results } = await (await edge.d1()).prepare(`select * from "${table}"`).all();
	return results;
}

export async function objectsOf(edge: Edge): Promise<string[]> {
	return (await (await edge.r2()).list()).objects.map(({ key }) => key);
}

/** All that a request could have left behind: in the database, in the bucket, at a processor. */
export async function traceOf({ edge, emulators }: Pick<TestEdge, 'edge' | 'emulators'>): Promise<Trace> {
	const db = await edge.d1();
	const { results: tables } = await db
		.prepare("select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\' order by name")
		.all<{ name: string }>();
	const results = await db.batch<Record<string, unknown>>(
		tables.map(({ name }) => db.prepare(`select * from "${name}"`)),
	);
	const rows = Object.fromEntries(tables.map(({ name }, index) => [name, results[index]?.results ?? []]));
	return { rows, objects: await objectsOf(edge), asked: emulators.fal.requests().length };
}

const LOOK_EVERY_MS = 500;
/** Two seconds: on busy cores a message may lie in its queue for one. */
const QUIET_LOOKS = 4;
const LOOKS_MAX = 180;

/** Until what was begun before has left its last trace: nothing anywhere differs for some looks in a row. */
export async function untilQuiet(it: Pick<TestEdge, 'edge' | 'emulators'>): Promise<void> {
	let before = JSON.stringify(await traceOf(it));
	let quiet = 0;
	for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
		await sleep(LOOK_EVERY_MS);
		const now = JSON.stringify(await traceOf(it));
		quiet = now === before ? quiet + 1 : 0;
		if (quiet === QUIET_LOOKS) return;
		before = now;
	}
	throw new Error('The edge does not come to rest.');
}

/** Whatever `action` does, nothing anywhere differs after it. */
export async function expectNoTrace<Result>(
	it: Pick<TestEdge, 'edge' | 'emulators'>,
	action: () => Promise<Result>,
): Promise<Result> {
	const before = await traceOf(it);
	const result = await action();
	expect(await traceOf(it)).toEqual(before);
	return result;
}

/** After every test: the ledger is sound, and no Worker met anything that it did not expect. */
export async function expectOrder({ edge, errors }: Pick<TestEdge, 'edge' | 'errors'>): Promise<void> {
	await expectLedgerIsSound(drizzle(await edge.d1()));
	expect(errors).toEqual([]);
}
