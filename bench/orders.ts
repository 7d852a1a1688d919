import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { z } from 'zod';

import { creditEntries, idempotencyKeys } from '../schema/credits';
import { startEdge } from '../scripts/edge/start-edge';
import { fromRoot } from '../scripts/root';
import { auditLedger } from '../workers/core/credits/audit-ledger';
import { startBare } from './bare/start-bare';
import { startDeafProcessor } from './deaf-processor';
import { CONNECTIONS } from './load';
import { orderBody } from './orders/order-body';
import { writePlainly, type PlainSqlite } from './orders/plain-sqlite';
import { openSqliteD1 } from './ledger/sqlite-d1';
import { copyRows } from './orders/copy-rows';
import { ORDERS_PER_PRACTICE, PRACTICE_TABLES, seedPractices } from './orders/seed-practices';
import { requireWrk, runWrk, THREADS } from './orders/wrk';
import { atMost, type Asked, type Row } from './row';

const SECONDS_USUAL = 10;
/** More than this machine takes: where a faster one comes to the end of the list, the run ends early and the rate stands. */
const ORDERS_PER_SECOND_MAX = 400;
const WARM_SECONDS = 2;
const RATIO_MIN = 0.5;
/** Orders under way when wrk hangs up are finished meanwhile. */
const SETTLE_MS = 2_000;

const Load = z.object({
	requests: z.number(),
	seconds: z.number(),
	p99Ms: z.number(),
	broken: z.number(),
	refused: z.number(),
});
const OrderLoad = Load.extend({ taken: z.number(), placing: z.number(), isOut: z.number() });
type OrderLoad = z.infer<typeof OrderLoad>;

interface Books {
	holds: number;
	/** Answered 202, without a hold. */
	lost: number;
	/** Held without an answer: no more than were under way in the end. */
	unanswered: number;
	/** Holds of a render beyond its first, and keys that stand for none or several. */
	doubled: number;
	violations: readonly string[];
}

/**
 * Orders over HTTP by wrk: key, photo, consent, hold, row and Idempotency-Key in one batch, then the queue; one request of ten
 * repeats the order before it. Many practices with as many orders as each may have open, so that every limit is in force. The
 * processor never answers. Then the books: what was answered is held, once.
 */
export async function run({ seconds = SECONDS_USUAL }: Asked): Promise<Row[]> {
	await requireWrk();
	const folder = await mkdtemp(join(tmpdir(), 'afterglow-wrk-'));
	const bare = await startBare();
	const processor = await startDeafProcessor();
	const edge = await startEdge({ studio: 'dental', stateDir: null, emulators: processor.origin, isBuilt: true });
	try {
		const d1 = await edge.d1();
		await writeOrders(d1, join(folder, 'orders'), seconds);
		const url = `${edge.appOrigin}/v1/renders`;
		const before = await loadBare(bare.origin, { folder, seconds: Math.max(1, seconds / 2) });
		await orderAll(url, { folder, list: 'warm', seconds: WARM_SECONDS });
		const load = await orderAll(url, { folder, list: 'orders', seconds });
		if (load.isOut > 0) process.stderr.write('orders: the list ended before the time; the rate is of what it took\n');
		const after = await loadBare(bare.origin, { folder, seconds: Math.max(1, seconds / 2) });
		await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
		const [warm, measured] = [await answeredIds(folder, 'warm'), await answeredIds(folder, 'orders')];
		const books = await auditBooks(d1, new Set([...warm, ...measured]));
		const perSecond = measured.size / load.seconds;
		return [
			...rowsOfLoad(load, [before, after]),
			...rowsOfSqlite({ perSecond, p99Ms: load.p99Ms }, await writePlainly()),
			...rowsOfBooks(load, books),
		];
	} finally {
		await edge.close();
		await processor.close();
		await bare.close();
		await rm(folder, { recursive: true, force: true });
	}
}

/** A list to warm up with, and the one that is measured; by practices of their own. */
async function writeOrders(d1: D1Database, path: string, seconds: number): Promise<void> {
	const [warm, measured] = [practicesFor(WARM_SECONDS), practicesFor(seconds)];
	const made = await openSqliteD1(':memory:');
	const practices = await seedPractices(made.d1, warm + measured);
	await copyRows(made.sqlite, d1, PRACTICE_TABLES);
	made.close();
	const linesOf = (some: typeof practices) =>
		Array.from({ length: ORDERS_PER_PRACTICE }, (_, order) =>
			some.map(({ key, uploadId }) => `${key}\tbench-${order}\t${orderBody(uploadId)}\n`),
		).flat();
	await writeFile(join(path, '..', 'warm'), linesOf(practices.slice(0, warm)));
	await writeFile(path, linesOf(practices.slice(warm)));
}

function practicesFor(seconds: number): number {
	return Math.ceil((seconds * ORDERS_PER_SECOND_MAX) / ORDERS_PER_PRACTICE);
}

async function orderAll(
	url: string,
	{ folder, list, seconds }: { folder: string; list: string; seconds: number },
): Promise<OrderLoad> {
	const summary = join(folder, `${list}.json`);
	const args = [join(folder, list), join(folder, `${list}-answers-`), summary];
	await runWrk(url, { script: fromRoot('bench', 'orders', 'orders.lua'), args, seconds });
	return OrderLoad.parse(JSON.parse(await readFile(summary, 'utf8')));
}

async function loadBare(origin: string, { folder, seconds }: { folder: string; seconds: number }) {
	const summary = join(folder, 'bare.json');
	const script = fromRoot('bench', 'orders', 'bare.lua');
	await runWrk(`${origin}/`, { script, args: [summary], seconds: Math.ceil(seconds) });
	return Load.parse(JSON.parse(await readFile(summary, 'utf8')));
}

/** The orders that were answered with 202, each once. */
async function answeredIds(folder: string, list: string): Promise<Set<string>> {
	const files = Array.from({ length: THREADS }, (_, thread) => join(folder, `${list}-answers-${thread}`));
	const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
	return new Set(texts.flatMap((text) => text.split('\n')).filter((id) => id !== ''));
}

async function auditBooks(d1: D1Database, answered: ReadonlySet<string>): Promise<Books> {
	const db = drizzle(d1);
	const { violations } = await auditLedger({ db });
	const holds = await db
		.select({ renderId: creditEntries.renderId })
		.from(creditEntries)
		.where(eq(creditEntries.kind, 'hold'));
	const [keys] = await db.select({ count: sql<number>`count(*)` }).from(idempotencyKeys);
	const held = new Set(holds.map(({ renderId }) => renderId));
	return {
		holds: holds.length,
		lost: [...answered].filter((id) => !held.has(id)).length,
		unanswered: [...held].filter((id) => id === null || !answered.has(id)).length,
		doubled: holds.length - held.size + Math.abs((keys?.count ?? 0) - held.size),
		violations,
	};
}

function rowsOfLoad(load: OrderLoad, bare: readonly z.infer<typeof Load>[]): Row[] {
	const perSecond = load.requests / load.seconds;
	const reference = bare.reduce((sum, { requests, seconds }) => sum + requests / seconds, 0) / bare.length;
	const p99Ms = Math.max(...bare.map((one) => one.p99Ms));
	const ratio = perSecond / reference;
	const failures = load.broken + load.refused;
	return [
		{
			what: 'POST /v1/renders by wrk',
			figure: perSecond,
			unit: 'req/s',
			comparedWith: `bare two-statement batch, ${Math.round(reference)} req/s`,
			ratio,
			budget: { text: `≥ ${RATIO_MIN * 100} % of bare`, isMet: ratio >= RATIO_MIN },
		},
		{
			what: 'POST /v1/renders by wrk, p99',
			figure: load.p99Ms,
			unit: 'ms',
			comparedWith: `bare two-statement batch, ${Math.round(p99Ms)} ms`,
			ratio: load.p99Ms / p99Ms,
		},
		{ what: 'POST /v1/renders by wrk, failures', figure: failures, unit: 'answers', budget: atMost(0, failures) },
	];
}

function rowsOfSqlite({ perSecond, p99Ms }: { perSecond: number; p99Ms: number }, plain: PlainSqlite): Row[] {
	return [
		{
			what: 'new orders, beside the same writes alone',
			figure: perSecond,
			unit: 'orders/s',
			comparedWith: `plain SQLite, ${Math.round(plain.perSecond)} orders/s`,
			ratio: perSecond / plain.perSecond,
		},
		{
			what: 'new orders, p99',
			figure: p99Ms,
			unit: 'ms',
			comparedWith: `plain SQLite, ${plain.p99Ms.toFixed(2)} ms`,
			ratio: p99Ms / plain.p99Ms,
		},
	];
}

function rowsOfBooks({ taken, placing }: OrderLoad, books: Books): Row[] {
	for (const violation of books.violations) process.stderr.write(`violation: ${violation}\n`);
	return [
		{ what: 'answers 202, repeats included', figure: taken, unit: 'answers', whole: true },
		{ what: 'repeats told to come again in a moment', figure: placing, unit: 'answers', whole: true },
		{ what: 'holds in the ledger, those to warm up included', figure: books.holds, unit: 'holds', whole: true },
		rule('orders answered and not held', books.lost, 'orders'),
		rule('holds doubled, or without their key', books.doubled, 'holds'),
		rule('held and not answered, wrk hung up twice', books.unanswered, 'holds', 2 * CONNECTIONS),
		rule('violations of the ledger', books.violations.length, 'violations'),
	];
}

function rule(what: string, figure: number, unit: string, max = 0): Row {
	return { what, figure, unit, whole: true, budget: atMost(max, figure), isRule: true };
}
