import { createTestHarness } from 'wrangler';

import { newObjectKey } from '../../../workers/core/media/object-keys';
import { signGet, signPut, type GetClaims } from '../../../workers/core/media/sign-url';

export const APP_ORIGIN = 'http://app.example:8788';
const SECRET = 'a signing key of enough characters';
const MINUTE_MS = 60_000;

/** The real Worker with its real wrangler.toml in workerd, and beside it one that only holds its RPC binding. */
export async function startMediaWorker(vars: Record<string, string> = {}) {
	const server = createTestHarness({
		root: new URL('../../..', import.meta.url).pathname,
		workers: [
			{
				configPath: 'workers/media/wrangler.toml',
				vars: { ENVIRONMENT: 'local', APP_ORIGIN, ...vars },
				secrets: { URL_SIGNING_KEY: SECRET },
			},
			{
				config: {
					name: 'caller',
					main: new URL('caller-worker.ts', import.meta.url).pathname,
					compatibility_date: '2026-08-01',
					services: [{ binding: 'OBJECTS', service: 'afterglow-media', entrypoint: 'MediaObjects' }],
				},
			},
		],
	});
	const { url } = await server.listen();
	const media = server.getWorker<{ MEDIA: R2Bucket }>('afterglow-media');
	const { MEDIA: bucket } = await media.getEnv();
	const origin = url.origin;

	return {
		bucket,
		fetch: media.fetch,
		/** What the RPC entrypoint says a key holds. */
		async head(objectKey: string): Promise<unknown> {
			const answer = await server.getWorker('caller').fetch(`/?key=${encodeURIComponent(objectKey)}`);
			return answer.json();
		},
		async keys(): Promise<readonly string[]> {
			return (await bucket.list()).objects.map(({ key }) => key);
		},
		grantPut(
			byteLength: number,
			grant: { contentType?: string; objectKey?: string; expiresAtMs?: number; sideMax?: number } = {},
		) {
			const objectKey = grant.objectKey ?? newObjectKey('src', 'acc_ada');
			const expiresAtMs = grant.expiresAtMs ?? Date.now() + 10 * MINUTE_MS;
			const contentType = grant.contentType ?? 'image/jpeg';
			const { sideMax } = grant;
			const side = sideMax === undefined ? {} : { sideMax };
			return signPut(SECRET, { origin, objectKey, contentType, byteLength, expiresAtMs, ...side });
		},
		grantGet(objectKey: string, grant: Partial<GetClaims> = {}) {
			const { purpose = 'view', contentType = 'image/jpeg', expiresAtMs = Date.now() + MINUTE_MS, fileName } = grant;
			const name = fileName === undefined ? {} : { fileName };
			return signGet(SECRET, { origin, objectKey, contentType, purpose, expiresAtMs, ...name });
		},
		close: () => server.close(),
	};
}
