import { drizzle } from 'drizzle-orm/d1';
import { generateSignedCookie } from 'hono/cookie';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

import { RATES } from '../../../studios/studio';
import { LedgerAnswer } from '../../../workers/api/contract/operations';
import api from '../../../workers/api/index';
import { sessionCookieName } from '../../../workers/core/accounts/create-auth';
import type { Actor } from '../../../workers/core/actor';
import { startCountingApi } from '../../budgets/counting-api';
import { balanceOf, givenAccount } from '../../support/given';
import { takeConsoleErrors } from '../../support/unexpected-errors';

const ORIGIN = 'https://app.test';
const OPERATOR_KEY = 'an operator key of the tests, 32 characters or more';

let world: Awaited<ReturnType<typeof startCountingApi>>;
let owner: Actor;
beforeAll(async () => {
	world = await startCountingApi();
}, 60_000);
afterAll(() => world.close());
beforeEach(async () => {
	owner = await givenAccount({ db: drizzle(world.d1), now: () => new Date() });
});

type Env = Record<string, unknown>;

async function send(
	method: string,
	path: string,
	{ headers = {}, body, env = {} }: { headers?: Record<string, string>; body?: unknown; env?: Env } = {},
): Promise<Response> {
	const init = {
		method,
		headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	};
	return api.request(`${ORIGIN}${path}`, init, { ...world.env, OPERATOR_KEY, ...env });
}

const asOperator = { authorization: `Bearer ${OPERATOR_KEY}` };

async function cookieOf({ via }: Actor): Promise<string> {
	const token = via.kind === 'session' ? `token of ${via.sessionId}` : '';
	const options = { path: '/', secure: true };
	const set = await generateSignedCookie(sessionCookieName(ORIGIN), token, world.env.AUTH_SECRET, options);
	return set.split(';', 1)[0] ?? '';
}

async function told(answer: Response) {
	return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
}

const ROUTES = [
	['POST', '/v1/operations/grant', {}],
	['POST', '/v1/operations/refund', {}],
	['GET', '/v1/operations/ledger/{id}', undefined],
	['POST', '/v1/operations/audit', undefined],
	['POST', '/v1/operations/reconcile', {}],
	['GET', '/v1/operations/reconciliations/{id}', undefined],
	['POST', '/v1/operations/prepare-stripe', {}],
	['POST', '/v1/operations/holds', {}],
	['GET', '/v1/operations/holds', undefined],
	['POST', '/v1/operations/holds/release', {}],
	['POST', '/v1/operations/staff-access', {}],
	['GET', '/v1/operations/staff-access/{id}', undefined],
	['POST', '/v1/operations/disclosures', {}],
	['GET', '/v1/operations/tickets', undefined],
	['GET', '/v1/operations/tickets/{id}', undefined],
	['POST', '/v1/operations/tickets/{id}/reply', {}],
	['POST', '/v1/operations/tickets/{id}/close', {}],
	['POST', '/v1/operations/tickets/erase', {}],
	['GET', '/v1/operations/rights', undefined],
	['GET', '/v1/operations/rights/{id}', undefined],
	['POST', '/v1/operations/rights/answer', {}],
	['POST', '/v1/operations/rights/refuse', {}],
	['POST', '/v1/operations/rights/extend', {}],
	['POST', '/v1/operations/announcements/step', {}],
	['POST', '/v1/operations/announcements/preview', {}],
	['GET', '/v1/operations/suppressions', undefined],
	['POST', '/v1/operations/suppressions/find', {}],
	['POST', '/v1/operations/suppressions/lift', {}],
	['POST', '/v1/operations/incidents', {}],
	['GET', '/v1/operations/incidents', undefined],
	['GET', '/v1/operations/incidents/{id}', undefined],
	['POST', '/v1/operations/incidents/{id}/words', {}],
	['GET', '/v1/operations/incidents/{id}/affected', undefined],
	['POST', '/v1/operations/incidents/{id}/tell', {}],
	['POST', '/v1/operations/incidents/{id}/reported', {}],
	['POST', '/v1/operations/incidents/{id}/close', {}],
	['POST', '/v1/operations/rotate-vault', { cursor: null }],
	['POST', '/v1/operations/seal-earlier', undefined],
	['POST', '/v1/operations/replay-erasures', { cursor: null }],
] as const;

test('whoever has not the key learns what an address that is not there tells, to the letter', async () => {
	const cookie = await cookieOf(owner);
	const strangers: [Record<string, string>, Env][] = [
		[{}, {}],
		[{ cookie }, {}],
		[{ authorization: 'Bearer' }, {}],
		[{ authorization: `Bearer ${OPERATOR_KEY.slice(0, -1)}` }, {}],
		[{ authorization: `Bearer ${OPERATOR_KEY}x`, cookie }, {}],
		[{ authorization: `Basic ${btoa(`operator:${OPERATOR_KEY}`)}` }, {}],
		[asOperator, { OPERATOR_KEY: undefined }],
		[asOperator, { OPERATOR_KEY: 'another operator key of 32 characters' }],
	];
	for (const [method, template, body] of ROUTES) {
		const path = template.replace('{id}', 'thing');
		for (const [headers, env] of strangers) {
			const nowhere = await told(await send(method, '/v1/operation', { headers, body, env }));
			expect(nowhere.status).toBe(404);
			expect([path, headers, await told(await send(method, path, { headers, body, env }))]).toEqual([
				path,
				headers,
				nowhere,
			]);
		}
	}
});

function countedAudit(headers: Record<string, string>) {
	return world.counted(() => send('POST', '/v1/operations/audit', { headers }));
}

test('a stranger without a key costs the database nothing, and one with a wrong key one count', async () => {
	const network = { 'cf-connecting-ip': '203.0.113.7' };
	expect(await countedAudit({ ...network, cookie: await cookieOf(owner) })).toEqual({ statements: 0, batches: 0 });
	expect(await countedAudit({ ...network, authorization: 'Bearer wrong' })).toEqual({ statements: 1, batches: 0 });
	expect(await countedAudit({ authorization: 'Bearer wrong' })).toEqual({ statements: 0, batches: 0 });
});

/** A read by somebody at this address. */
function from(address: string, authorization: string, env: Env = {}): Promise<Response> {
	const headers = { 'cf-connecting-ip': address, authorization };
	return send('GET', `/v1/operations/ledger/${owner.accountId}`, { headers, env });
}

test('too many tries of a network close operations to it, the right key included, until the window ends', async () => {
	const { max, minutes } = RATES.operate.network;
	for (let tries = 0; tries < max; tries += 50) {
		await Promise.all(Array.from({ length: 50 }, () => from('198.51.100.1', 'Bearer wrong')));
	}
	const closed = await from('198.51.100.99', asOperator.authorization);
	expect(closed.status).toBe(404);
	expect(closed.headers.get('retry-after')).toBeNull();
	expect((await from('192.0.2.1', asOperator.authorization)).status).toBe(200);
	const later = { CLOCK_OFFSET_SECONDS: String(minutes * 60) };
	expect((await from('198.51.100.1', asOperator.authorization, later)).status).toBe(200);
});

test('the key acts as the operator, whoever’s cookie lies beside it', async () => {
	const body = { accountId: owner.accountId, credits: 50, reason: 'A green video', key: `k-${owner.accountId}` };
	const headers = { ...asOperator, cookie: await cookieOf(owner) };
	const granted = await send('POST', '/v1/operations/grant', { headers, body });
	expect([granted.status, await granted.json()]).toEqual([
		200,
		{ accountId: owner.accountId, entryId: `grant:operator:${body.key}`, credits: 50, isNew: true },
	]);
	expect(await balanceOf({ db: drizzle(world.d1) }, owner.accountId)).toEqual({ posted: 110, held: 0 });
	const { results } = await world.d1
		.prepare('select user_id, key_id, action from audit_entries where account_id = ?')
		.bind(owner.accountId)
		.all();
	expect(results).toEqual([{ user_id: 'operator', key_id: null, action: 'credits.granted' }]);
});

const Refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

test.each([
	['grant', { credits: 0, accountId: 'acc_1', reason: 'Why', key: 'key' }, /^credits: /],
	['grant', { credits: 100_001, accountId: 'acc_1', reason: 'Why', key: 'key' }, /^credits: /],
	['grant', { credits: 1.5, accountId: 'acc_1', reason: 'Why', key: 'key' }, /^credits: /],
	['grant', { credits: 1, accountId: 'acc_1', key: 'key' }, /^reason: Say why/],
	['grant', { credits: 1, accountId: 'acc_1', reason: '  ', key: 'key' }, /^reason: Say why/],
	['grant', { credits: 1, accountId: 'acc_1', reason: 'Why', key: 'a b' }, /^key: /],
	['refund', { kind: 'payment', payment: 'cus_1', reason: 'Why', key: 'key' }, /^payment: /],
	['refund', { kind: 'payment', payment: 'pi_1', cents: 0, reason: 'Why', key: 'key' }, /^cents: /],
	['refund', { kind: 'render', render: 'rnd_1' }, /^reason: Say why/],
	['refund', { kind: 'account', reason: 'Why' }, /^kind: /],
	['reconcile', { key: 'key' }, /^reason: Say why/],
	['prepare-stripe', {}, /^reason: Say why/],
])('%s of %j is refused with a sentence', async (command, body, sentence) => {
	const answer = await send('POST', `/v1/operations/${command}`, { headers: asOperator, body });
	const { error } = Refusal.parse(await answer.json());
	expect([answer.status, error.code]).toEqual([400, 'invalid_input']);
	expect(error.message).toMatch(sentence);
});

test('a ledger has the shape that the document promises', async () => {
	const answer = await send('GET', `/v1/operations/ledger/${owner.accountId}?limit=1`, { headers: asOperator });
	expect(LedgerAnswer.parse(await answer.json())).toMatchObject({
		balance: { available: 60 },
		chain: { state: 'verified' },
	});
	const none = await send('GET', '/v1/operations/ledger/acc_none', { headers: asOperator });
	expect(Refusal.parse(await none.json()).error.message).toBe('There is no such account, or it is not yours.');
});

test('a key that could be guessed stops the api, by name and without its value', async () => {
	const answer = await send('GET', '/healthz', { env: { OPERATOR_KEY: 'short' } });
	expect(answer.status).toBe(500);
	const line = takeConsoleErrors().join('\n');
	expect(line).toContain('OPERATOR_KEY');
	expect(line).not.toContain('short');
});

test('the document says whom operations are for, and the page for developers leaves them out', async () => {
	const Document = z.object({
		paths: z.record(z.string(), z.record(z.string(), z.object({ 'x-access': z.string() }))),
	});
	const { paths } = Document.parse(await (await send('GET', '/openapi.json')).json());
	const operations = Object.entries(paths).filter(([path]) => path.startsWith('/v1/operations'));
	const documented = operations.flatMap(([path, methods]) =>
		Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
	);
	expect(new Set(documented)).toEqual(new Set(ROUTES.map(([method, path]) => `${method} ${path}`)));
	for (const [, methods] of operations) {
		for (const operation of Object.values(methods)) expect(operation['x-access']).toBe('operator');
	}
	expect(await (await send('GET', '/docs')).text()).not.toMatch(/operations\/|GrantOrder|OPERATOR/);
});

test('the ledger is downloaded as a file, its usage is asked for days, and neither is anybody else’s', async () => {
	const headers = { cookie: await cookieOf(owner), origin: ORIGIN };
	const file = await send('GET', '/v1/credits/entries.csv', { headers });
	expect(file.status).toBe(200);
	expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
	expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="credits-\d{4}-\d{2}-\d{2}\.csv"$/);
	expect((await file.text()).split('\r\n')).toEqual([
		'seq,id,at,kind,credits,balance,posted,held,owed,work,purchase,cause,ends,hash',
		expect.stringMatching(new RegExp(`^1,grant:welcome:${owner.accountId},`)),
		'',
	]);
	for (const path of ['/v1/credits/usage', '/v1/credits/usage/members']) {
		expect((await send('GET', path, { headers })).status).toBe(200);
		expect((await send('GET', `${path}?days=90`, { headers })).status).toBe(200);
		for (const days of ['0', '91', '1.5', 'x']) {
			expect((await send('GET', `${path}?days=${days}`, { headers })).status).toBe(400);
		}
		expect((await send('GET', path)).status).toBe(401);
	}
	expect((await send('GET', '/v1/credits/entries.csv')).status).toBe(401);
});

test('a file of many pages comes whole, and a ledger that cannot be read on breaks the transfer off', async () => {
	const rows = Array.from({ length: 1200 }, (_, index) => index + 2);
	for (let at = 0; at < rows.length; at += 100) {
		await world.d1.batch(
			rows.slice(at, at + 100).map((seq) =>
				world.d1
					.prepare(
						`insert into credit_entries (id, account_id, seq, kind, amount, posted, held, owed, balance, created_at_ms)
						values (?, ?, ?, 'thaw', 1, 0, 0, 0, 60, 1)`,
					)
					.bind(`thaw:dp_${seq}${owner.accountId}`, owner.accountId, seq),
			),
		);
	}
	const headers = { cookie: await cookieOf(owner), origin: ORIGIN };
	const lines = (await (await send('GET', '/v1/credits/entries.csv', { headers })).text()).trimEnd().split('\r\n');
	expect(lines.slice(1).map((line) => Number(line.split(',')[0]))).toEqual([1, ...rows]);

	const broken = await send('GET', '/v1/credits/entries.csv', { headers });
	const reader = broken.body!.getReader();
	await reader.read();
	world.failD1('D1_ERROR: it is gone');
	await expect(
		reader
			.read()
			.then(() => reader.read())
			.then(() => reader.read()),
	).rejects.toThrow(/Failed query/);
	world.failD1(null);
	expect(takeConsoleErrors().join('\n')).toContain('unhandled_error');
});

test('an order above its own limit is refused with both figures', async () => {
	const headers = { cookie: await cookieOf(owner), origin: ORIGIN, 'idempotency-key': 'limit' };
	const input = { uploadId: 'upl_1', treatment: 'whitening', fromShade: 'A3', toShade: 'A1' };
	for (const path of ['/v1/quotes', '/v1/renders']) {
		const answer = await send('POST', path, { headers, body: { tool: 'smile.video', input, creditsMax: 20 } });
		expect(answer.status).toBe(409);
		expect(await answer.json()).toMatchObject({
			error: { code: 'price_above_limit', details: { credits: 24, creditsMax: 20 } },
		});
		const wrong = await send('POST', path, { headers, body: { tool: 'smile.video', input, creditsMax: 0 } });
		expect(wrong.status).toBe(400);
	}
});
