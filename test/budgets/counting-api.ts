import { once } from 'node:events';
import { createServer } from 'node:http';

import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { z } from 'zod';

import { createSigningKey } from '../../emulators/fal/signing-key';
import { applyMigrations } from '../../scripts/edge/migrate';
import app from '../../workers/api/index';
import { countD1 } from '../support/counting-d1';

const ORIGIN = 'https://app.test';
const TOKEN_KEY = 'a token key of the tests, 32 characters or more';

/** The api as it is deployed, over a real local D1 whose statements are counted; what it queues is kept. */
export async function startCountingApi() {
	const miniflare = new Miniflare(
		convertV4MiniflareOptions({
			telemetry: { enabled: false },
			cf: false,
			workers: [
				{
					name: 'empty',
					compatibilityDate: '2026-08-01',
					modules: [{ type: 'ESModule', path: 'empty.js', contents: 'export default {};' }],
					d1Databases: ['DB'],
				},
			],
		}),
	);
	const d1 = await miniflare.getD1Database('DB', 'empty');
	await applyMigrations(d1);
	const { db, count } = countD1(d1);
	const falKey = createSigningKey();
	const keys = createServer((_, answer) => {
		answer.setHeader('content-type', 'application/json');
		answer.end(JSON.stringify(falKey.jwks));
	}).listen(0, '127.0.0.1');
	await once(keys, 'listening');
	const { port } = z.object({ port: z.number() }).parse(keys.address());
	const queued: unknown[] = [];
	const env = {
		DB: db,
		WORK: { send: async (message: unknown) => void queued.push(message) },
		MEDIA_OBJECTS: { head: () => Promise.resolve(null) },
		ENVIRONMENT: 'local',
		STUDIO: 'dental',
		APP_ORIGIN: ORIGIN,
		MEDIA_ORIGIN: 'https://media.test',
		URL_SIGNING_KEY: 'a signing key of the tests, 32 characters or more',
		AUTH_SECRET: 'a session secret of the tests, 32 characters or more',
		PASSWORD_PEPPER: 'a pepper of the tests, 32 characters or more',
		WEBHOOK_TOKEN_KEY: TOKEN_KEY,
		RECEIPT_PUBLIC_KEY: 'MCowBQYDK2VwAyEA',
		FAL_REST_URL: `http://127.0.0.1:${port}`,
	};
	return {
		d1,
		queued,
		falKey,
		tokenKey: TOKEN_KEY,
		fetch: (input: string | URL | Request, init?: RequestInit): Promise<Response> =>
			Promise.resolve(app.request(input instanceof Request ? input : new URL(input, ORIGIN).href, init, env)),
		/** What `work` asked of D1. */
		async counted(work: () => Promise<unknown>): Promise<{ statements: number; batches: number }> {
			const before = { ...count };
			await work();
			return { statements: count.statements - before.statements, batches: count.batches - before.batches };
		},
		async close() {
			keys.close();
			await miniflare.dispose();
		},
	};
}
