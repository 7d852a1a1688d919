import { beforeEach, expect, test } from 'vitest';

import { LOCAL_META } from '../../emulators/meta/account';
import { createMeta, type MetaFailure } from '../../emulators/meta/meta';
import { createMetaGateway, type MetaEvent } from '../../workers/core/gateways/meta';

const NOW_SECONDS = 1_790_000_000;
const HASH = '62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f';
const { routes, control } = createMeta({ stop: new AbortController().signal, now: () => NOW_SECONDS * 1000 });
beforeEach(() => control.reset());

const EVENT: MetaEvent = {
	event_name: 'Purchase',
	event_time: NOW_SECONDS,
	event_id: 'cnv_1',
	event_source_url: 'https://app.test/credits/buy',
	action_source: 'website',
	data_processing_options: [],
	user_data: { em: [HASH], external_id: [HASH], client_user_agent: 'Mozilla/5.0' },
	custom_data: { currency: 'usd', value: 49 },
};

const fetcher: typeof fetch = async (input, init) => {
	const request = new Request(input, init);
	const answer = await routes.fetch(request);
	request.signal.throwIfAborted();
	return answer;
};

function gateway(account: { pixelId: string; accessToken: string } = LOCAL_META) {
	return createMetaGateway({ ...account, apiUrl: 'http://127.0.0.1/v25.0' }, fetcher, 50);
}

test('the gateway’s events are taken as they are, with the token in the body', async () => {
	expect(await gateway().send(EVENT)).toEqual({ kind: 'taken' });
	expect(control.events()).toEqual([EVENT]);
});

test('one event of more than seven days fails the whole request, and nothing of it is taken', async () => {
	const old = { ...EVENT, event_id: 'cnv_2', event_time: NOW_SECONDS - 7 * 86_400 - 1 };
	const answer = await routes.request(`/v25.0/${LOCAL_META.pixelId}/events`, {
		method: 'POST',
		body: JSON.stringify({ data: [EVENT, old], access_token: LOCAL_META.accessToken }),
	});
	expect(answer.status).toBe(400);
	expect(await answer.json()).toMatchObject({ error: { type: 'OAuthException', code: 100, error_subcode: 2804003 } });
	expect(control.events()).toEqual([]);
	expect(await gateway().send(old)).toEqual({ kind: 'refused', status: 400, code: 100, subcode: 2804003 });
});

test.each([
	['another token', { ...LOCAL_META, accessToken: 'another' }, 190],
	['no token', { ...LOCAL_META, accessToken: '' }, 2500],
	['another pixel', { ...LOCAL_META, pixelId: '1' }, 100],
])('%s is refused by its code', async (_, account, code) => {
	expect(await gateway(account).send(EVENT)).toMatchObject({ kind: 'refused', code });
	expect(control.events()).toEqual([]);
});

test.each([
	['an address that is not hashed', { em: ['john@example.com'] }],
	['no browser’s name, from a website', { em: [HASH] }],
])('%s is refused', async (_, userData) => {
	const event = { ...EVENT, user_data: { external_id: [HASH], ...userData } } as MetaEvent;
	expect(await gateway().send(event)).toMatchObject({ kind: 'refused', code: 100 });
	expect(control.events()).toEqual([]);
});

test.each([
	['unavailable', { kind: 'later', status: 500 }],
	['rate_limited', { kind: 'later', status: 400 }],
	['hang', { kind: 'later', status: null }],
	['token_ended', { kind: 'refused', status: 400, code: 190, subcode: 463 }],
] as const)('told to fail as "%s" it does so once', async (kind: MetaFailure, outcome) => {
	control.failNext({ kind });
	expect(await gateway().send(EVENT)).toEqual(outcome);
	expect(await gateway().send(EVENT)).toEqual({ kind: 'taken' });
	expect(control.events()).toHaveLength(1);
});
