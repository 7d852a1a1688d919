import { env } from 'cloudflare:workers';

import { DATA_MAP } from '../../../schema/data-map/data-map';
import { holds } from '../../support/word-forms';

export type Tables = Map<string, Record<string, unknown>[]>;

/** Every row of every table, mapped or not. */
export async function readTables(): Promise<Tables> {
	const { results } = await env.DB.prepare(
		"select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '_cf_%' and name not like 'd1_%'",
	).all<{ name: string }>();
	const tables: Tables = new Map();
	for (const { name } of results) {
		const rows = await env.DB.prepare(`select * from "${name}"`).all();
		tables.set(name, rows.results);
	}
	return tables;
}

/** `table.column` of each value that holds one of the forms. */
export function findInTables(tables: Tables, forms: readonly string[]): string[] {
	const found = new Set<string>();
	for (const [table, rows] of tables) {
		for (const row of rows) {
			for (const [column, value] of Object.entries(row)) {
				if (typeof value === 'string' && holds(value, forms)) found.add(`${table}.${column}`);
			}
		}
	}
	return [...found].toSorted();
}

/** Keys of objects whose name, metadata or bytes, also unzipped, hold one of the forms. */
export async function findInBucket(bucket: R2Bucket, forms: readonly string[]): Promise<string[]> {
	const found: string[] = [];
	for (let cursor: string | undefined; ;) {
		const page = await bucket.list({
			include: ['customMetadata', 'httpMetadata'],
			...(cursor === undefined ? {} : { cursor }),
		});
		for (const object of page.objects) {
			const body = await bucket.get(object.key);
			const bytes = body === null ? new Uint8Array() : new Uint8Array(await body.arrayBuffer());
			const about = JSON.stringify([object.key, object.customMetadata, object.httpMetadata]);
			if (holds(about + (await textOf(bytes)), forms)) found.push(object.key);
		}
		if (!page.truncated) return found;
		cursor = page.cursor;
	}
}

async function textOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
	const plain = Buffer.from(bytes).toString('latin1');
	if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return plain;
	const unzipped = new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')));
	return plain + Buffer.from(await unzipped.arrayBuffer()).toString('latin1');
}

/** What `table.column` is, by the map. */
export function classOf(place: string): string | undefined {
	const [table = '', column = ''] = place.split('.');
	const columns = Object.entries(DATA_MAP[table]?.columns ?? {});
	return columns.find(([, names]) => names.split(' ').includes(column))?.[0];
}

/** The database as it was, as a restore leaves it: what came since is gone, what went since is back. */
export async function restoreTables(tables: Tables): Promise<void> {
	const statements = [env.DB.prepare('pragma defer_foreign_keys = on')];
	for (const name of tables.keys()) statements.push(env.DB.prepare(`delete from "${name}"`));
	for (const [name, rows] of tables) {
		for (const row of rows) {
			const columns = Object.keys(row);
			const names = columns.map((column) => `"${column}"`).join(', ');
			const marks = columns.map(() => '?').join(', ');
			statements.push(env.DB.prepare(`insert into "${name}" (${names}) values (${marks})`).bind(...Object.values(row)));
		}
	}
	await env.DB.batch(statements);
}
