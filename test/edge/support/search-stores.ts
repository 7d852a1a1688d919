import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { holds } from '../../support/word-forms';
import type { TestEdge } from './start-test-edge';

/** What was said to Workers and stand-ins, by the place that holds it: `users.name`, `stripe.invoices`, `media`. */
export type Stores = ReadonlyMap<string, string>;

/** All that is held here and at the stand-ins: rows, objects, what was printed, and what each stand-in has in memory. */
export async function readStores(it: TestEdge): Promise<Stores> {
	const stores = new Map<string, string>();
	const add = (place: string, text: string) => stores.set(place, `${stores.get(place) ?? ''}\n${text}`);
	for (const [place, text] of await columnsOf(it)) add(place, text);
	for (const text of await objectsOf(it)) add('media', text);
	for (const text of await filesOf(it.edge.stateDir)) add('files', text);
	add('log', it.lines.join('\n'));
	for (const [name, held] of Object.entries(it.emulators.kept())) {
		const isDivided = typeof held === 'object' && held !== null && !Array.isArray(held);
		const parts = isDivided ? Object.entries(held) : [['all', held] as const];
		for (const [part, value] of parts) add(`${name}.${part}`, textOf(value));
	}
	return stores;
}

/** The places that hold one of the forms. */
export function placesWith(stores: Stores, forms: readonly string[]): string[] {
	return [...stores].flatMap(([place, text]) => (holds(text, forms) ? [place] : [])).toSorted();
}

async function columnsOf({ edge }: TestEdge): Promise<[place: string, text: string][]> {
	const db = await edge.d1();
	const { results: tables } = await db
		.prepare("select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'")
		.all<{ name: string }>();
	const rows = await db.batch<Record<string, unknown>>(tables.map(({ name }) => db.prepare(`select * from "${name}"`)));
	return rows.flatMap(({ results }, index) =>
		results.flatMap((row) =>
			Object.entries(row).map(([column, value]): [string, string] => [
				`${tables[index]?.name}.${column}`,
				textOf(value),
			]),
		),
	);
}

async function objectsOf({ edge }: TestEdge): Promise<string[]> {
	const bucket = await edge.r2();
	const { objects, truncated } = await bucket.list({ include: ['customMetadata', 'httpMetadata'] });
	if (truncated) throw new Error('There is more in the bucket than one page shows.');
	return Promise.all(
		objects.map(async ({ key, customMetadata, httpMetadata }) => {
			const object = await bucket.get(key);
			const bytes = object === null ? new Uint8Array() : new Uint8Array(await object.arrayBuffer());
			return textOf([key, customMetadata, httpMetadata, bytes]);
		}),
	);
}

/**
 * The files that both buckets are made of. Not those of the databases, whose pages keep what was deleted until they are used again, as
 * D1's history does for thirty days: rows are read as they are.
 */
async function filesOf(directory: string): Promise<string[]> {
	const entries = await readdir(directory, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile() && !/\.sqlite(-wal|-shm)?$/.test(entry.name));
	return Promise.all(
		files.map(async ({ parentPath, name }) => {
			const path = join(parentPath, name);
			return textOf([relative(directory, path), new Uint8Array(await readFile(path))]);
		}),
	);
}

/** Everything that can be read in a value, whatever it is made of. Bytes are letters; zipped ones are unzipped, too. */
function textOf(value: unknown, seen: Set<unknown> = new Set()): string {
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'bigint') return String(value);
	if (typeof value !== 'object' || value === null || seen.has(value)) return '';
	seen.add(value);
	if (value instanceof ArrayBuffer) return textOf(new Uint8Array(value), seen);
	if (value instanceof Uint8Array) return textOfBytes(value);
	const parts =
		value instanceof Map || value instanceof Set || Array.isArray(value) ? [...value] : Object.entries(value);
	return parts.map((part) => textOf(part, seen)).join('\n');
}

function textOfBytes(bytes: Uint8Array): string {
	const plain = Buffer.from(bytes).toString('latin1');
	const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
	return isZipped ? `${plain}\n${gunzipSync(bytes).toString('latin1')}` : plain;
}
