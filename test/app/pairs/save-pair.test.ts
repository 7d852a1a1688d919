import { expect, test } from 'vitest';

import { savePair } from '../../../app/pairs/save-pair';
import type { Roads } from '../../../app/upload/send-upload';

interface Asked {
	path: string;
	body: unknown;
	key: string | null;
}

/** Answers by method and path, each in its turn; what is asked is noted. */
function roadsOf(answers: Record<string, [status: number, body: unknown]>, put: 204 | 400 | 'broken' = 204) {
	const asked: Asked[] = [];
	const roads: Roads = {
		fetch: async (input, init) => {
			const path = `${init.method ?? 'GET'} ${input.split('?')[0]}`;
			const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : input.split('?')[1];
			asked.push({ path, body, key: new Headers(init.headers).get('idempotency-key') });
			const [status, answer] = answers[path] ?? [500, {}];
			return Response.json(answer, { status });
		},
		put: async (url) => {
			asked.push({ path: `PUT ${url}`, body: null, key: null });
			if (put === 'broken') throw new Error('The connection broke.');
			return {
				status: put,
				body: JSON.stringify({ error: { code: 'invalid_input', message: 'This file is damaged.' } }),
			};
		},
	};
	return { roads, asked };
}

const ANSWERS: Record<string, [number, unknown]> = {
	'POST /v1/subjects': [201, { id: 'sub_1' }],
	'GET /v1/consents': [
		200,
		{
			items: [
				{ id: 'cns_old', state: 'revoked' },
				{ id: 'cns_1', state: 'active' },
			],
		},
	],
	'POST /v1/pairs': [201, { id: 'rnd_1' }],
	'POST /v1/compositions': [201, { id: 'ast_1', put: { url: 'https://media.example/o', headers: {} } }],
	'POST /v1/compositions/ast_1/complete': [200, { id: 'ast_1' }],
};

function save(roads: Roads) {
	return savePair(
		{
			wish: { reference: 'M-2041', treatment: 'bonding', key: 'one-key' },
			still: async () => new Blob(['still'], { type: 'image/jpeg' }),
			onProgress: () => undefined,
			signal: new AbortController().signal,
		},
		roads,
	);
}

test('a pair is kept under the consent that holds, with its still', async () => {
	const { roads, asked } = roadsOf(ANSWERS);
	expect(await save(roads)).toEqual({ ok: true, renderId: 'rnd_1' });
	expect(asked).toEqual([
		{ path: 'POST /v1/subjects', body: { reference: 'M-2041' }, key: null },
		{ path: 'GET /v1/consents', body: 'subjectId=sub_1', key: null },
		{
			path: 'POST /v1/pairs',
			body: { consentId: 'cns_1', treatment: 'bonding', attested: true },
			key: 'one-key',
		},
		{
			path: 'POST /v1/compositions',
			body: { renderId: 'rnd_1', madeOf: [], kind: 'still_pair', contentType: 'image/jpeg', byteLength: 5 },
			key: null,
		},
		{ path: 'PUT https://media.example/o', body: null, key: null },
		{ path: 'POST /v1/compositions/ast_1/complete', body: {}, key: null },
	]);
});

test('without a consent that holds nothing is sent, and where to record one is told', async () => {
	const { roads, asked } = roadsOf({
		...ANSWERS,
		'GET /v1/consents': [200, { items: [{ id: 'c', state: 'expired' }] }],
	});
	expect(await save(roads)).toEqual({ ok: false, subjectId: 'sub_1' });
	expect(asked.map(({ path }) => path)).toEqual(['POST /v1/subjects', 'GET /v1/consents']);
});

test('a refusal on any step is told in its own words, and a broken connection in ours', async () => {
	const refusal = { error: { code: 'consent_required', message: 'The consent has ended.' } };
	for (const step of ['POST /v1/subjects', 'POST /v1/pairs', 'POST /v1/compositions']) {
		const { roads } = roadsOf({ ...ANSWERS, [step]: [422, refusal] });
		expect(await save(roads)).toEqual({ ok: false, sentence: 'The consent has ended.' });
	}
	expect(await save(roadsOf(ANSWERS, 400).roads)).toEqual({ ok: false, sentence: 'This file is damaged.' });
	const broken = await save(roadsOf(ANSWERS, 'broken').roads);
	expect(broken).toMatchObject({ ok: false, sentence: expect.stringMatching(/^The connection broke/) });
});
