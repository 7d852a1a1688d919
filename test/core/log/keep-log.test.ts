import { env } from 'cloudflare:workers';
import { asc, count, eq, gt, sql } from 'drizzle-orm';
import { beforeEach, expect, test, vi } from 'vitest';

import { logHeads, logNodes } from '../../../schema/log';
import { receipts } from '../../../schema/receipts';
import { FILLED_AT_ONCE, keepLog } from '../../../workers/core/log/keep-log';
import { selectLogState } from '../../../workers/core/log/kept-head';
import { fromHeadRow, signHead, SignedHead } from '../../../workers/core/log/log-head';
import { isIncluded, leafHash } from '../../../workers/core/log/merkle';
import { readLogStanding } from '../../../workers/core/log/read-standing';
import { readConsistency, readHead, readNewestHead } from '../../../workers/core/log/read-head';
import { readProof } from '../../../workers/core/log/read-proof';
import { newId } from '../../../workers/core/ids';
import { issueReceipts } from '../../../workers/core/receipts/issue-receipt';
import { canonicalJson } from '../../../workers/core/receipts/canonical-json';
import { fromBase64, importReceiptKey } from '../../../workers/core/receipts/receipt-key';
import { countD1 } from '../../support/counting-d1';
import { freshDeps, type TestDeps } from '../../support/deps';
import { CONNECTION_LOST, faultyD1, firstWrites } from '../../support/faulty-d1';
import { givenReceipt, sourceDeleted } from '../../support/given-receipt';
import { givenEmptyLog } from '../../support/given-empty-log';
import { testReceiptKey } from '../../support/receipt-key';
import { naiveRoot } from './naive-tree';

const receiptKey = await testReceiptKey();

/* The log is one for the whole database, so here each test starts with an empty one. */
beforeEach(() => givenEmptyLog(freshDeps()));

/** The rows of the first `size` receipts alone, as a restore of the database leaves them. */
async function restoredTo(deps: TestDeps, size: number): Promise<void> {
	await deps.db.batch([
		deps.db.delete(logHeads).where(gt(logHeads.treeSize, size)),
		deps.db.delete(receipts).where(gt(receipts.seq, size)),
		deps.db.delete(logNodes).where(gt(sql`(${logNodes.position} + 1) << ${logNodes.level}`, size)),
	]);
}

async function standingOf(deps: TestDeps) {
	const [state] = await selectLogState(deps.db);
	return readLogStanding(deps, state);
}

async function keptText(): Promise<string | null> {
	return (await (await env.VAULT.get('heads/newest'))?.text()) ?? null;
}

function world(d1?: D1Database) {
	return { ...freshDeps(d1 === undefined ? {} : { d1 }), receiptKey };
}

async function givenReceipts(deps: TestDeps, times: number) {
	for (let left = times; left > 0; left -= 40) {
		const orders = Array.from({ length: Math.min(left, 40) }, () => ({
			receiptId: newId('receipt'),
			accountId: 'acc_log',
			facts: sourceDeleted(),
			alongside: [],
		}));
		await issueReceipts({ ...deps, receiptKey }, orders);
	}
}

async function bodies({ db }: TestDeps): Promise<string[]> {
	const rows = await db.select({ body: receipts.body }).from(receipts).orderBy(asc(receipts.seq));
	return rows.map(({ body }) => body);
}

test('the nodes of a receipt are written with it, and the signed root is the one of all receipts', async () => {
	const deps = world();
	await givenReceipt(deps, 'acc_log');
	await givenReceipts(deps, 10);

	expect(await keepLog(deps)).toEqual({ filled: 0, signedSize: 11 });

	const head = await readNewestHead(deps);
	expect(head).toMatchObject({ version: 'afterglow-head/1', treeSize: 11, rootHash: naiveRoot(await bodies(deps)) });
	expect(SignedHead.parse(head)).toEqual(head);
	// 11 leaves, and 5 + 2 + 1 subtrees above them.
	expect(await deps.db.select({ n: count() }).from(logNodes)).toEqual([{ n: 19 }]);
});

test('a head is signed with the receipt key over everything in it but the signature', async () => {
	const deps = world();
	await givenReceipts(deps, 3);
	await keepLog(deps);
	const { signature, ...head } = await readNewestHead(deps);
	const key = await crypto.subtle.importKey('raw', fromBase64(receiptKey.publicKey), 'Ed25519', false, ['verify']);
	const bytes = new TextEncoder().encode(canonicalJson(head));
	expect(await crypto.subtle.verify('Ed25519', key, fromBase64(signature), bytes)).toBe(true);
	const changed = new TextEncoder().encode(canonicalJson({ ...head, treeSize: 2 }));
	expect(await crypto.subtle.verify('Ed25519', key, fromBase64(signature), changed)).toBe(false);
});

test('a log that did not grow is not signed again, which takes one statement', async () => {
	const deps = world();
	await givenReceipts(deps, 5);
	await keepLog(deps);
	const { db: d1, count: asked } = countD1(deps.d1);

	expect(await keepLog(world(d1))).toEqual({ filled: 0, signedSize: null });

	expect(asked).toEqual({ statements: 1, batches: 0 });
	expect(await deps.db.select({ n: count() }).from(logHeads)).toEqual([{ n: 1 }]);
});

test('receipts from before the log are taken up in steps, and those signed meanwhile with them', async () => {
	const deps = world();
	const before = FILLED_AT_ONCE + 30;
	await givenReceipts(deps, before);
	await deps.db.delete(logNodes);
	const { db: d1, count: asked } = countD1(deps.d1);

	expect(await keepLog(world(d1))).toEqual({ filled: FILLED_AT_ONCE, signedSize: FILLED_AT_ONCE });
	expect(asked.statements).toBeLessThanOrEqual(7);
	await givenReceipts(deps, 2);
	// It came while the log was behind, so it has no node of its own yet.
	expect(await deps.db.select().from(logNodes).where(gt(logNodes.position, before))).toEqual([]);
	expect(await keepLog(deps)).toEqual({ filled: 32, signedSize: before + 2 });
	await givenReceipts(deps, 1);
	expect(await keepLog(deps)).toEqual({ filled: 0, signedSize: before + 3 });

	expect((await readNewestHead(deps)).rootHash).toBe(naiveRoot(await bodies(deps)));
});

test('two sweeps that take up the same receipts leave what one leaves', async () => {
	const deps = world();
	await givenReceipts(deps, 20);
	await deps.db.delete(logNodes);
	await Promise.all([keepLog(deps), keepLog(world())]);
	expect(await deps.db.select({ n: count() }).from(logHeads)).toEqual([{ n: 1 }]);
	expect((await readNewestHead(deps)).rootHash).toBe(naiveRoot(await bodies(deps)));
});

test('receipts issued beside each other get one place each, and the log stays whole', async () => {
	const deps = world();
	await Promise.all(Array.from({ length: 6 }, () => givenReceipt(deps, 'acc_log')));
	await keepLog(deps);
	expect(await readNewestHead(deps)).toMatchObject({ treeSize: 6, rootHash: naiveRoot(await bodies(deps)) });
});

test('a reply that is lost after the receipt was written leaves it in the log once', async () => {
	const { d1 } = freshDeps();
	const deps = world(faultyD1(d1, firstWrites('after'), CONNECTION_LOST).db);
	await givenReceipt(deps, 'acc_log');
	expect(await deps.db.select({ n: count() }).from(logNodes)).toEqual([{ n: 1 }]);
});

test('a log that does not continue the last signed head is not signed, and said', async () => {
	const deps = world();
	await givenReceipts(deps, 5);
	await keepLog(deps);
	await givenReceipts(deps, 1);
	await deps.db
		.update(logNodes)
		.set({ hash: leafHash('rewritten') })
		.where(eq(logNodes.level, 2));

	expect(await keepLog(deps)).toEqual({ filled: 0, signedSize: null });

	expect((await readNewestHead(deps)).treeSize).toBe(5);
});

test('each receipt has a proof under the newest head, and the newest one when a head covers it', async () => {
	const deps = world();
	await givenReceipts(deps, 7);
	const late = await givenReceipt(deps, 'acc_log');
	await keepLog(deps);
	await givenReceipt(deps, 'acc_log');
	const rows = await deps.db.select().from(receipts).orderBy(asc(receipts.seq));
	for (const { id, seq, body } of rows.slice(0, 8)) {
		const proof = await readProof(deps, { receiptId: id });
		expect(proof).toMatchObject({ leafIndex: seq - 1, head: { treeSize: 8 } });
		const place = { index: seq - 1, size: 8, root: proof?.head.rootHash ?? '', proof: proof?.hashes ?? [] };
		expect(isIncluded(leafHash(body), place)).toBe(true);
	}
	expect(await readProof(deps, { receiptId: rows[8]?.id ?? '' })).toBeNull();
	expect(await readProof(deps, { receiptId: 'rct_nowhere' })).toBeNull();
	const { receiptId } = late.body;
	expect(await readProof(deps, { receiptId, accountId: 'acc_log' })).not.toBeNull();
	expect(await readProof(deps, { receiptId, accountId: 'acc_other' })).toBeNull();
});

test('a receipt whose stored text is not what the log holds has no proof', async () => {
	const deps = world();
	await givenReceipts(deps, 3);
	await keepLog(deps);
	const [row] = await deps.db.select().from(receipts).where(eq(receipts.seq, 2));
	await deps.db.update(receipts).set({ body: '{}' }).where(eq(receipts.seq, 2));
	await expect(readProof(deps, { receiptId: row?.id ?? '' })).rejects.toThrow('receipt 2 is not what the log holds');
});

test('heads are found by their size, and two of them are shown to continue each other', async () => {
	const deps = world();
	for (const more of [3, 4, 6]) {
		await givenReceipts(deps, more);
		await keepLog(deps);
	}
	const heads = (await deps.db.select().from(logHeads).orderBy(asc(logHeads.treeSize))).map(fromHeadRow);
	expect(heads.map(({ treeSize }) => treeSize)).toEqual([3, 7, 13]);
	expect(await readHead(deps, { treeSize: 7 })).toEqual(heads[1]);
	expect(await readConsistency(deps, { from: 3, to: 13 })).toMatchObject({ from: 3, to: 13 });
	expect(await readConsistency(deps, { from: 7, to: 7 })).toEqual({ from: 7, to: 7, hashes: [] });
	await expect(readHead(deps, { treeSize: 5 })).rejects.toMatchObject({ code: 'not_found' });
	await expect(readConsistency(deps, { from: 5, to: 13 })).rejects.toMatchObject({ code: 'not_found' });
	await expect(readConsistency(deps, { from: 13, to: 3 })).rejects.toMatchObject({ code: 'invalid_input' });
});

test('before the first receipt there is no head and nothing to sign', async () => {
	const deps = world();
	expect(await keepLog(deps)).toEqual({ filled: 0, signedSize: null });
	await expect(readNewestHead(deps)).rejects.toMatchObject({ code: 'not_found' });
});

test('the newest head is in the vault as well, and goes on with the log', async () => {
	const deps = world();
	expect(await standingOf(deps)).toEqual({ state: 'continues', keptSize: null, left: [] });
	for (const [more, size] of [
		[3, 3],
		[4, 7],
	] as const) {
		await givenReceipts(deps, more);
		await keepLog(deps);
		expect(JSON.parse((await keptText())!)).toEqual(await readNewestHead(deps));
		expect(await standingOf(deps)).toEqual({ state: 'continues', keptSize: size, left: [] });
	}
	// Of a version that kept none, or taken away: that is not called whole, and mended by the next sweep.
	await env.VAULT.delete('heads/newest');
	expect(await standingOf(deps)).toMatchObject({ state: 'unknown', keptSize: null });
	expect(await keepLog(deps)).toEqual({ filled: 0, signedSize: null });
	expect(JSON.parse((await keptText())!)).toEqual(await readNewestHead(deps));
});

test('a restored database signs nothing, also when it has grown past the head that it lost, and says so', async () => {
	const deps = world();
	await givenReceipts(deps, 5);
	await keepLog(deps);
	await givenReceipts(deps, 4);
	await keepLog(deps);
	const kept = await keptText();
	await restoredTo(deps, 5);
	const said = vi.spyOn(console, 'log').mockReturnValue();
	for (const more of [0, 2, 6]) {
		await givenReceipts(deps, more);
		expect(await keepLog(deps)).toEqual({ filled: 0, signedSize: null });
		expect(await standingOf(deps)).toEqual({ state: 'forked', keptSize: 9, left: [] });
	}
	const lines = said.mock.calls.map(([line]): unknown => JSON.parse(String(line)));
	said.mockRestore();
	expect(lines).toEqual([
		{ event: 'log_forked', keptSize: 9, treeSize: 5 },
		{ event: 'log_forked', keptSize: 9, treeSize: 7 },
		{ event: 'log_forked', keptSize: 9, treeSize: 13 },
	]);
	expect((await readNewestHead(deps)).treeSize).toBe(5);
	expect(await keptText()).toBe(kept);

	// What operations.md has an operator do.
	await env.VAULT.put('heads/left/9', kept);
	await env.VAULT.delete('heads/newest');
	expect(await keepLog(deps)).toEqual({ filled: 0, signedSize: 13 });
	const standing = await standingOf(deps);
	expect(standing).toMatchObject({ state: 'continues', keptSize: 13, left: [{ treeSize: 9 }] });
	expect(JSON.stringify(standing.left[0])).toBe(kept);
	await env.VAULT.delete('heads/left/9');
});

test('a restore that got its receipts and nodes back goes on as if nothing had been', async () => {
	const deps = world();
	await givenReceipts(deps, 9);
	await keepLog(deps);
	const rows = { receipts: await deps.db.select().from(receipts), nodes: await deps.db.select().from(logNodes) };
	await restoredTo(deps, 4);
	await deps.db.delete(logHeads);
	for (const row of rows.receipts.slice(4)) await deps.db.insert(receipts).values(row);
	expect(await standingOf(deps)).toMatchObject({ state: 'unknown', keptSize: 9 });
	for (const row of rows.nodes) await deps.db.insert(logNodes).values(row).onConflictDoNothing();
	expect(await keepLog(deps)).toEqual({ filled: 0, signedSize: 9 });
	expect(await standingOf(deps)).toMatchObject({ state: 'continues', keptSize: 9 });
});

test('a sweep that dies between the vault and the database leaves a head that the next one signs again', async () => {
	const deps = world();
	await givenReceipts(deps, 3);
	await keepLog(deps);
	await givenReceipts(deps, 2);
	const faulty = faultyD1(deps.d1, firstWrites('before'), CONNECTION_LOST);
	await expect(keepLog(world(faulty.db))).rejects.toThrow('Failed query: insert into "log_heads"');
	expect(JSON.parse((await keptText())!)).toMatchObject({ treeSize: 5 });
	expect((await readNewestHead(deps)).treeSize).toBe(3);
	expect(await standingOf(deps)).toMatchObject({ state: 'continues', keptSize: 5 });

	expect(await keepLog(deps)).toEqual({ filled: 0, signedSize: 5 });
	expect(JSON.parse((await keptText())!)).toEqual(await readNewestHead(deps));
});

test('a vault that does not answer, or holds no head, has nothing signed, and the log is not called whole', async () => {
	const deps = world();
	await givenReceipts(deps, 3);
	await env.VAULT.put('heads/newest', '{"treeSize":3}');
	await expect(keepLog(deps)).rejects.toThrow('rootHash');
	expect(await deps.db.select().from(logHeads)).toEqual([]);
	expect(await standingOf(deps)).toEqual({ state: 'unknown', keptSize: null, left: [] });
});

async function anotherKey() {
	return importReceiptKey(btoa('another seed of 32 bytes length.'));
}

/** The kept head, and what somebody without our key could put in its place. */
async function forgedHeads(deps: TestDeps): Promise<string[]> {
	const head = SignedHead.parse(JSON.parse((await keptText())!));
	const { treeSize, rootHash } = head;
	const stranger = await anotherKey();
	const theirs = await signHead(stranger, { treeSize, rootHash, signedAt: deps.now() });
	const asOurs = await signHead({ ...stranger, ...pick(receiptKey) }, { treeSize, rootHash, signedAt: deps.now() });
	const changed = { ...head, signedAt: new Date(0).toISOString() };
	return [theirs, asOurs, changed, { ...head, keyId: stranger.keyId }].map((one) => JSON.stringify(one));
}

function pick({ keyId, publicKey }: { keyId: string; publicKey: string }) {
	return { keyId, publicKey };
}

test('while a head lies in the vault that no key of ours signed, none is signed, and it is said', async () => {
	const deps = world();
	await givenReceipts(deps, 3);
	await keepLog(deps);
	await givenReceipts(deps, 2);
	const ours = await keptText();
	const said = vi.spyOn(console, 'log').mockReturnValue();
	for (const forged of await forgedHeads(deps)) {
		await env.VAULT.put('heads/newest', forged);
		expect(await keepLog(deps)).toEqual({ filled: 0, signedSize: null });
		expect(await standingOf(deps)).toEqual({ state: 'forged', keptSize: null, left: [] });
		expect(await keptText()).toBe(forged);
	}
	const lines = said.mock.calls.map(([line]): unknown => JSON.parse(String(line)));
	said.mockRestore();
	expect(lines).toHaveLength(4);
	const { keyId } = await anotherKey();
	expect(lines[0]).toEqual({ event: 'log_head_forged', keyId, treeSize: 5 });
	expect((await readNewestHead(deps)).treeSize).toBe(3);

	await env.VAULT.put('heads/newest', ours);
	expect(await keepLog(deps)).toEqual({ filled: 0, signedSize: 5 });
});

test('a head that a replaced key of ours signed is continued by the key that signs now', async () => {
	const deps = world();
	const before = await anotherKey();
	await givenReceipts(deps, 3);
	await keepLog({ ...deps, receiptKey: before, publishedKeys: [before.publicKey] });
	await givenReceipts(deps, 1);
	expect(await standingOf(deps)).toMatchObject({ state: 'forged' });
	const rotated = { ...deps, publishedKeys: [receiptKey.publicKey, before.publicKey] };
	expect(await standingOf(rotated)).toMatchObject({ state: 'continues', keptSize: 3 });
	expect(await keepLog(rotated)).toEqual({ filled: 0, signedSize: 4 });
	expect(await standingOf(deps)).toMatchObject({ state: 'continues', keptSize: 4 });
});
