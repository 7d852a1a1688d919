import type { D1Database as Database } from '@cloudflare/workers-types';
import { drizzle } from 'drizzle-orm/d1';

import { STUDIOS } from '../../studios/all';
import type { JobDeps } from '../../workers/core/deps';
import { createStripeGateway } from '../../workers/core/gateways/stripe';
import { newId } from '../../workers/core/ids';
import { importReceiptKey } from '../../workers/core/receipts/receipt-key';
import { NOW_MS } from './seed';

/** A receipt key that signs nothing of worth: 32 zero bytes. */
const SEED = btoa('\0'.repeat(32));

/** The discard port: nothing is paid for here. */
const NOBODY = 'http://127.0.0.1:9';

function unused(): Promise<never> {
	return Promise.reject(new Error('The bench renders and mails nothing.'));
}

/** A vault for what a sweep keeps there, which is one head. */
function headStore(): JobDeps['vault']['store'] {
	const kept = new Map<string, string>();
	const put = (name: string, before: string | undefined, text: string) => {
		if (kept.get(name) !== before) return Promise.resolve(false);
		kept.set(name, text);
		return Promise.resolve(true);
	};
	return {
		create: (name, text) => put(name, undefined, text),
		replace: put,
		read: (name) => Promise.resolve(kept.get(name) ?? null),
		remove: unused,
		list: unused,
	};
}

/** The jobs Worker over this database alone: a store that holds nothing, and nobody outside. */
export async function jobDeps(d1: Database): Promise<JobDeps> {
	const receiptKey = await importReceiptKey(SEED);
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
		blobs: {
			put: unused,
			putStream: unused,
			read: unused,
			list: () => Promise.resolve({ objects: [], cursor: null }),
			delete: () => Promise.resolve(),
			has: () => Promise.resolve(false),
		},
		// Nothing that is sealed is due here; the log keeps its newest head.
		vault: {
			store: headStore(),
			wrapping: { current: 'only for the bench, and 32 characters or more', before: null },
			opened: new Map(),
		},
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
		receiptKey,
		publishedKeys: [receiptKey.publicKey],
	};
}
