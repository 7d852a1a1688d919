import { and, asc, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { creditSeals } from '../../../schema/credits';
import { auditLedger } from '../../../workers/core/credits/audit-ledger';
import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { CHAIN_START, entryHash } from '../../../workers/core/credits/entry-hash';
import { readChain } from '../../../workers/core/credits/read-chain';
import { sealLedger } from '../../../workers/core/credits/seal-ledger';
import { freshDeps, type TestDeps } from '../../support/deps';
import { faultyD1, OBJECT_RESET, type D1Fault } from '../../support/faulty-d1';
import { givenHold, ledgerOf } from '../../support/given';
import { givenEmptyAccount, givenGrant, givenPack } from './given-grants';

/** Seals everything there is: storage is shared, so others' accounts may be among it. */
async function sealAll(deps: TestDeps): Promise<void> {
	while ((await sealLedger(deps, { limit: 100 })) > 0);
}

function sealsOf(deps: TestDeps, accountId: string) {
	return deps.db.select().from(creditSeals).where(eq(creditSeals.accountId, accountId)).orderBy(asc(creditSeals.seq));
}

async function sealedSeqOf(deps: TestDeps, accountId: string): Promise<number> {
	return (await ledgerOf(deps, accountId)).balance[0]!.sealedSeq;
}

/** What the seals of an account have to be, computed here from its rows. */
async function hashesOf(deps: TestDeps, accountId: string): Promise<string[]> {
	const hashes: string[] = [];
	for (const { entry } of await readChain(deps, { after: { accountId, seq: 0 }, isAlone: true, limit: 10_000 })) {
		hashes.push(await entryHash(hashes.at(-1) ?? CHAIN_START, entry));
	}
	return hashes;
}

test('every entry gets a seal that covers the one before', async () => {
	const { deps, accountId } = await givenPack();
	await captureCredits(deps, await givenHold(deps, accountId, 24));

	await sealAll(deps);

	const seals = await sealsOf(deps, accountId);
	expect(seals.map(({ seq }) => seq)).toEqual([1, 2, 3]);
	expect(seals.map(({ hash }) => hash)).toEqual(await hashesOf(deps, accountId));
	for (const { hash } of seals) expect(hash).toMatch(/^[0-9a-f]{64}$/);
	expect(await sealedSeqOf(deps, accountId)).toBe(3);
});

test('the hash is over canonical JSON of every column, the parts by bucket, and what the grant promised', async () => {
	const { deps, accountId, purchaseId, bucketId } = await givenPack();
	const [link] = await readChain(deps, { after: { accountId, seq: 0 }, isAlone: true, limit: 1 });
	const entry = link?.entry;
	const nowMs = deps.now().getTime();
	const expiresAtMs = nowMs + 365 * 86_400_000;
	const spelled =
		`before\n{"accountId":"${accountId}","amount":100,"balance":100,` +
		`"bucket":{"accountId":"${accountId}","createdAtMs":${nowMs},"expiresAtMs":${expiresAtMs},"granted":100,` +
		`"purchaseId":"${purchaseId}","source":"pack"},"causeId":null,"createdAtMs":${nowMs},"held":0,"id":"${bucketId}",` +
		`"kind":"grant","owed":0,"parts":[{"bucketId":"${bucketId}","held":0,"posted":100}],"posted":100,` +
		`"purchaseId":"${purchaseId}","renderId":null,"resolvesId":null,"seq":1}`;
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(spelled));
	const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
	expect(await entryHash('before', entry!)).toBe(hex);
});

test('entries that come later extend the chain, and no seal changes', async () => {
	const { deps, accountId } = await givenPack();
	await sealAll(deps);
	const first = await sealsOf(deps, accountId);
	await givenHold(deps, accountId, 5);
	await givenHold(deps, accountId, 5);
	await sealAll(deps);
	const seals = await sealsOf(deps, accountId);
	expect(seals.slice(0, 1)).toEqual(first);
	expect(seals.map(({ hash }) => hash)).toEqual(await hashesOf(deps, accountId));
});

test('runs at once, while entries are written, seal each entry once', async () => {
	const { deps, accountId } = await givenPack();
	const seal = () => sealLedger(deps, { limit: 100 });
	await Promise.all([
		...Array.from({ length: 6 }, () => givenHold(deps, accountId, 2)),
		...Array.from({ length: 6 }, seal),
	]);
	await sealAll(deps);
	expect((await sealsOf(deps, accountId)).map(({ hash }) => hash)).toEqual(await hashesOf(deps, accountId));
	expect(await sealedSeqOf(deps, accountId)).toBe(7);
});

test('a chain longer than one run seals goes on with the next', async () => {
	const { deps, accountId } = await givenEmptyAccount();
	// As many as make more than one run's entries, written by hand: a grant each.
	const db = deps.d1;
	const bucket = db.prepare(
		`insert into credit_buckets (id, account_id, source, granted, remaining, created_at_ms)
			select ?1 || ':' || value, ?1, 'promo', 1, 1, 1 from json_each(?2)`,
	);
	const entry = db.prepare(
		`insert into credit_entries (id, account_id, seq, kind, amount, posted, held, owed, balance, created_at_ms)
			select ?1 || ':' || value, ?1, value, 'grant', 1, 1, 0, 0, value, 1 from json_each(?2)`,
	);
	const part = db.prepare(
		`insert into credit_parts select ?1 || ':' || value, ?1 || ':' || value, 1, 0 from json_each(?2)`,
	);
	const numbers = JSON.stringify(Array.from({ length: 501 }, (_, index) => index + 1));
	const account = db.prepare('update credit_accounts set posted = 501, seq = 501 where id = ?1').bind(accountId);
	await db.batch([...[bucket, entry, part].map((insert) => insert.bind(accountId, numbers)), account]);

	await sealAll(deps);

	expect(await sealedSeqOf(deps, accountId)).toBe(501);
	expect((await sealsOf(deps, accountId)).map(({ hash }) => hash)).toEqual(await hashesOf(deps, accountId));
	expect((await auditLedger(deps)).violations).toEqual([]);
});

test('one run seals no more accounts than it was told to', async () => {
	const { deps } = await givenEmptyAccount();
	await sealAll(deps);
	for (const _ of [1, 2, 3]) await givenPack();
	expect(await sealLedger(deps, { limit: 2 })).toBe(2);
	expect(await sealLedger(deps, { limit: 2 })).toBe(1);
	expect(await sealLedger(deps, { limit: 2 })).toBe(0);
});

test.each<[number, D1Fault]>([
	[0, 'before'],
	[1, 'before'],
	[2, 'before'],
	[2, 'after'],
])('a run that stops at call %i, %s it was made, is made good by the next', async (at, fault) => {
	const { deps, accountId } = await givenEmptyAccount();
	await sealAll(deps);
	await givenGrant(deps, accountId, 10);
	let call = 0;
	const { db, happened } = faultyD1(deps.d1, () => (call++ === at ? fault : null), OBJECT_RESET);
	await expect(sealLedger(freshDeps({ d1: db }), { limit: 10 })).rejects.toThrow(/Failed query|object to be reset/);
	expect(happened[fault]).toBe(1);
	await sealAll(deps);
	expect((await sealsOf(deps, accountId)).map(({ hash }) => hash)).toEqual(await hashesOf(deps, accountId));
});

test('a chain goes on from its last seal, and does not read what was sealed', async () => {
	const { deps, accountId } = await givenPack();
	await givenHold(deps, accountId, 5);
	await sealAll(deps);
	const [, second] = await sealsOf(deps, accountId);
	await givenHold(deps, accountId, 5);
	await sealAll(deps);
	const [link] = await readChain(deps, { after: { accountId, seq: 2 }, isAlone: true, limit: 1 });
	const third = link?.entry;
	const [seal] = await deps.db
		.select()
		.from(creditSeals)
		.where(and(eq(creditSeals.accountId, accountId), eq(creditSeals.seq, 3)));
	expect(seal!.hash).toBe(await entryHash(second!.hash, third!));
});
