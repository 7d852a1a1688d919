import { drizzle } from 'drizzle-orm/d1';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { dental } from '../../../studios/dental';
import { collectEvidence } from '../../../workers/core/evidence/collect-evidence';
import { newId } from '../../../workers/core/ids';
import { keepLog } from '../../../workers/core/log/keep-log';
import { issueReceipts } from '../../../workers/core/receipts/issue-receipt';
import { publicKeySet } from '../../../workers/core/receipts/receipt-key';
import { createVault } from '../../../workers/core/vault/vault';
import { checkAll } from '../../../scripts/verify-receipt.mjs';
import { badgeOf } from '../../../workers/api/evidence-badge';
import { startCountingApi } from '../../budgets/counting-api';
import { testReceiptKey } from '../../support/receipt-key';

let api: Awaited<ReturnType<typeof startCountingApi>>;
let cookie: string;
let accountId: string;
const receiptKey = await testReceiptKey();
const keys = publicKeySet(receiptKey);

beforeAll(async () => {
	api = await startCountingApi();
	cookie = await api.signUp({ email: 'ada@practice.test', password: 'a long enough password', name: 'Ada' });
	accountId = (await api.d1.prepare('select account_id from memberships').first<string>('account_id')) ?? '';
}, 60_000);
afterAll(() => api.close());

function deps() {
	// The api's own bucket, which is one as far as a vault asks.
	const bucket = api.env.VAULT as unknown as R2Bucket;
	const vault = createVault(bucket, { current: api.env.VAULT_KEY, before: null });
	return {
		db: drizzle(api.d1),
		now: () => new Date(),
		studio: dental,
		receiptKey,
		publishedKeys: [receiptKey.publicKey],
		vault,
	};
}

async function givenReceipts(owner: string, times: number): Promise<string[]> {
	const at = new Date().toISOString();
	const orders = Array.from({ length: times }, () => ({
		receiptId: newId('receipt'),
		accountId: owner,
		facts: {
			kind: 'asset_deleted' as const,
			objectId: newId('asset'),
			deleted: [{ what: 'video', count: 1 }],
			places: [{ name: 'Our private store', state: 'deleted' as const, checkedAt: at }],
			kept: [],
			reason: 'requested' as const,
			dueAt: null,
			deletedAt: at,
		},
		alongside: [],
	}));
	await issueReceipts(deps(), orders);
	return orders.map(({ receiptId }) => receiptId);
}

async function read(path: string, headers: Record<string, string> = {}) {
	const answer = await api.fetch(path, { headers });
	return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) };
}

test('before the first head the log has none to show, and a receipt no proof', async () => {
	expect(await read('/.well-known/afterglow-log.json')).toMatchObject({
		status: 404,
		body: { error: { code: 'not_found' } },
	});
	const [id = ''] = await givenReceipts(accountId, 1);
	expect((await read(`/v1/receipts/${id}/proof`, { cookie })).body).toEqual({ state: 'pending' });
	expect((await read(`/v1/receipts/${id}`, { cookie })).body).toMatchObject({ state: 'issued', id, proof: null });
});

test('receipt, heads and their continuation, as they are served, satisfy the offline check', async () => {
	await keepLog(deps());
	const oldHead = (await read('/.well-known/afterglow-log.json')).body;
	const [id = ''] = await givenReceipts(accountId, 3);
	await givenReceipts('acc_other', 2);
	await keepLog(deps());
	const newest = await read('/.well-known/afterglow-log.json');
	expect(newest.headers.get('cache-control')).toBe('public, max-age=30');
	const head = newest.body;
	const receipt = (await read(`/v1/receipts/${id}`, { cookie })).body;
	const between = await read(`/v1/log/consistency?from=${oldHead.treeSize}&to=${head.treeSize}`);
	expect(between.headers.get('cache-control')).toBe('private, no-store');

	const said = checkAll({ receipt, head, oldHead, proofs: [between.body] }, keys);
	expect(said.at(-1)).toMatch(/^Valid: the log of 6 receipts.*continues the log of 1 receipts/);
	expect((await read(`/v1/log/heads/${oldHead.treeSize}`)).body).toEqual(oldHead);
	expect((await read(`/v1/receipts/${id}/proof`, { cookie })).body).toEqual({
		state: 'included',
		proof: receipt.proof,
	});
});

test('a receipt with its proof takes three statements, whoever signs in included', async () => {
	const [id = ''] = await givenReceipts(accountId, 1);
	await keepLog(deps());
	const asked = await api.counted(async () => {
		expect((await read(`/v1/receipts/${id}`, { cookie })).body).toMatchObject({ state: 'issued' });
	});
	expect(asked.statements).toBeLessThanOrEqual(3);
});

test('somebody else’s receipt has no proof to be seen, and nobody’s without a session', async () => {
	const [id = ''] = await givenReceipts('acc_other', 1);
	await keepLog(deps());
	const never = await read(`/v1/receipts/${newId('receipt')}/proof`, { cookie });
	const others = await read(`/v1/receipts/${id}/proof`, { cookie });
	expect([others.status, others.body]).toEqual([404, never.body]);
	expect((await read(`/v1/receipts/${id}/proof`)).status).toBe(401);
});

test.each([
	['/v1/log/heads/2', 404],
	['/v1/log/heads/0', 404],
	['/v1/log/heads/1e1', 404],
	['/v1/log/heads/99999999999999999999', 404],
	['/v1/log/consistency?from=6&to=1', 400],
	['/v1/log/consistency?from=1&to=5', 404],
	['/v1/log/consistency?from=-1&to=5', 400],
	['/v1/log/consistency?from=0&to=6', 400],
	['/v1/log/consistency', 400],
])('%s is refused with %i', async (path, status) => {
	expect(await read(path)).toMatchObject({ status, body: { error: { message: expect.any(String) } } });
});

test('who asks for proofs without end is told to wait', async () => {
	const network = { 'cf-connecting-ip': '203.0.113.9' };
	expect((await read('/v1/log/heads/1', network)).status).toBe(200);
	await api.d1.prepare('update rate_windows set count = max').run();
	const refused = await read('/v1/log/heads/1', network);
	expect(refused).toMatchObject({ status: 429, body: { error: { code: 'too_many_requests' } } });
	expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
	expect((await read('/v1/log/heads/1', { 'cf-connecting-ip': '198.51.100.9' })).status).toBe(200);
	await api.d1.prepare('delete from rate_windows').run();
});

test('the evidence is for everybody, in one round trip, and a minute may be kept', async () => {
	expect((await read('/v1/evidence')).body).toMatchObject({ measuredAt: null, classes: [] });
	expect(await (await api.fetch('/evidence/badge.svg')).text()).toContain('not measured');
	await collectEvidence(deps(), { dueMs: Date.now() });
	const asked = await api.counted(async () => {
		const answer = await read('/v1/evidence');
		expect(answer.headers.get('cache-control')).toBe('public, max-age=60');
		expect(answer.body).toMatchObject({ receipts: 8, measuredAt: expect.any(String) });
		expect(JSON.stringify(answer.body)).not.toContain(accountId);
	});
	expect(asked).toEqual({ statements: 3, batches: 1 });
	expect((await read('/evidence.json')).body).toMatchObject({
		studio: 'dental',
		receipts: 8,
		log: { state: 'continues', keptSize: 8, left: [] },
	});
});

test('the badge says what is late, and never 0 for what was not measured', async () => {
	const badge = async () => {
		const answer = await api.fetch('/evidence/badge.svg');
		expect(answer.headers.get('content-type')).toContain('image/svg+xml');
		expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
		return /aria-label="([^"]*)"/.exec(await answer.text())?.[1];
	};
	expect(await badge()).toBe('deletion: 0 late');
	await api.d1.prepare("update evidence_points set late = 2 where data_class = 'source'").run();
	expect(await badge()).toBe('deletion: 2 late');
	const kept = await (await api.env.VAULT.get('heads/newest'))?.text();
	await api.env.VAULT.put('heads/newest', kept?.replace('"treeSize":8', '"treeSize":9') ?? '');
	expect(await badge()).toBe('deletion: log head forged, 2 late');
	await api.env.VAULT.put('heads/newest', 'no head');
	expect(await badge()).toBe('deletion: 2 late');
	await api.d1.prepare('update evidence_points set late = 0').run();
	expect(await badge()).toBe('deletion: log not checked');
	await api.env.VAULT.put('heads/newest', kept ?? '');
	await api.d1.prepare('update evidence_points set at_ms = at_ms - 3 * 3600000').run();
	expect(await badge()).toBe('deletion: not measured');
});

test.each([
	['continues', 0, 0, '0 late', 'kept'],
	['continues', 3, 0, '3 late', 'broken'],
	['continues', 0, 3, 'not measured', 'unknown'],
	['forked', 0, 0, 'log forked', 'broken'],
	['forked', 2, 0, 'log forked, 2 late', 'broken'],
	['forked', 2, 3, 'log forked, not measured', 'broken'],
	['forged', 0, 0, 'log head forged', 'broken'],
	['unknown', 0, 0, 'log not checked', 'unknown'],
	['unknown', 1, 0, '1 late', 'broken'],
	['unknown', 0, 3, 'not measured', 'unknown'],
] as const)(
	'a log that is %s with %i late, measured %i hours ago, is said as "%s"',
	(state, late, hours, words, kind) => {
		const row = { promiseMs: null, held: 9, oldestAgeMs: null, late };
		const classes = ['source', 'erasure_p95'].map((dataClass) => ({ ...row, dataClass }));
		const evidence = { measuredAt: new Date(0).toISOString(), classes, log: { state } };
		expect(badgeOf(evidence, hours * 3_600_000)).toEqual({ words, state: kind });
	},
);

test('a key that was replaced stays published beside the one that signs now', async () => {
	const before = 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=';
	const answer = await api.fetch('/.well-known/afterglow-keys.json');
	expect(await answer.json()).toEqual(keys);
	Object.assign(api.env, { RECEIPT_PUBLIC_KEYS_BEFORE: before });
	const { keys: published } = JSON.parse(await (await api.fetch('/.well-known/afterglow-keys.json')).text());
	expect(published.map(({ x }: { x: string }) => x)).toEqual([
		receiptKey.publicKey,
		'Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE',
	]);
});
