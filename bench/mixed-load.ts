import { randomUUID } from 'node:crypto';

import { startEdge, type Edge } from '../scripts/edge/start-edge';
import { startBare } from './bare/start-bare';
import { startDeafProcessor } from './deaf-processor';
import { loadInTurn, loadOf, type Load } from './load';
import { signUp, type Practice } from './practice';
import { atMost, type Row } from './row';

const ROUNDS = 4;
const SECONDS = 2;
/** What a practice's first page shows on a usual day. */
const SMILES = 5;
const PAGE_RATIO_MIN = 0.45;

/** Smiles that have ended, written straight into the database: the load is on reading them. */
async function seedSmiles(edge: Edge, { accountId }: Practice): Promise<void> {
	const db = await edge.d1();
	const now = Date.now();
	const insert = db.prepare(
		`INSERT INTO renders (id, account_id, requested_by, tool, input, state, credits_held, credits_charged,
			created_at_ms, finished_at_ms, deadline_at_ms, forgotten_at_ms)
			VALUES (?, ?, 'bench', 'smile.video', ?, 'failed', 24, 0, ?, ?, ?, ?)`,
	);
	const input = JSON.stringify({ uploadId: 'upl_bench', treatment: 'whitening', fromShade: 'A3', toShade: 'A1' });
	await db.batch(
		Array.from({ length: SMILES }, (_, index) =>
			insert.bind(`rnd_${randomUUID()}`, accountId, input, now - index, now, now, now),
		),
	);
}

function rowsOf(what: string, load: Load, bare: Load, ratioMin?: number): Row[] {
	const ratio = load.perSecond / bare.perSecond;
	const name = { comparedWith: `bare one-row read, ${Math.round(bare.perSecond)} req/s`, ratio };
	return [
		{
			what: `${what}, ${SMILES} smiles`,
			figure: load.perSecond,
			unit: 'req/s',
			...name,
			...(ratioMin === undefined
				? {}
				: { budget: { text: `≥ ${ratioMin * 100} % of bare`, isMet: ratio >= ratioMin } }),
		},
		{
			what: `${what}, p99`,
			figure: load.p99Ms,
			unit: 'ms',
			comparedWith: `bare one-row read, ${Math.round(bare.p99Ms)} ms`,
			ratio: load.p99Ms / bare.p99Ms,
		},
		{ what: `${what}, failures`, figure: load.failures, unit: 'answers', budget: atMost(0, load.failures) },
	];
}

/**
 * Signed-in reads at 32 connections, beside a bare Worker that reads one row of its own D1 through a service binding:
 * same machine, same run, same runtime, in turn.
 */
export async function run(): Promise<Row[]> {
	const bare = await startBare();
	const processor = await startDeafProcessor();
	const edge = await startEdge({ studio: 'dental', stateDir: null, emulators: processor.origin, isBuilt: true });
	try {
		const practice = await signUp(edge);
		await seedSmiles(edge, practice);
		const headers = { cookie: practice.client.cookie };
		const loads = await loadInTurn(
			{
				bare: { url: `${bare.origin}/` },
				page: { url: `${edge.appOrigin}/smiles`, headers },
				renders: { url: `${edge.appOrigin}/v1/renders`, headers },
				session: { url: `${edge.appOrigin}/v1/session`, headers },
			},
			{ rounds: ROUNDS, seconds: SECONDS },
		);
		const reference = loadOf(loads, 'bare');
		return [
			...rowsOf('page /smiles', loadOf(loads, 'page'), reference, PAGE_RATIO_MIN),
			...rowsOf('GET /v1/renders', loadOf(loads, 'renders'), reference),
			...rowsOf('GET /v1/session', loadOf(loads, 'session'), reference),
		];
	} finally {
		await edge.close();
		await processor.close();
		await bare.close();
	}
}
