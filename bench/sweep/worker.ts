/** Runs core's sweep inside the runtime, over its D1, until nothing is due, and tells what the database read for it. */
import type { D1Database as Database } from '@cloudflare/workers-types';
import { drizzle } from 'drizzle-orm/d1';

import { STUDIOS } from '../../studios/all';
import type { JobDeps } from '../../workers/core/deps';
import { createStripeGateway } from '../../workers/core/gateways/stripe';
import { newId } from '../../workers/core/ids';
import { importReceiptKey } from '../../workers/core/receipts/receipt-key';
import { sweep } from '../../workers/core/retention/sweep';
import { noteRowsRead, type RowsRead } from './rows-read';
import { NOW_MS } from './seed';

/** A receipt key that signs nothing of worth: 32 zero bytes. */
const SEED = btoa('\0'.repeat(32));

/** The discard port: nothing is paid for here. */
const NOBODY = 'http://127.0.0.1:9';

function unused(): Promise<never> {
	return Promise.reject(new Error('The bench renders and mails nothing.'));
}

async function jobDeps(d1: Database): Promise<JobDeps> {
	return {
		db: drizzle(d1),
		now: () => new Date(NOW_MS),
		newId,
		studio: STUDIOS.dental,
		queue: { send: () => Promise.resolve() },
		egress: unused,
		appOrigin: 'https://app.example.com',
		mediaOrigin: 'https://media.example.com',
		urlSigningKey: 'only for the bench, and 32 characters or more',
		// What is measured is the database, so the store forgets everything at once.
		blobs: { put: unused, delete: () => Promise.resolve(), has: () => Promise.resolve(false) },
		fal: { submit: unused, result: unused, fetchOutput: unused, cancel: unused, forget: unused },
		pictures: { generate: unused },
		meta: null,
		errorReports: null,
		mailer: { send: unused },
		stripe: createStripeGateway(
			{ key: 'sk_test_bench', apiUrl: NOBODY, studio: 'dental', hasAutomaticTax: false },
			fetch,
		),
		mailFrom: 'Bench <bench@example.com>',
		mailKey: 'only for the bench, and 32 characters or more',
		webhookTokenKey: 'only for the bench, and 32 characters or more',
		receiptKey: await importReceiptKey(SEED),
	};
}

export default {
	/** `?limit=` milliseconds after which no further sweep begins. */
	async fetch(request: Request, { DB }: { DB: Database }): Promise<Response> {
		const stopAtMs = Date.now() + Number(new URL(request.url).searchParams.get('limit'));
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
		const statements = [...read].map(([sql, { calls, rows }]) => ({ sql, calls, rows }));
		return Response.json({ deleted, sweeps, statements });
	},
};
