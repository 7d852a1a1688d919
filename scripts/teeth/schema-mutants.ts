import type { Mutant } from './mutant';

const MIGRATION = 'migrations/0002_buckets-and-billing.sql';
const STATEMENTS = 'test/core/credits/statements.test.ts';
const BUCKETS = 'test/core/credits/buckets.test.ts';

/** The database's own rules, one dropped at a time. */
export const SCHEMA_MUTANTS: readonly Mutant[] = [
	{
		name: 'check-hold-covered',
		edits: [
			{
				file: MIGRATION,
				find: `	CONSTRAINT "hold_covered" CHECK("kind" <> 'hold' or "held" = "amount"),\n`,
				replace: '',
			},
		],
		tests: ['test/core/credits/hold-credits.test.ts'],
	},
	{
		name: 'check-entry-adds-up',
		edits: [
			{
				file: MIGRATION,
				find: 'CONSTRAINT "entry_adds_up" CHECK(case "kind"',
				replace: 'CONSTRAINT "entry_adds_up" CHECK(true or case "kind"',
			},
		],
		tests: [STATEMENTS, BUCKETS],
	},
	{
		name: 'check-bucket-held-within-remaining',
		edits: [
			{
				file: MIGRATION,
				find: 'CHECK("credit_buckets"."remaining" - "credit_buckets"."held" >= 0)',
				replace: 'CHECK(true)',
			},
		],
		tests: [STATEMENTS, BUCKETS],
	},
	{
		name: 'check-bucket-held-not-negative',
		edits: [{ file: MIGRATION, find: 'CHECK("credit_buckets"."held" >= 0)', replace: 'CHECK(true)' }],
		tests: [STATEMENTS, BUCKETS],
	},
	{
		name: 'unique-resolves-id',
		edits: [
			{
				file: MIGRATION,
				find: 'CREATE UNIQUE INDEX `credit_entries_resolves_id_unique`',
				replace: 'CREATE INDEX `credit_entries_resolves_id_unique`',
			},
		],
		tests: ['test/core/credits/capture-credits.test.ts', 'test/core/credits/release-credits.test.ts'],
	},
	{
		name: 'unique-account-seq',
		edits: [
			{
				file: MIGRATION,
				find: 'CREATE UNIQUE INDEX `credit_entries_order`',
				replace: 'CREATE INDEX `credit_entries_order`',
			},
		],
		tests: [STATEMENTS, BUCKETS],
	},
];
