import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import {
	allowedBeforeEnding,
	EVENT_HEADER,
	sessionEventOf,
	tellSessionEvent,
} from '../../../app/measure/session-events';
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

const told: string[] = [];
const umami = createServer((incoming, outgoing) => {
	told.push(incoming.url ?? '');
	outgoing.end('{}');
});
await new Promise<void>((resolve) => umami.listen(0, '127.0.0.1', resolve));
const { port } = umami.address() as AddressInfo;
umami.unref();
afterEach(() => void told.splice(0));

/** The media studio, whose api knows who said no by their session. */
function mediaContext(sessionsWithNo: readonly string[]) {
	const vars = { ENVIRONMENT: 'local', UMAMI_WEBSITE_ID: 'u', UMAMI_URL: 'https://cloud.umami.is' };
	const asked: string[] = [];
	const api = {
		fetch: (input: RequestInfo | URL, init?: RequestInit) => {
			const cookie = new Request(input, init).headers.get('cookie') ?? '';
			asked.push(cookie);
			const isAllowed = !sessionsWithNo.some((session) => cookie.includes(session));
			return Promise.resolve(Response.json({ trackers: [{ id: 'umami', isAllowed, isAsked: false }] }));
		},
	};
	const trackers = trackerConfig('media', { ...vars, TRACKERS_EMULATOR_URL: `http://127.0.0.1:${port}` });
	return { context: { api, studio: 'media', mediaOrigin: 'https://media.test', trackers } as const, asked };
}

test('whoever said no is not counted when they sign in, in a browser that knows nothing of it', async () => {
	const { context, asked } = mediaContext(['abc.def']);
	await tellSessionEvent(context, request('mode=dark'), { event: 'sign_in', answer: answer(SET), before: null });
	expect(told).toEqual([]);
	expect(asked).toEqual([`mode=dark; ${SESSION}`]);
	const other = answer(SET.replace('abc.def', 'ghi.jkl'));
	await tellSessionEvent(context, request(), { event: 'sign_in', answer: other, before: null });
	expect(told).toEqual(['/cloud.umami.is/api/send']);
});

test.each(['sign_out', 'account_deleted'] as const)('%s is decided while it is known who it is', async (event) => {
	const { context, asked } = mediaContext(['abc.def']);
	const path = event === 'sign_out' ? '/sign-out' : '/privacy/delete.data';
	const leaving = (session: string) =>
		new Request(`https://app.test${path}`, {
			method: 'POST',
			headers: { cookie: session, 'user-agent': 'Mozilla/5.0' },
		});
	for (const [session, hits] of [
		[SESSION, 0],
		[SESSION.replace('abc', 'xyz'), 1],
	] as const) {
		const before = await allowedBeforeEnding(context, leaving(session));
		await tellSessionEvent(context, leaving(session), { event, answer: answer(TAKEN), before });
		expect(told).toHaveLength(hits);
	}
	expect(asked).toHaveLength(2);
});

test('a session that ends where nobody was asked before is not counted', async () => {
	const { context, asked } = mediaContext([]);
	const elsewhere = new Request('https://app.test/settings/security', { method: 'POST', headers: { cookie: SESSION } });
	expect(await allowedBeforeEnding(context, elsewhere)).toBeNull();
	await tellSessionEvent(context, request(SESSION), { event: 'sign_out', answer: answer(TAKEN), before: null });
	expect([told, asked]).toEqual([[], []]);
});

test('without Umami nobody is asked or told', async () => {
	const api = { fetch: () => Promise.reject(new Error('nobody was to be asked')) };
	const context = {
		api,
		studio: 'dental',
		mediaOrigin: 'https://media.test',
		trackers: trackerConfig('dental', {}),
	} as const;
	await expect(
		tellSessionEvent(context, request(), { event: 'sign_in', answer: answer(SET), before: null }),
	).resolves.toBeUndefined();
});
