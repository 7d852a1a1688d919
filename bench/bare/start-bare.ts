import { readFile } from 'node:fs/promises';

import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { transformWithEsbuild } from 'vite';

import { freePort } from '../../scripts/edge/ports';
import { fromRoot } from '../../scripts/root';

const TABLES = [
	'CREATE TABLE bare_accounts (id TEXT PRIMARY KEY, held INTEGER NOT NULL)',
	'CREATE TABLE bare_orders (id TEXT PRIMARY KEY, account_id TEXT NOT NULL)',
	"INSERT INTO bare_accounts VALUES ('one', 0)",
];

export interface Bare {
	/** GET reads one row, POST commits a batch of two statements; both through a service binding. */
	readonly origin: string;
	close(): Promise<void>;
}

async function worker(file: 'front' | 'back') {
	const path = fromRoot('bench', 'bare', `${file}.ts`);
	const { code } = await transformWithEsbuild(await readFile(path, 'utf8'), path);
	return {
		name: file,
		compatibilityDate: '2026-08-01',
		modules: [{ type: 'ESModule' as const, path: `${file}.js`, contents: code }],
	};
}

/** The bare Workers on a Miniflare of their own: the same version, runtime and kind of D1 as the edge's. */
export async function startBare(): Promise<Bare> {
	const port = await freePort();
	const miniflare = new Miniflare(
		convertV4MiniflareOptions({
			host: '127.0.0.1',
			port: 0,
			cf: false,
			telemetry: { enabled: false },
			workers: [
				{
					...(await worker('front')),
					serviceBindings: { BACK: 'back' },
					unsafeDirectSockets: [{ host: '127.0.0.1', port }],
				},
				{ ...(await worker('back')), d1Databases: ['DB'] },
			],
		}),
	);
	await miniflare.ready;
	const db = await miniflare.getD1Database('DB', 'back');
	await db.batch(TABLES.map((sql) => db.prepare(sql)));
	return { origin: `http://127.0.0.1:${port}`, close: () => miniflare.dispose() };
}
