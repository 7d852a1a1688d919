import { drizzle } from 'drizzle-orm/d1';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { rateWindows } from '../../../schema/limits';
import { verifications } from '../../../schema/users';
import { newSecret, keepOnce } from '../../../workers/core/accounts/one-time';
import { startCountingApi } from '../../budgets/counting-api';

let api: Awaited<ReturnType<typeof startCountingApi>>;
beforeAll(async () => {
	api = await startCountingApi();
}, 60_000);
afterAll(() => api.close());

const db = () => drizzle(api.d1);
beforeEach(async () => {
	await db().delete(rateWindows);
	await db().delete(verifications);
});

const FORM = 'application/x-www-form-urlencoded';
const USER = JSON.stringify({ name: { firstName: 'Ada', lastName: 'Byron' } });

function postAsApple(type: string | null, body: string | null): Promise<Response> {
	return api.fetch('/api/auth/callback/apple', {
		method: 'POST',
		redirect: 'manual',
		headers: {
			origin: 'https://appleid.apple.com',
			'cf-connecting-ip': '192.0.2.7',
			...(type === null ? {} : { 'content-type': type }),
		},
		...(body === null ? {} : { body }),
	});
}

async function givenVisit(): Promise<string> {
	const state = newSecret();
	await keepOnce({ db: db() }, { kind: 'provider', secret: state, value: { provider: 'apple' }, minutes: 10 });
	return state;
}

async function kept(): Promise<string> {
	return JSON.stringify(await db().select().from(verifications));
}

test.each([
	['nothing', null, null],
	['a form of parts without a boundary', 'multipart/form-data', 'x'],
	['a form of parts without a body', 'multipart/form-data; boundary=a', null],
	['a form of parts that is broken', 'multipart/form-data; boundary=a', 'x'],
	['JSON', 'application/json', '{"state":"a"}'],
	['an empty form', FORM, ''],
	['a form with odd names', FORM, '__proto__=1&state=a&state=b&user=%7B'],
])('%s in the place of Apple’s answer is a visit that nobody began', async (_, type, body) => {
	const answer = await postAsApple(type, body);

	expect(answer.status).toBe(303);
	expect(answer.headers.get('location')).toMatch(/^\/api\/auth\/callback\/apple\?state=[ab]?$/);
	expect(await kept()).toBe('[]');
});

test('Apple’s answer goes on without the name, which is kept with its visit', async () => {
	const state = await givenVisit();
	const answer = await postAsApple(FORM, new URLSearchParams({ state, code: 'c', user: USER }).toString());

	expect(answer.headers.get('location')).toBe(`/api/auth/callback/apple?state=${state}&code=c`);
	expect(await kept()).toContain('Ada Byron');
});

test('past a network’s limit no name is kept, and the answer goes on all the same', async () => {
	const body = new URLSearchParams({ state: newSecret(), user: USER }).toString();
	expect((await postAsApple(FORM, body)).status).toBe(303);
	await api.d1.prepare('UPDATE rate_windows SET count = max').run();
	const state = await givenVisit();
	const answer = await postAsApple(FORM, new URLSearchParams({ state, code: 'c', user: USER }).toString());

	expect(answer.headers.get('location')).toBe(`/api/auth/callback/apple?state=${state}&code=c`);
	expect(await kept()).not.toContain('Ada');
});
