// An order's round trips are counted beside its other tests (test/core/renders).

import { afterAll, beforeAll, expect, test } from 'vitest';

import { NO_TRACKERS } from '../../app/measure/tracker-config';
import { loader as homeLoader } from '../../app/routes/smiles._index';
import { loader as rootLoader } from '../../app/root';
import { signAttempt } from '../../workers/core/renders/attempt-token';
import { startCountingApi } from './counting-api';

let api: Awaited<ReturnType<typeof startCountingApi>>;
let cookie: string;
beforeAll(async () => {
	api = await startCountingApi();
	cookie = await api.signUp({ email: 'ada@practice.test', password: 'a long enough password', name: 'Ada' });
});
afterAll(() => api.close());

function request(): Request {
	return new Request('https://app.test/smiles', { headers: { cookie } });
}

test('a signed-in home page asks D1 three statements at most, root and page together', async () => {
	const context = { studio: 'dental' as const, mediaOrigin: 'https://media.test', trackers: NO_TRACKERS, api };

	const asked = await api.counted(async () => {
		const [root, home] = await Promise.all([
			rootLoader({ request: request(), context, params: {} }),
			homeLoader({ request: request(), context, params: {} }),
		]);
		expect(root.session).toMatchObject({ signedIn: true, credits: { available: 60 } });
		expect(home.items).toEqual([]);
	});

	expect(asked.batches).toBe(0);
	expect(asked.statements).toBeLessThanOrEqual(3);
});

/** An attempt that waits for its processor, of an order of Ada's; answers its id. */
async function givenAttempt(): Promise<string> {
	const renderId = 'rnd_00000000000000000000000001';
	const attemptId = `${renderId}.after_image.1`;
	await api.d1.batch([
		api.d1
			.prepare(
				`insert into renders (id, account_id, requested_by, tool, input, state, credits_held, created_at_ms, deadline_at_ms)
				select ?, account_id, user_id, 'smile.video', '{}', 'running', 0, 1, 2 from memberships`,
			)
			.bind(renderId),
		api.d1
			.prepare(
				`insert into attempts (id, render_id, stage, number, state, processor, endpoint, created_at_ms, deadline_at_ms)
				values (?, ?, 'after_image', 1, 'submitted', 'fal', 'fal-ai/nano-banana-2/edit', 1, 2)`,
			)
			.bind(attemptId, renderId),
	]);
	return attemptId;
}

test('a webhook is recorded with one statement and told to the queue', async () => {
	const attemptId = await givenAttempt();
	const token = await signAttempt(api.tokenKey, attemptId);
	const requestId = crypto.randomUUID();
	const body = JSON.stringify({ request_id: requestId, gateway_request_id: requestId, status: 'OK', payload: {} });
	const signed = api.falKey.headers({
		requestId,
		body,
		timestampSeconds: Math.floor(Date.now() / 1000),
		genuine: true,
	});

	const asked = await api.counted(async () => {
		const answer = await api.fetch(`/webhooks/fal/${encodeURIComponent(token)}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...signed },
			body,
		});
		expect([answer.status, await answer.json()]).toEqual([200, { ok: true }]);
	});

	expect(asked).toEqual({ statements: 1, batches: 0 });
	const { results } = await api.d1.prepare('SELECT attempt_id FROM webhook_events').all();
	expect(results).toEqual([{ attempt_id: attemptId }]);
	// Before it stands the mail of the sign-up.
	expect(api.queued.slice(1)).toEqual([{ type: 'attempt.notified', attemptId }]);
});

test('a page for a visitor without a session asks D1 nothing', async () => {
	const context = { studio: 'dental' as const, mediaOrigin: 'https://media.test', trackers: NO_TRACKERS, api };
	const asked = await api.counted(() => rootLoader({ request: new Request('https://app.test/'), context, params: {} }));
	expect(asked).toEqual({ statements: 0, batches: 0 });
});
