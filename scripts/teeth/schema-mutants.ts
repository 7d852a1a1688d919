import type { Mutant } from './mutant';

const MIGRATION = 'migrations/0002_buckets-and-billing.sql';
const CONSTRAINTS = 'test/core/credits/constraints.test.ts';

function dropped(name: string, find: string, replace: string): Mutant {
	return { name, edits: [{ file: MIGRATION, find, replace }], tests: [CONSTRAINTS] };
}

function notUnique(name: string, index: string): Mutant {
	return dropped(name, `CREATE UNIQUE INDEX \`${index}\``, `CREATE INDEX \`${index}\``);
}

/** The database's own rules, one dropped at a time. */
export const SCHEMA_MUTANTS: readonly Mutant[] = [
	dropped('check-hold-covered', `	CONSTRAINT "hold_covered" CHECK("kind" <> 'hold' or "held" = "amount"),\n`, ''),
	dropped('check-entry-amount-positive', 'CONSTRAINT "entry_amount_positive" CHECK("amount" > 0)', 'CHECK(true)'),
	dropped('check-entry-adds-up', 'CHECK(case "kind"', 'CHECK(true or case "kind"'),
	dropped(
		'check-bucket-held-within-remaining',
		'CHECK("credit_buckets"."remaining" - "credit_buckets"."held" >= 0)',
		'CHECK(true)',
	),
	dropped('check-bucket-held-not-negative', 'CHECK("credit_buckets"."held" >= 0)', 'CHECK(true)'),
	dropped('check-owed-not-negative', 'CHECK("owed" >= 0)', 'CHECK(true)'),
	dropped(
		'check-part-changes-something',
		'CHECK("credit_parts"."posted" <> 0 or "credit_parts"."held" <> 0)',
		'CHECK(true)',
	),
	notUnique('unique-resolves-id', 'credit_entries_resolves_id_unique'),
	notUnique('unique-account-seq', 'credit_entries_order'),
];
