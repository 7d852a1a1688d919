import { expect, test } from 'vitest';

import { pendingOf } from '../../app/auth/pending';
import { keptToken } from '../../app/practice/invitation-cookie';
import { keptDraft } from '../../app/practice/key-draft';
import { privateCookie, privateCookieOf } from '../../app/private-cookie';
import { get } from './fake-api';

const http = (headers: Record<string, string> = {}) => new Request('http://127.0.0.1:8787/', { headers });
const read = (request: Request) => [pendingOf(request, 'reset'), keptDraft(request), keptToken(request)];
const sent = (line: string) => ({ cookie: line.split(';', 1)[0] ?? '' });

test('what a page keeps for the next is tied to this host on https, and goes without on http', () => {
	const [secure, plain] = [get('/'), http()].map((request) => privateCookie(request, 'step', 'ä; "1"', 60));

	expect(secure).toBe('__Host-step=%C3%A4%3B%20%221%22; Path=/; Max-Age=60; SameSite=Lax; HttpOnly; Secure');
	expect(plain).toBe('step=%C3%A4%3B%20%221%22; Path=/; Max-Age=60; SameSite=Lax; HttpOnly');
	expect(privateCookieOf(get('/', sent(secure ?? '')), 'step')).toBe('ä; "1"');
	expect(privateCookieOf(http(sent(plain ?? '')), 'step')).toBe('ä; "1"');
	expect(privateCookie(get('/'), 'step', null, 60)).toMatch(/^__Host-step=; Path=\/; Max-Age=0; /);
});

test('on https nothing is believed that a sibling host could have laid there', () => {
	const step = { step: 'reset', email: 'eve@example.com', next: '', sentAtMs: 0, minutes: 10 };
	const draft = { name: 'x', scopes: [], days: 7 };
	const cookie = [
		`step=${encodeURIComponent(JSON.stringify(step))}`,
		`key-draft=${encodeURIComponent(JSON.stringify(draft))}`,
		`invitation=${'a'.repeat(43)}`,
	].join('; ');

	expect(read(get('/', { cookie }))).toEqual([null, null, null]);
	expect(read(http({ cookie }))).toEqual([step, draft, 'a'.repeat(43)]);
});
