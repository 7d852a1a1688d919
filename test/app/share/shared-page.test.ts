import { expect, test } from 'vitest';

import { action, headers, loader, meta } from '../../../app/routes/s.$token';
import { answered } from '../smiles/answers';
import { get, givenApi, json, post, refusal } from '../fake-api';

const TOKEN = 'a-token';
const PATH = `/s/${TOKEN}`;
const params = { token: TOKEN };
const OPEN = { state: 'open', accountName: 'Praxis', items: [], before: null, expiresAt: '2026-11-22T12:00:00.000Z' };

test('the token travels in a body, never in an address of the api', async () => {
	const { context, called } = givenApi({ 'POST /v1/shares/open': () => json(OPEN) });
	const { data } = answered(await loader({ request: get(PATH), context, params }));
	expect(data).toEqual(OPEN);
	expect(called).toMatchObject([{ path: '/v1/shares/open', body: { token: TOKEN } }]);
});

test('a passcode is asked for, and a wrong one or one too many asks again with the sentence', async () => {
	const asks = givenApi({ 'POST /v1/shares/open': () => json({ state: 'passcode' }) });
	expect(answered(await loader({ request: get(PATH), context: asks.context, params })).data).toEqual({
		state: 'passcode',
	});
	for (const [status, code, details] of [
		[403, 'not_allowed', { reason: 'wrong_passcode' }],
		[429, 'too_many_requests', { retryAfterSeconds: 60 }],
	] as const) {
		const { context, called } = givenApi({ 'POST /v1/shares/open': () => refusal(status, code, 'No.', details) });
		const answer = answered(await action({ request: post(PATH, { passcode: ' 123456 ' }), context, params }));
		expect(answer).toEqual({ status, data: { state: 'wrong', sentence: 'No.' } });
		expect(called).toMatchObject([{ body: { token: TOKEN, passcode: '123456' } }]);
	}
});

test.each([
	[410, 'gone', 410, 'over'],
	[404, 'not_found', 404, 'unknown'],
	[400, 'invalid_input', 404, 'unknown'],
	[503, 'upstream_unavailable', 503, 'silent'],
	[429, 'too_many_requests', 429, 'silent'],
] as const)('what the api answers with %i %s is a page of status %i', async (status, code, shown, state) => {
	const { context } = givenApi({ 'POST /v1/shares/open': () => refusal(status, code, 'A sentence.') });
	const answer = answered(await loader({ request: get(PATH), context, params }));
	expect(answer).toMatchObject({ status: shown, data: { state } });
});

test('while processing is restricted it says that it is not shown at the moment', async () => {
	const details = { reason: 'paused' };
	const { context } = givenApi({
		'POST /v1/shares/open': () => refusal(410, 'gone', 'Not at the moment.', details),
	});
	const answer = answered(await loader({ request: get(PATH), context, params }));
	expect(answer).toEqual({ status: 410, data: { state: 'silent', sentence: 'Not at the moment.' } });
});

test('no search engine keeps it, and its title names nobody', () => {
	expect(headers()).toEqual({ 'x-robots-tag': 'noindex, nofollow, noarchive' });
	const tags = JSON.stringify(meta({ matches: [] } as never));
	expect(tags).toContain('noindex');
	expect(tags).toContain('Shared with you');
});
