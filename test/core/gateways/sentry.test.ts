import { beforeEach, expect, test } from 'vitest';

import { createSentry, localDsn } from '../../../emulators/sentry/sentry';
import { AppError, ConfigError } from '../../../workers/core/errors';
import { createErrorReports } from '../../../workers/core/gateways/sentry';

const CANARIES = {
	mail: 'canary.person@practice.example',
	prompt: 'canary-prompt-with-a-red-boat',
	key: 'ak_canaryCanaryCanary',
	url: 'https://media.test/src/acc_1/canary?token=canary-token',
	header: 'Bearer canary-header',
	cookie: 'afterglow_session=canary-cookie',
	custom: 'canary-own-property',
} as const;

const { routes, control } = createSentry();
beforeEach(() => control.reset());

/** The gateway before the stand-in, which is reached at its own address below `/sentry`. */
const reports = createErrorReports(
	{ dsn: localDsn('http://127.0.0.1:8790'), environment: 'local', studio: 'media', worker: 'api' },
	async (input, init) => {
		const request = new Request(input, init);
		return routes.fetch(new Request(request.url.replace('/sentry', ''), request));
	},
);

function aLoadedError(): Error {
	const cause = new TypeError(`fetch of ${CANARIES.url} with ${CANARIES.header} failed`);
	const error = new Error(`could not mail ${CANARIES.mail} about ${CANARIES.prompt}`, { cause });
	return Object.assign(error, { headers: { cookie: CANARIES.cookie, key: CANARIES.key }, note: CANARIES.custom });
}

test('a report says what failed and where, and has nothing of an error’s words, causes, addresses or properties', async () => {
	await reports.report({ error: aLoadedError(), where: 'GET /v1/renders/{id}', userId: null });
	const [envelope] = control.envelopes();
	expect(envelope?.items).toMatchObject([
		{
			type: 'event',
			payload: {
				transaction: 'GET /v1/renders/{id}',
				tags: { worker: 'api', studio: 'media' },
				exception: {
					values: [
						{ type: 'TypeError', value: '' },
						{ type: 'Error', value: '' },
					],
				},
			},
		},
	]);
	for (const canary of Object.values(CANARIES)) expect(envelope?.raw).not.toContain(canary);
	expect(envelope?.raw).not.toMatch(/canary|"user"|"request"|"headers"|"server_name"/);
});

test('its frames name functions, files and places, and no folder of anybody’s machine', async () => {
	await reports.report({ error: aLoadedError(), where: 'sweep', userId: null });
	const { raw } = control.envelopes()[0]!;
	expect(raw).toContain('"filename":"sentry.test.ts"');
	expect(raw).toContain('"function":"aLoadedError"');
	expect(raw).not.toContain(import.meta.dirname);
});

test.each([
	['a refusal of ours', new AppError('not_found', `no ${CANARIES.mail}`), 'not_found'],
	['a configuration', new ConfigError('AUTH_SECRET is missing'), 'AUTH_SECRET is missing'],
	[
		'D1',
		new Error(`D1_ERROR: UNIQUE constraint failed: users.email\n${CANARIES.mail}`),
		'D1_ERROR: UNIQUE constraint failed',
	],
])('of %s it keeps the words that say nothing about a person', async (_, error, words) => {
	await reports.report({ error, where: 'sweep', userId: null });
	const { raw } = control.envelopes()[0]!;
	expect(raw).toContain(words);
	expect(raw).not.toContain('canary');
});

test('what was thrown and is no error is told by its type', async () => {
	await reports.report({ error: CANARIES.mail, where: 'sweep', userId: null });
	expect(control.envelopes()[0]?.raw).toContain('"type":"thrown string"');
	expect(control.envelopes()[0]?.raw).not.toContain('canary');
});

test('with a person’s yes their number is in it, and nothing else of them', async () => {
	await reports.report({ error: new Error('x'), where: 'sweep', userId: 'usr_1' });
	expect(control.envelopes()[0]?.items).toMatchObject([{ payload: { user: { id: 'usr_1' } } }]);
	expect(control.envelopes()[0]?.raw).toContain('"user":{"id":"usr_1"}');
});

test('a Sentry that refuses or cannot be reached keeps nobody from going on', async () => {
	const config = { environment: 'local', studio: 'media', worker: 'jobs' } as const;
	const failing = [
		() => Promise.reject(new TypeError('network')),
		() => Promise.resolve(new Response('', { status: 429, headers: { 'retry-after': '60' } })),
	];
	for (const fetcher of failing) {
		const broken = createErrorReports({ ...config, dsn: 'https://key@o1.ingest.de.sentry.io/1' }, fetcher);
		await expect(broken.report({ error: new Error('x'), where: 'sweep', userId: null })).resolves.toBeUndefined();
	}
});

test('reports go to the project of the address, below its path', async () => {
	let asked = '';
	const fetcher: typeof fetch = (input, init) => {
		asked = new Request(input, init).url;
		return Promise.resolve(new Response('{}'));
	};
	const config = {
		dsn: 'https://abc@sentry.test/below/42',
		environment: 'production',
		studio: 'media',
		worker: 'api',
	} as const;
	await createErrorReports(config, fetcher).report({ error: new Error('x'), where: 'sweep', userId: null });
	expect(asked).toMatch(/^https:\/\/sentry\.test\/below\/api\/42\/envelope\/\?sentry_version=7&sentry_key=abc&/);
});
