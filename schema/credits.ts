import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

import { accounts } from './accounts';
import { renders } from './renders';

/*
 * The ledger. D1 has no interactive transaction, so every rule is a CHECK, UNIQUE or REFERENCES: a broken one makes
 * the whole batch roll back, while a WHERE that matches nothing would not. Entries, their parts and their seals are only
 * ever inserted; the sums in accounts and buckets can be computed from them, and the audit does.
 */

export const creditAccounts = sqliteTable(
	'credit_accounts',
	{
		id: text()
			.primaryKey()
			.references(() => accounts.id),
		/** Credits there are: the sum of what its buckets have left. */
		posted: integer().notNull().default(0),
		/** Of these, set aside: by renders that have not ended, and by disputes. */
		held: integer().notNull().default(0),
		/** What a refund or a lost dispute took back beyond what was left: paid off by the next credits that come. */
		owed: integer().notNull().default(0),
		/** How many entries it has; the next one is numbered one higher. */
		seq: integer().notNull().default(0),
		/** Up to which entry its chain is sealed. */
		sealedSeq: integer('sealed_seq').notNull().default(0),
	},
	(t) => [
		check('held_not_negative', sql`${t.held} >= 0`),
		check('held_within_posted', sql`${t.posted} - ${t.held} >= 0`),
		check('owed_not_negative', sql`${t.owed} >= 0`),
		index('credit_accounts_unsealed')
			.on(t.id)
			.where(sql`sealed_seq < seq`),
		index('credit_accounts_owing')
			.on(t.id)
			.where(sql`owed > 0`),
	],
);

/** Credits of one origin, which end together. Spent soonest-ending first, bought ones last. */
export const creditBuckets = sqliteTable(
	'credit_buckets',
	{
		/** The id of the entry that granted it. */
		id: text().primaryKey(),
		accountId: text('account_id')
			.notNull()
			.references(() => creditAccounts.id),
		source: text({ enum: ['promo', 'plan', 'pack', 'refund'] }).notNull(),
		granted: integer().notNull(),
		remaining: integer().notNull().default(0),
		held: integer().notNull().default(0),
		/** Null: they do not end. */
		expiresAtMs: integer('expires_at_ms'),
		/** What they were bought with. */
		purchaseId: text('purchase_id'),
		createdAtMs: integer('created_at_ms').notNull(),
		/** When the mail that they end soon was written. */
		toldAtMs: integer('told_at_ms'),
	},
	(t) => [
		check('bucket_granted_positive', sql`${t.granted} > 0`),
		check('bucket_held_not_negative', sql`${t.held} >= 0`),
		check('bucket_held_within_remaining', sql`${t.remaining} - ${t.held} >= 0`),
		index('credit_buckets_account').on(t.accountId, t.createdAtMs),
		index('credit_buckets_left')
			.on(t.accountId)
			.where(sql`remaining > 0`),
		index('credit_buckets_ending')
			.on(t.expiresAtMs)
			.where(sql`expires_at_ms is not null and remaining > 0`),
		index('credit_buckets_purchase').on(t.purchaseId),
	],
);

export const ENTRY_KINDS = [
	'grant',
	'hold',
	'capture',
	'release',
	'expiry',
	/** A refund of money takes its credits back. */
	'reversal',
	/** A dispute sets aside what is left of the payment's credits … */
	'freeze',
	/** … and gives them back, */
	'thaw',
	/** or takes them. */
	'loss',
	/** A refund that failed, or a lost dispute that was won after all. */
	'reinstatement',
	/** Credits of a render that was charged come back. */
	'return',
	/** Credits that came pay what is owed. */
	'repayment',
] as const;

/**
 * What happened to an account's credits, in the order it happened. Ids are deterministic (`grant:stripe:pi_…`, `hold:rnd_…`),
 * so a repeated command cannot post twice.
 */
export const creditEntries = sqliteTable(
	'credit_entries',
	{
		id: text().primaryKey(),
		accountId: text('account_id')
			.notNull()
			.references(() => creditAccounts.id),
		/** 1, 2, 3 … within its account. */
		seq: integer().notNull(),
		kind: text({ enum: ENTRY_KINDS }).notNull(),
		/** What was asked for; always positive. */
		amount: integer().notNull(),
		/** What it changes in the account: signed. */
		posted: integer().notNull(),
		held: integer().notNull(),
		owed: integer().notNull(),
		/** What could be spent after it: `posted − held` of the account. */
		balance: integer().notNull(),
		renderId: text('render_id'),
		purchaseId: text('purchase_id'),
		/** The refund (`re_…`) or dispute (`dp_…`) that it follows from. */
		causeId: text('cause_id'),
		/** The hold, freeze, capture or reversal that it ends; each is ended once. */
		resolvesId: text('resolves_id').unique(),
		createdAtMs: integer('created_at_ms').notNull(),
	},
	(t) => [
		check('entry_amount_positive', sql`${t.amount} > 0`),
		check('hold_covered', sql`${t.kind} <> 'hold' or ${t.held} = ${t.amount}`),
		check(
			'entry_adds_up',
			sql`case ${t.kind}
				when 'grant' then ${t.posted} = ${t.amount} and ${t.held} = 0 and ${t.owed} = 0
				when 'hold' then ${t.posted} = 0 and ${t.owed} = 0
				when 'capture' then ${t.posted} = -${t.amount} and ${t.held} = -${t.amount} and ${t.owed} = 0
				when 'release' then ${t.posted} = 0 and ${t.held} = -${t.amount} and ${t.owed} = 0
				when 'expiry' then ${t.posted} = -${t.amount} and ${t.held} = 0 and ${t.owed} = 0
				when 'reversal' then ${t.posted} <= 0 and ${t.owed} >= 0 and ${t.posted} - ${t.owed} = -${t.amount} and ${t.held} = 0
				when 'freeze' then ${t.posted} = 0 and ${t.held} between 0 and ${t.amount} and ${t.owed} = 0
				when 'thaw' then ${t.posted} = 0 and ${t.held} between -${t.amount} and 0 and ${t.owed} = 0
				when 'loss' then ${t.posted} <= 0 and ${t.owed} >= 0 and ${t.posted} - ${t.owed} = -${t.amount} and ${t.held} <= 0
				when 'reinstatement' then ${t.posted} >= 0 and ${t.owed} <= 0 and ${t.posted} - ${t.owed} = ${t.amount} and ${t.held} = 0
				when 'return' then ${t.posted} = ${t.amount} and ${t.held} = 0 and ${t.owed} = 0
				when 'repayment' then ${t.posted} = -${t.amount} and ${t.held} = 0 and ${t.owed} = -${t.amount}
				else false end`,
		),
		uniqueIndex('credit_entries_order').on(t.accountId, t.seq),
		index('credit_entries_render').on(t.renderId),
		index('credit_entries_purchase').on(t.purchaseId),
		index('credit_entries_age').on(t.accountId, t.createdAtMs),
	],
);

/** How an entry falls on buckets. */
export const creditParts = sqliteTable(
	'credit_parts',
	{
		entryId: text('entry_id')
			.notNull()
			.references(() => creditEntries.id),
		bucketId: text('bucket_id')
			.notNull()
			.references(() => creditBuckets.id),
		posted: integer().notNull(),
		held: integer().notNull(),
	},
	(t) => [
		primaryKey({ columns: [t.entryId, t.bucketId], name: 'credit_parts_pk' }),
		check('part_changes_something', sql`${t.posted} <> 0 or ${t.held} <> 0`),
		index('credit_parts_bucket').on(t.bucketId),
	],
);

/** The chain of an account: each hash covers its entry, the entry's parts and the hash before, so that no row changes unseen. */
export const creditSeals = sqliteTable(
	'credit_seals',
	{
		accountId: text('account_id')
			.notNull()
			.references(() => creditAccounts.id),
		seq: integer().notNull(),
		/** SHA-256, hex. */
		hash: text().notNull(),
	},
	(t) => [primaryKey({ columns: [t.accountId, t.seq], name: 'credit_seals_pk' })],
);

/** What an Idempotency-Key first asked for, and which render answered it. */
export const idempotencyKeys = sqliteTable(
	'idempotency_keys',
	{
		accountId: text('account_id')
			.notNull()
			.references(() => accounts.id),
		key: text().notNull(),
		requestHash: text('request_hash').notNull(),
		/** The order's rows stand or fall together: a render that was not written breaks this reference, and the batch. */
		renderId: text('render_id')
			.notNull()
			.references(() => renders.id),
		createdAtMs: integer('created_at_ms').notNull(),
	},
	(t) => [
		primaryKey({ columns: [t.accountId, t.key], name: 'idempotency_keys_pk' }),
		index('idempotency_keys_age').on(t.createdAtMs),
	],
);
