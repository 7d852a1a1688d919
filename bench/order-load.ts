import { startEdge } from '../scripts/edge/start-edge';
import { startBare } from './bare/start-bare';
import { startDeafProcessor } from './deaf-processor';
import { grantForBench } from './grant';
import { loadInTurn, loadOf } from './load';
import { signUp } from './practice';
import { atMost, type Row } from './row';

const ROUNDS = 4;
const SECONDS = 2;
const RATIO_MIN = 0.5;

/**
 * Orders at 32 connections (session, hold, row and key in one batch, queue), beside a bare Worker that commits a batch
 * of two statements through a service binding. The processor never answers, so that no render competes.
 */
export async function run(): Promise<Row[]> {
	const bare = await startBare();
	const processor = await startDeafProcessor();
	const edge = await startEdge({ studio: 'image', stateDir: null, emulators: processor.origin, isBuilt: true });
	try {
		const practice = await signUp(edge);
		const d1 = await edge.d1();
		await grantForBench(d1, practice.accountId);
		// An account has five renders open at most. Ended as they arise, they never count: one write more, to our cost.
		await d1.exec(
			`CREATE TRIGGER bench_end AFTER INSERT ON renders BEGIN UPDATE renders SET state = 'cancelled' WHERE id = NEW.id; END`,
		);
		const loads = await loadInTurn(
			{
				bare: { url: `${bare.origin}/`, body: '{}' },
				order: {
					url: `${edge.appOrigin}/v1/renders`,
					headers: {
						cookie: practice.client.cookie,
						'content-type': 'application/json',
						'idempotency-key': 'bench-[<id>]',
					},
					body: JSON.stringify({ tool: 'image.generate', input: { prompt: 'A paper lighthouse at dusk' } }),
				},
			},
			{ rounds: ROUNDS, seconds: SECONDS },
		);
		const [order, reference] = [loadOf(loads, 'order'), loadOf(loads, 'bare')];
		const ratio = order.perSecond / reference.perSecond;
		return [
			{
				what: 'POST /v1/renders',
				figure: order.perSecond,
				unit: 'req/s',
				comparedWith: `bare two-statement batch, ${Math.round(reference.perSecond)} req/s`,
				ratio,
				budget: { text: `≥ ${RATIO_MIN * 100} % of bare`, isMet: ratio >= RATIO_MIN },
			},
			{
				what: 'POST /v1/renders, p99',
				figure: order.p99Ms,
				unit: 'ms',
				comparedWith: `bare two-statement batch, ${Math.round(reference.p99Ms)} ms`,
				ratio: order.p99Ms / reference.p99Ms,
			},
			{
				what: 'POST /v1/renders, failures',
				figure: order.failures,
				unit: 'answers',
				budget: atMost(0, order.failures),
			},
		];
	} finally {
		await edge.close();
		await processor.close();
		await bare.close();
	}
}
