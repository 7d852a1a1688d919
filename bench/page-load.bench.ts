import autocannon from 'autocannon';

import { startEmulators } from '../emulators/start-emulators';
import type { BenchRow } from '../scripts/bench/measure';
import { startEdge } from '../scripts/edge/start-edge';
import { ApiClient } from '../scripts/start/api-client';
import { dental } from '../studios/dental';

const CONNECTIONS = 32;
const WARM_UP_SECONDS = 2;
const SECONDS = 6;

/** Signed-in reads under load: what a practice's open pages cost, with no render running. */
export async function measure(): Promise<BenchRow[]> {
	const emulators = await startEmulators();
	const edge = await startEdge({ studio: 'dental', stateDir: null, emulators: emulators.origin });
	try {
		const client = new ApiClient(edge.appOrigin);
		await client.authenticate({ email: 'bench@practice.example', password: 'a long enough password', name: 'Bench' });
		const load = async (what: string, path: string, budget: string): Promise<BenchRow> => {
			const url = `${edge.appOrigin}${path}`;
			const headers = { cookie: client.cookie };
			await autocannon({ url, headers, connections: CONNECTIONS, duration: WARM_UP_SECONDS });
			const result = await autocannon({ url, headers, connections: CONNECTIONS, duration: SECONDS });
			const failures = result.errors + result.non2xx;
			const measured = `${Math.round(result.requests.average)} req/s, p50 ${result.latency.p50} ms, ${failures} failed`;
			return { what, measured, budget };
		};
		return [
			await load('health, no database', '/healthz', '–'),
			await load('credit balance through the API', '/v1/credits', '–'),
			await load('signed-in page', dental.work.path, '≥ 250 req/s, 0 failed'),
		];
	} finally {
		await edge.close();
		await emulators.close();
	}
}
