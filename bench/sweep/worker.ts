/** Runs core's sweep inside the runtime, over its D1, until nothing is due, and tells what the database read for it. */
import type { D1Database as Database } from '@cloudflare/workers-types';

import { sweep } from '../../workers/core/retention/sweep';
import { jobDeps } from './job-deps';
import { noteRowsRead, type RowsRead } from './rows-read';
import { NOW_MS } from './seed';

export default {
	/** `?limit=` milliseconds after which no further sweep begins. */
	async fetch(request: Request, { DB }: { DB: Database }): Promise<Response> {
		const startedMs = Date.now();
		const stopAtMs = startedMs + Number(new URL(request.url).searchParams.get('limit'));
		const read: RowsRead = new Map();
		const deps = await jobDeps(noteRowsRead(DB, read));
		let deleted = 0;
		let sweeps = 0;
		for (;;) {
			const { sourcesDeleted, failures } = await sweep(deps, { scheduledAtMs: NOW_MS });
			if (failures > 0) throw new Error(`${failures} photos of the bench could not be deleted.`);
			deleted += sourcesDeleted;
			sweeps += 1;
			if (sourcesDeleted === 0 || Date.now() > stopAtMs) break;
		}
		const tookMs = Date.now() - startedMs;
		const statements = [...read].map(([sql, { calls, rows }]) => ({ sql, calls, rows }));
		return Response.json({ deleted, sweeps, tookMs, statements });
	},
};
