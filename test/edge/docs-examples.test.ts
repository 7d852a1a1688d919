import { execFile, spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { drizzle } from 'drizzle-orm/d1';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { fromRoot } from '../../scripts/root';
import { SCOPES } from '../../studios/roles';
import { CLIENT, EXAMPLES, variablesIn } from '../../workers/api/docs/examples';
import { makeKey } from '../../workers/core/keys/make-key';
import { newId } from '../../workers/core/ids';
import { STUDIOS } from '../../studios/all';
import { givenAccount } from '../support/given';
import { startTestEdge, type TestEdge } from './support/start-test-edge';
import { until } from './support/until';

/*
 * The examples of /docs, as they are printed there: the shell's by bash and curl, TypeScript's by Node, in the order of the page.
 * What a reader keeps from an answer is kept here, in the environment and nowhere else.
 */

const run = promisify(execFile);
const RUN_MS_MAX = 50_000;
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

let it: TestEdge;
let folder: string;
let key: string;
beforeAll(async () => {
	it = await startTestEdge();
	folder = await mkdtemp(join(tmpdir(), 'afterglow-docs-'));
	await copyFile(fromRoot('public', 'samples', 'mara.jpg'), join(folder, 'photo.jpg'));
	const deps = { db: drizzle(await it.edge.d1()), now: () => new Date(), newId, studio: STUDIOS.dental };
	const actor = await givenAccount(deps);
	const mail = { mailKey: it.edge.secrets['MAIL_SEALING_KEY'] ?? '', queue: { send: () => Promise.resolve() } };
	const order = {
		actor,
		may: new Set(SCOPES),
		maker: { name: 'Ada', email: 'ada@practice.example' },
		accountName: 'Practice',
		whence: { network: null, country: null, browser: null },
		name: 'Examples',
		scopes: SCOPES,
		expiresInDays: 1,
	};
	({ key } = await makeKey({ ...deps, ...mail }, order));
});
afterAll(async () => {
	await it.close();
	await rm(folder, { recursive: true, force: true });
});

type Kept = Record<string, string>;

/** What a reader of the page has: where the API is, the key, a photo, and what was kept so far. */
function environment(kept: Kept): NodeJS.ProcessEnv {
	const { PATH = '' } = process.env;
	return { PATH, ORIGIN: it.edge.appOrigin, KEY: key, PHOTO: join(folder, 'photo.jpg'), ...kept };
}

function at(answer: unknown, path: string): string {
	const found = path
		.split('.')
		.reduce<unknown>(
			(inside, name) => (Object(inside) === inside ? Reflect.get(Object(inside), name) : undefined),
			answer,
		);
	if (typeof found !== 'string') throw new Error(`nothing at ${path} of ${JSON.stringify(answer)}`);
	return found;
}

/** The receipt that an example asks for is signed once its place was looked at again. */
async function receiptIsIssued(receiptId: string): Promise<void> {
	await until(`receipt ${receiptId} is issued`, async () => {
		await it.edge.runCron();
		const headers = { authorization: `Bearer ${key}` };
		const answer = await fetch(`${it.edge.appOrigin}/v1/receipts/${receiptId}`, { headers });
		return at(await answer.json(), 'state') === 'issued' ? true : undefined;
	});
}

const hasCurl = ['bash', 'curl'].every((program) => spawnSync(program, ['--version']).status === 0);

test.skipIf(!hasCurl)(
	'every curl example works as printed (skipped where bash or curl is missing)',
	async () => {
		const kept: Kept = {};
		const printed: Record<string, string> = {};
		for (const { id, shell } of EXAMPLES) {
			const { RECEIPT } = kept;
			if (id === 'receipt' && RECEIPT !== undefined) await receiptIsIssued(RECEIPT);
			for (const { code, keeps } of shell) {
				expect(Object.keys(kept)).toEqual(expect.arrayContaining(variablesIn(code)));
				const { stdout, stderr } = await run('bash', ['--norc', '-euo', 'pipefail', '-c', code], {
					cwd: folder,
					env: environment(kept),
					timeout: RUN_MS_MAX,
				});
				expect(stderr).toBe('');
				expect(stdout).not.toContain('"error":{');
				for (const { name, path } of keeps) kept[name] = at(JSON.parse(stdout), path);
				printed[id] = `${printed[id] ?? ''}${stdout}`;
			}
		}
		expect(printed['credits']).toContain('"available":60');
		expect(printed['upload']).toContain('"state":"active"');
		expect(printed['upload']).toContain('"state":"ready"');
		expect(printed['order']).toContain('"state":"succeeded"');
		expect(printed['list']).toContain(kept['RENDER']);
		expect(printed['delete']).toContain('receiptId');
		expect(printed['receipt']).toMatch(/^Valid: \{"/m);
		const film = spawnSync('head', ['-c', '12', join(folder, 'smile.mp4')]).stdout.toString('latin1');
		expect(film).toContain('ftyp');
	},
	180_000,
);

test('every TypeScript example works as printed', async () => {
	const kept: Kept = {};
	const printed: Record<string, string> = {};
	await writeFile(join(folder, CLIENT.file), CLIENT.code);
	for (const { id, typescript } of EXAMPLES) {
		const { file, code, printsLast } = typescript;
		expect(Object.keys(kept)).toEqual(expect.arrayContaining(variablesIn(code)));
		if (id === 'receipt') await receiptIsIssued(kept['RECEIPT'] ?? '');
		await writeFile(join(folder, file), code);
		const { stdout } = await run(process.execPath, ['--import', TSX, join(folder, file)], {
			cwd: folder,
			env: environment(kept),
			timeout: RUN_MS_MAX,
		});
		if (printsLast !== null) kept[printsLast] = stdout.trim().split('\n').at(-1) ?? '';
		printed[id] = stdout;
	}
	expect(printed['credits']).toMatch(/^\d+ credits can be spent, 0 are held$/m);
	expect(printed['upload']).toMatch(/^upl_\w+$/m);
	expect(printed['order']).toMatch(/^(ast_\w+\n){2}$/);
	expect(printed['list']).toMatch(/^rnd_\w+ succeeded$/m);
	expect(printed['delete']).toMatch(/^rct_\w+$/m);
	expect(printed['receipt']).toMatch(/^Valid: \d{4}-/m);
}, 180_000);

/** What HTML writes for these characters. */
const ENTITIES = new Map([
	['&lt;', '<'],
	['&gt;', '>'],
	['&quot;', '"'],
	['&amp;', '&'],
	['&#39;', "'"],
]);

test('each example is on the page, letter for letter', async () => {
	const page = await (await fetch(`${it.edge.appOrigin}/docs`)).text();
	const text = page.replaceAll(/&[#\w]+;/g, (entity) => ENTITIES.get(entity) ?? entity);
	for (const { shell, typescript } of EXAMPLES) {
		for (const { code } of [...shell, typescript, CLIENT]) expect(text).toContain(`<code>${code}</code>`);
	}
	expect(page).not.toMatch(/<script|<link|<img|src=/);
});
