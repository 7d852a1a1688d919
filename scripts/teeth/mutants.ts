import { AUDIT_MUTANTS } from './audit-mutants';
import { BILLING_MUTANTS } from './billing-mutants';
import { CLAIM_MUTANTS } from './claim-mutants';
import { LEDGER_MUTANTS } from './ledger-mutants';
import type { Mutant } from './mutant';
import { SCHEMA_MUTANTS } from './schema-mutants';

export const MUTANTS: readonly Mutant[] = [
	...SCHEMA_MUTANTS,
	...LEDGER_MUTANTS,
	...AUDIT_MUTANTS,
	...BILLING_MUTANTS,
	...CLAIM_MUTANTS,
];
