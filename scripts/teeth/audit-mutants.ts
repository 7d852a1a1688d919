import type { Edit, Mutant } from './mutant';

const AUDIT = 'workers/core/credits/audit-ledger.ts';
const CHAINS = 'workers/core/credits/verify-chains.ts';
const AUDITS = 'test/core/credits/audit-ledger.test.ts';
const SEALS = 'test/core/credits/seal.test.ts';
const HASH = 'workers/core/credits/entry-hash.ts';

function unchecked(name: string, find: string): Mutant {
	const edit: Edit = { file: AUDIT, find, replace: `where false and (${find.replace(/^where /, '')})` };
	return {
		name: `audit-${name}`,
		edits: [edit],
		tests: [AUDITS, SEALS],
	};
}

function chained(name: string, find: string, replace: string): Mutant {
	return { name, edits: [{ file: CHAINS, find, replace }], tests: [AUDITS, SEALS] };
}

/** What the audit and the chain find, one blind spot at a time. */
export const AUDIT_MUTANTS: readonly Mutant[] = [
	unchecked(
		'account-is-its-entries',
		`where a.posted <> coalesce(e.posted, 0) or a.held <> coalesce(e.held, 0) or a.owed <> coalesce(e.owed, 0)
			or a.seq <> coalesce(e.count, 0) or a.seq <> coalesce(e.last, 0)`,
	),
	unchecked('account-is-its-buckets', 'where a.posted <> coalesce(b.remaining, 0) or a.held <> coalesce(b.held, 0)'),
	unchecked('bucket-is-its-parts', 'where b.remaining <> coalesce(x.posted, 0) or b.held <> coalesce(x.held, 0)'),
	unchecked(
		'entry-is-its-parts',
		'where e.posted <> coalesce(x.posted, 0) or e.held <> coalesce(x.held, 0) or coalesce(x.strangers, 0) > 0',
	),
	unchecked('running-balance', 'where balance <> running'),
	unchecked('purchase-within-grant', 'where e.gone > b.granted or e.gone < 0'),
	unchecked(
		'every-seal-is-there',
		'where a.sealed_seq <> coalesce(s.count, 0) or a.sealed_seq <> coalesce(s.last, 0) or a.sealed_seq > a.seq',
	),
	{
		name: 'audit-ends-fit',
		edits: [
			{
				file: AUDIT,
				find: 'from credit_entries e left join credit_entries h on h.id = e.resolves_id\n',
				replace:
					'from (select * from credit_entries where false) e left join credit_entries h on h.id = e.resolves_id\n',
			},
		],
		tests: [AUDITS],
	},
	chained('chain-of-any-hash', 'return chain.hash === seal ? null : entry.seq;', 'return null;'),
	chained('chain-with-a-gap', 'if (entry.seq !== chain.seq + 1) return chain.seq + 1;', ''),
	chained('chain-with-an-unsealed-entry', 'if (chain.unsealed !== null) return chain.unsealed;', ''),
	{
		name: 'seal-without-predecessor',
		edits: [{ file: HASH, find: '`${before}\\n${canonicalJson', replace: '`${before.slice(0, 0)}\\n${canonicalJson' }],
		tests: [AUDITS, SEALS],
	},
	{
		name: 'seal-without-parts',
		edits: [
			{
				file: HASH,
				find: 'canonicalJson({ ...entry, parts })',
				replace: 'canonicalJson({ ...entry, parts: parts.slice(0, 0) })',
			},
		],
		tests: [AUDITS, SEALS],
	},
];
