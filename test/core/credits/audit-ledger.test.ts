import { getTableColumns } from 'drizzle-orm';
import { getTableConfig } from 'drizzle-orm/sqlite-core';
import { expect, test } from 'vitest';

import { creditAccounts, creditBuckets, creditEntries, creditParts, creditSeals } from '../../../schema/credits';
import { auditLedger } from '../../../workers/core/credits/audit-ledger';
import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { collectOwed } from '../../../workers/core/credits/collect-owed';
import { freezeCredits, loseCredits } from '../../../workers/core/credits/dispute-credits';
import { entryHash } from '../../../workers/core/credits/entry-hash';
import { readChain } from '../../../workers/core/credits/read-chain';
import { reverseCredits } from '../../../workers/core/credits/reverse-credits';
import { sealLedger } from '../../../workers/core/credits/seal-ledger';
import type { TestDeps } from '../../support/deps';
import { balanceOf, givenHold, ledgerOf } from '../../support/given';
import { givenGrant, givenPack } from './given-grants';

const TABLES = [creditAccounts, creditBuckets, creditEntries, creditParts, creditSeals] as const;

/**
 * A sealed account that has seen much: 1 grant of a pack, 2 grant, 3 hold, 4 capture, 5 reversal, 6 hold that is open,
 * 7 freeze, 8 loss.
 */
async function givenBusyLedger() {
	const { deps, accountId, purchaseId, bucketId } = await givenPack();
	await givenGrant(deps, accountId, 30, { endsInDays: 1 });
	await captureCredits(deps, await givenHold(deps, accountId, 24));
	await reverseCredits(deps, { refundId: `re_${purchaseId}`, purchaseId, targetCredits: 40 });
	const open = await givenHold(deps, accountId, 10);
	const disputed = { disputeId: `dp_${purchaseId}`, purchaseId, amount: 20 };
	await freezeCredits(deps, disputed);
	await loseCredits(deps, disputed);
	while ((await sealLedger(deps, { limit: 100 })) > 0);
	return { deps, accountId, bucketId, open };
}

/** Which rows of the ledger are an account's, table by table; the parts before what they refer to. */
const OWN: readonly [table: string, isOwn: string][] = [
	['credit_seals', 'account_id in (:ids)'],
	['credit_parts', 'bucket_id in (select id from credit_buckets where account_id in (:ids))'],
	['credit_entries', 'account_id in (:ids)'],
	['credit_buckets', 'account_id in (:ids)'],
	['credit_accounts', 'id in (:ids)'],
];

/** What the audit says while damage is done to accounts that no constraint hinders; then their rows are put back as they were. */
async function auditWith(deps: TestDeps, accountIds: readonly string[], damage: readonly string[]): Promise<string[]> {
	const { d1 } = deps;
	const ids = accountIds.map((id) => `'${id}'`).join(', ');
	const own = OWN.map(([table, isOwn]) => [table, isOwn.replaceAll(':ids', ids)] as const);
	const unchecked = (statements: readonly string[]) => {
		const around = ['pragma defer_foreign_keys = on', 'pragma ignore_check_constraints = on', ...statements];
		return d1.batch([...around, 'pragma ignore_check_constraints = off'].map((statement) => d1.prepare(statement)));
	};
	await d1.batch(
		own.map(([table, isOwn]) => d1.prepare(`create table saved_${table} as select * from ${table} where ${isOwn}`)),
	);
	try {
		await unchecked(damage);
		return (await auditLedger(deps)).violations;
	} finally {
		await unchecked([
			...own.map(([table, isOwn]) => `delete from ${table} where ${isOwn}`),
			...own.map(([table]) => `insert into ${table} select * from saved_${table}`),
			...own.map(([table]) => `drop table saved_${table}`),
		]);
	}
}

test('a sound ledger has no violations, and counts its accounts and its sealed entries', async () => {
	const { deps } = await givenBusyLedger();
	const before = await auditLedger(deps);
	expect(before.violations).toEqual([]);
	expect(before.accounts).toBeGreaterThanOrEqual(1);
	await givenBusyLedger();
	const after = await auditLedger(deps);
	expect(after).toMatchObject({ violations: [] });
	expect(after.accounts - before.accounts).toBe(1);
	expect(after.sealed - before.sealed).toBe(8);
});

/** Before its chain was sealed, an account has nothing but the sums to be held to. */
const UNSEALED = [
	'delete from credit_seals where account_id = :account',
	'update credit_accounts set sealed_seq = 0 where id = :account',
];

test.each([
	[
		'a part that is another entry’s now',
		['update credit_parts set entry_id = :next where entry_id = :entry'],
		'the entry is not the sum of its parts',
	],
	[
		'a balance that was written anew',
		['update credit_entries set balance = balance + 1 where id = :entry'],
		'the running balance is broken',
	],
	[
		'a charge of another render than was held for',
		[`update credit_entries set render_id = 'rnd_other' where id = :entry`],
		'it ends what it does not fit',
	],
] as const)('%s is found by what it breaks, with every sum as it was', async (_what, damage, broken) => {
	const { deps, accountId } = await givenBusyLedger();
	const { entries } = await ledgerOf(deps, accountId);
	const names = { account: accountId, entry: entries[3]!.id, next: entries[6]!.id };
	const statements = [...UNSEALED, ...damage].map((one) =>
		Object.entries(names).reduce((text, [name, id]) => text.replaceAll(`:${name}`, `'${id}'`), one),
	);
	const violations = await auditWith(deps, [accountId], statements);
	expect(violations.length).toBeGreaterThan(0);
	for (const violation of violations) expect(violation).toContain(broken);
});

/** The note that the end was mailed is set once, later, and says nothing about credits. */
const NO_FACT = ['credit_buckets.told_at_ms'];

/** Where a column has to change together with others, so that its table's keys stand. */
const WITH: Record<string, (forged: string) => string[]> = {
	'credit_accounts.id': (id) => [
		`insert into accounts (id, name, created_at_ms) values ('${id}', 'Forged', 1)`,
		`update credit_accounts set id = '${id}' where id = :account`,
		`update credit_buckets set account_id = '${id}' where account_id = :account`,
		`update credit_entries set account_id = '${id}' where account_id = :account`,
		`update credit_seals set account_id = '${id}' where account_id = :account`,
	],
	'credit_buckets.id': (id) => [
		`update credit_buckets set id = '${id}' where id = :bucket`,
		`update credit_parts set bucket_id = '${id}' where bucket_id = :bucket`,
	],
	'credit_buckets.account_id': () => [`update credit_buckets set account_id = :other where id = :bucket`],
	'credit_entries.id': (id) => [
		`update credit_entries set id = '${id}' where account_id = :account and seq = 4`,
		`update credit_parts set entry_id = '${id}' where entry_id = :entry`,
	],
	'credit_entries.account_id': () => [
		`update credit_entries set account_id = :other, seq = 999 where account_id = :account and seq = 8`,
	],
	'credit_entries.seq': () => [`update credit_entries set seq = 999 where account_id = :account and seq = 8`],
	'credit_entries.kind': () => [`update credit_entries set kind = 'expiry' where account_id = :account and seq = 5`],
	'credit_entries.resolves_id': () => [
		`update credit_entries set resolves_id = null where account_id = :account and seq = 8`,
	],
	'credit_parts.entry_id': () => [
		`update credit_parts set entry_id = (select id from credit_entries where account_id = :account and seq = 5) where entry_id = :entry`,
	],
	'credit_parts.bucket_id': () => [
		`update credit_parts set bucket_id = :bucket where entry_id = :entry and bucket_id <> :bucket`,
	],
	'credit_seals.account_id': () => [
		`update credit_seals set account_id = :other where account_id = :account and seq = 8`,
	],
	'credit_seals.seq': () => [`update credit_seals set seq = 999 where account_id = :account and seq = 8`],
	'credit_seals.hash': (hash) => [`update credit_seals set hash = '${hash}' where account_id = :account and seq = 4`],
};

const ROW: Record<string, string> = {
	credit_accounts: 'id = :account',
	credit_buckets: 'id = :bucket',
	credit_entries: 'account_id = :account and seq = 4',
	credit_parts: 'entry_id = :entry',
};

/** Every column of the ledger, from the schema, so that one that is added is tried as well. */
const COLUMNS = TABLES.flatMap((table) =>
	Object.values(getTableColumns(table)).map(
		({ name, dataType }) => [getTableConfig(table).name, name, dataType] as const,
	),
).filter(([table, column]) => !NO_FACT.includes(`${table}.${column}`));

test.each(COLUMNS)('a changed %s.%s is found', async (table, column, dataType) => {
	const { deps, accountId, bucketId } = await givenBusyLedger();
	const other = await givenPack();
	while ((await sealLedger(deps, { limit: 100 })) > 0);
	const { entries } = await ledgerOf(deps, accountId);
	const capture = entries[3]!.id;
	const forged = `forged_${crypto.randomUUID()}`;
	const value = dataType === 'number' ? `coalesce(${column}, 0) + 1` : `'${forged}'`;
	const statements = WITH[`${table}.${column}`]?.(forged) ?? [
		`update ${table} set ${column} = ${value} where ${ROW[table]}`,
	];
	// A bucket has the id of its grant.
	const touched = [accountId, ...entries.map(({ id }) => id), other.accountId, other.bucketId, forged];
	const names = { account: accountId, bucket: bucketId, entry: capture, other: other.accountId };

	const violations = await auditWith(
		deps,
		[accountId, other.accountId, forged],
		statements.map((statement) =>
			statement.replace(/:(account|bucket|entry|other)\b/g, (_, name: keyof typeof names) => `'${names[name]}'`),
		),
	);

	expect(violations.length).toBeGreaterThan(0);
	for (const violation of violations) expect(touched.filter((id) => violation.startsWith(`${id}: `))).toHaveLength(1);
});

test.each([
	[
		'an entry that is gone',
		['delete from credit_parts where entry_id = :entry', 'delete from credit_entries where id = :entry'],
		4,
	],
	['a part that is gone', ['delete from credit_parts where entry_id = :entry'], 4],
	['a seal that is gone', ['delete from credit_seals where account_id = :account and seq = 4'], 4],
	[
		'two entries that changed places',
		[
			'update credit_entries set seq = 1004 where account_id = :account and seq = 4',
			'update credit_entries set seq = 4 where account_id = :account and seq = 5',
			'update credit_entries set seq = 5 where account_id = :account and seq = 1004',
		],
		4,
	],
	[
		'an entry that was put in later, with a bucket that adds up',
		[
			`insert into credit_buckets (id, account_id, source, granted, remaining, created_at_ms) values ('forged', :account, 'promo', 5, 5, 1)`,
			`insert into credit_entries (id, account_id, seq, kind, amount, posted, held, owed, balance, created_at_ms)
				select 'forged', :account, 9, 'grant', 5, 5, 0, 0, posted - held + 5, 1 from credit_accounts where id = :account`,
			`insert into credit_parts values ('forged', 'forged', 5, 0)`,
			'update credit_accounts set posted = posted + 5, seq = 9, sealed_seq = 9 where id = :account',
			`insert into credit_seals values (:account, 9, 'forged')`,
		],
		9,
	],
] as const)('%s breaks the chain there', async (_what, damage, at) => {
	const { deps, accountId } = await givenBusyLedger();
	const entry = (await ledgerOf(deps, accountId)).entries[3]!.id;
	const violations = await auditWith(
		deps,
		[accountId],
		damage.map((one) => one.replaceAll(':account', `'${accountId}'`).replaceAll(':entry', `'${entry}'`)),
	);
	expect(violations).toContain(`${accountId}: the chain is broken (entry ${at})`);
});

test('a forged entry with a seal computed for it breaks the chain at the next one', async () => {
	const { deps, accountId } = await givenBusyLedger();
	const links = await readChain(deps, { after: { accountId, seq: 0 }, isAlone: true, limit: 100 });
	const chain = links.map(({ entry }) => entry);
	const [third, fourth] = await deps.d1
		.prepare('select hash from credit_seals where account_id = ? and seq in (3, 4) order by seq')
		.bind(accountId)
		.all<{ hash: string }>()
		.then(({ results }) => results);
	const forged = { ...chain[3]!, createdAtMs: 1 };
	expect(await entryHash(third!.hash, chain[3]!)).toBe(fourth!.hash);

	const violations = await auditWith(
		deps,
		[accountId],
		[
			`update credit_entries set created_at_ms = 1 where id = '${forged.id}'`,
			`update credit_seals set hash = '${await entryHash(third!.hash, forged)}' where account_id = '${accountId}' and seq = 4`,
		],
	);

	expect(violations).toEqual([`${accountId}: the chain is broken (entry 5)`]);
});

test('a chain whose seals are all gone is found', async () => {
	const { deps, accountId } = await givenBusyLedger();
	const violations = await auditWith(deps, [accountId], [`delete from credit_seals where account_id = '${accountId}'`]);
	expect(violations).toEqual([`${accountId}: the chain has another length (0 of 8 entries)`]);
});

test('sums that do not fit are named with both figures', async () => {
	const { deps, accountId, bucketId } = await givenBusyLedger();
	const violations = await auditWith(
		deps,
		[accountId],
		[
			`update credit_accounts set posted = 47, held = 9 where id = '${accountId}'`,
			`update credit_buckets set remaining = 41 where id = '${bucketId}'`,
		],
	);
	expect(violations).toEqual([
		`${accountId}: the account is not the sum of its entries (posted 47/46, held 9/10, owed 0/0, entries 8/8)`,
		`${accountId}: the account is not the sum of its buckets (posted 47/47, held 9/10)`,
		`${bucketId}: the bucket is not the sum of its parts (remaining 41/40, held 4/4)`,
	]);
});

test('a purchase that gives back more than it granted is named', async () => {
	const { deps, accountId } = await givenBusyLedger();
	const [entry] = (await ledgerOf(deps, accountId)).entries.filter(({ kind }) => kind === 'reversal');
	const violations = await auditWith(
		deps,
		[accountId],
		[
			`update credit_entries set amount = 81, owed = 41 where id = '${entry!.id}'`,
			`update credit_accounts set owed = 41 where id = '${accountId}'`,
		],
	);
	expect(violations).toEqual([
		`${entry!.purchaseId}: the purchase gave back more than it granted (101 of 100)`,
		`${accountId}: the chain is broken (entry 5)`,
	]);
});

test('the database itself refuses an overdrawn balance or bucket and a negative hold', async () => {
	const { deps, accountId, bucketId } = await givenBusyLedger();
	const before = await ledgerOf(deps, accountId);
	const run = (statement: string, id: string) => deps.d1.prepare(statement).bind(id).run();
	await expect(run('update credit_accounts set held = 1000 where id = ?', accountId)).rejects.toThrow(
		'held_within_posted',
	);
	await expect(run('update credit_accounts set held = -1 where id = ?', accountId)).rejects.toThrow(
		'held_not_negative',
	);
	await expect(run('update credit_accounts set owed = -1 where id = ?', accountId)).rejects.toThrow(
		'owed_not_negative',
	);
	await expect(run('update credit_buckets set held = 1000 where id = ?', bucketId)).rejects.toThrow(
		'bucket_held_within_remaining',
	);
	await expect(run('update credit_buckets set held = -1 where id = ?', bucketId)).rejects.toThrow(
		'bucket_held_not_negative',
	);
	expect(await ledgerOf(deps, accountId)).toEqual(before);
	expect(await balanceOf(deps, accountId)).toEqual({ posted: 46, held: 10 });
	await collectOwed(deps, { limit: 1 });
});
