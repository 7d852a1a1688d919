import { once } from 'node:events';
import { createServer } from 'node:http';

import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { z } from 'zod';

import { createSigningKey } from '../../emulators/fal/signing-key';
import { applyMigrations } from '../../scripts/edge/migrate';
import app from '../../workers/api/index';
import { countD1 } from '../support/counting-d1';
import { interceptD1 } from '../support/intercepted-d1';

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
	let failure: string | null = null;
	const faulty = interceptD1(db, (_, run) => (failure === null ? run() : Promise.reject(new Error(failure))));
	const falKey = createSigningKey();
	const keys = createServer((_, answer) => {
		answer.setHeader('content-type', 'application/json');
		answer.end(JSON.stringify(falKey.jwks));
	}).listen(0, '127.0.0.1');
	await once(keys, 'listening');
	const { port } = z.object({ port: z.number() }).parse(keys.address());
	const queued: unknown[] = [];
	const env = {
		DB: faulty,
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
	const send = (input: string | URL | Request, init?: RequestInit): Promise<Response> =>
		Promise.resolve(app.request(input instanceof Request ? input : new URL(input, ORIGIN).href, init, env));
	return {
		d1,
		queued,
		falKey,
		tokenKey: TOKEN_KEY,
		fetch: send,
		/** From now on every call of D1 fails with this message, until null is told. */
		failD1(message: string | null): void {
			failure = message;
		},
		/** Signs up and answers the cookie; the account is open. */
		async signUp(person: { email: string; password: string; name: string }): Promise<string> {
			const headers = { 'content-type': 'application/json', origin: ORIGIN };
			const answer = await send('/api/auth/sign-up/email', { method: 'POST', headers, body: JSON.stringify(person) });
			if (!answer.ok) throw new Error(`signing up answered ${answer.status}`);
			const cookie = answer.headers
				.getSetCookie()
				.map((line) => line.split(';', 1)[0])
				.join('; ');
			await send('/v1/session', { headers: { cookie } });
			return cookie;
		},
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
