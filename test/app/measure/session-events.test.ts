import { expect, test } from 'vitest';

import { EVENT_HEADER, sessionEventOf, tellSessionEvent } from '../../../app/measure/session-events';
import { trackerConfig } from '../../../app/measure/tracker-config';

const SESSION = '__Host-afterglow_session=abc.def';
const SET = `${SESSION}; Path=/; HttpOnly`;
const TAKEN = '__Host-afterglow_session=; Max-Age=0; Path=/';

function request(cookie = ''): Request {
	return new Request('https://app.test/sign-in', { headers: { cookie, 'user-agent': 'Mozilla/5.0' } });
}

function answer(...cookies: string[]): Response {
	const headers = new Headers();
	for (const cookie of cookies) headers.append('set-cookie', cookie);
	return new Response(null, { headers });
}

test.each([
	['a session where there was none', '', [SET], 'sign_in'],
	['a session taken away', SESSION, [TAKEN], 'sign_out'],
	['another token for a session that is there', SESSION, [SET], null],
	['a session taken away from nobody', '', [TAKEN], null],
	['nothing about sessions', SESSION, ['mode=dark; Path=/'], null],
	['a cookie with a similar name', '', ['afterglow_session_old=x'], null],
] as const)('%s', (_, before, cookies, event) => {
	expect(sessionEventOf(request(before), answer(...cookies))).toBe(event);
});

test('a deleted account says so itself', () => {
	const told = new Response(null, { headers: { [EVENT_HEADER]: 'account_deleted', 'set-cookie': TAKEN } });
	expect(sessionEventOf(request(SESSION), told)).toBe('account_deleted');
});

test('without Umami nobody is asked or told', async () => {
	const api = { fetch: () => Promise.reject(new Error('nobody was to be asked')) };
	const context = {
		api,
		studio: 'dental',
		mediaOrigin: 'https://media.test',
		trackers: trackerConfig('dental', {}),
	} as const;
	await expect(tellSessionEvent(context, request(), 'sign_in')).resolves.toBeUndefined();
});
