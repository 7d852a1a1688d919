import type { Mutant } from './mutant';

const STATEMENTS = 'workers/core/credits/statements.ts';
const POST = 'workers/core/credits/post-entry.ts';
const REVERSE = 'workers/core/credits/reverse-credits.ts';
const DISPUTE = 'workers/core/credits/dispute-credits.ts';

const HOLDS = 'test/core/credits/hold-credits.test.ts';
const CAPTURES = 'test/core/credits/capture-credits.test.ts';
const RELEASES = 'test/core/credits/release-credits.test.ts';
const GRANTS = 'test/core/credits/grant-credits.test.ts';
const BUCKETS = 'test/core/credits/buckets.test.ts';
const REVERSALS = 'test/core/credits/reverse.test.ts';
const EXPIRIES = 'test/core/credits/expire.test.ts';
const OWED = 'test/core/credits/owed.test.ts';
const DISPUTES = 'test/core/credits/dispute.test.ts';

/** What the ledger's own code guards, one guard at a time. */
export const LEDGER_MUTANTS: readonly Mutant[] = [
	{
		name: 'random-hold-id',
		edits: [
			{
				file: STATEMENTS,
				find: '		id: sql`${hold.holdId}`,\n',
				replace: "		id: sql`'hold:' || hex(randomblob(16))`,\n",
			},
		],
		tests: [HOLDS],
	},
	{
		name: 'random-capture-id',
		edits: [
			{
				file: STATEMENTS,
				find: "		id: sql`${kind} || ':' || ${ofHold(sql`render_id`)}`,\n",
				replace: "		id: sql`${kind} || ':' || hex(randomblob(16))`,\n",
			},
		],
		tests: [CAPTURES, 'test/core/credits/statements.test.ts'],
	},
	{
		name: 'random-grant-id',
		edits: [
			{
				file: STATEMENTS,
				find: '	return [newBucket(db, grant), ...postGrant(db, grant)];',
				replace:
					'	const fresh = { ...grant, entryId: `grant:${crypto.randomUUID()}` };\n	return [newBucket(db, fresh), ...postGrant(db, fresh)];',
			},
		],
		tests: [GRANTS],
	},
	{
		name: 'repeated-hold-refused',
		edits: [
			{
				file: 'workers/core/credits/hold-credits.ts',
				find: 'if (stored !== null && isSameHold(stored, hold)) return;',
				replace: '',
			},
		],
		tests: [HOLDS],
	},
	{
		name: 'capture-of-any-amount',
		edits: [
			{
				file: STATEMENTS,
				find: 'and account_id = ${accountId} and amount = ${amount} ',
				replace: 'and account_id = ${accountId} ',
			},
		],
		tests: [CAPTURES, RELEASES],
	},
	{
		name: 'capture-of-any-account',
		edits: [
			{
				file: STATEMENTS,
				find: 'and account_id = ${accountId} and amount = ${amount} ',
				replace: 'and amount = ${amount} ',
			},
		],
		tests: [CAPTURES, RELEASES, 'test/core/credits/statements.test.ts'],
	},
	{
		name: 'release-to-another-bucket',
		edits: [
			{
				file: STATEMENTS,
				find: 'parts: sql`select bucket_id, ${posted} as posted, -held as held from credit_parts where entry_id = ${holdId}`',
				replace:
					'parts: sql`select (select max(id) from credit_buckets where account_id = ${accountId}) as bucket_id, sum(${posted}) as posted, -sum(held) as held from credit_parts where entry_id = ${holdId}`',
			},
		],
		tests: [RELEASES, BUCKETS],
	},
	{
		name: 'spend-order-reversed',
		edits: [
			{
				file: POST,
				find: "source = 'pack', coalesce(expires_at_ms, 9e15), created_at_ms, id",
				replace: "source <> 'pack', coalesce(expires_at_ms, 9e15) desc, created_at_ms, id",
			},
		],
		tests: [BUCKETS],
	},
	{
		name: 'ended-credits-spent',
		edits: [
			{
				file: POST,
				find: 'and remaining > held and (expires_at_ms is null or expires_at_ms > ${nowMs} or ${isFirst})',
				replace: 'and remaining > held',
			},
		],
		tests: [EXPIRIES, BUCKETS],
	},
	{
		name: 'owed-ignored-by-holds',
		edits: [
			{
				file: STATEMENTS,
				find: '\n			where (select owed from credit_accounts where id = ${accountId}) = 0`',
				replace: '`',
			},
		],
		tests: [OWED, HOLDS],
	},
	{
		name: 'reversal-read-then-written',
		edits: [
			{
				file: REVERSE,
				find: '- ${goneOf(purchaseId, { but: id })}`;',
				replace:
					'- ${(await db.all<{ gone: number }>(sql`select ${goneOf(purchaseId, { but: id })} as gone`))[0]?.gone ?? 0}`;',
			},
		],
		tests: ['test/core/credits/racing-refunds.test.ts'],
	},
	{
		name: 'reversal-not-cumulative',
		edits: [{ file: REVERSE, find: ' - ${goneOf(purchaseId, { but: id })}`;', replace: '`;' }],
		tests: [REVERSALS],
	},
	{
		name: 'reversal-beyond-the-grant',
		edits: [{ file: REVERSE, find: 'min(${targetCredits}, ${bucket.granted})', replace: '${targetCredits}' }],
		tests: [REVERSALS],
	},
	{
		name: 'reversal-of-more-than-its-part',
		edits: [{ file: REVERSE, find: 'max(0, min(${creditsMax}, ${missing}))', replace: 'max(0, ${missing})' }],
		tests: ['test/core/credits/racing-refunds.test.ts'],
	},
	{
		name: 'reversal-of-others-first',
		edits: [
			{
				file: REVERSE,
				find: 'takeFrom({ accountId, amount, nowMs, first: sql`${bucketId}` })',
				replace: 'takeFrom({ accountId, amount, nowMs })',
			},
		],
		tests: [REVERSALS],
	},
	{
		name: 'missing-credits-not-owed',
		edits: [{ file: REVERSE, find: '		owed: sql`${amount} + p.posted`,\n', replace: '' }],
		tests: [REVERSALS],
	},
	{
		name: 'expiry-of-held-credits',
		edits: [
			{
				file: 'workers/core/credits/expire-credits.ts',
				find: 'held - remaining as posted',
				replace: '-remaining as posted',
			},
		],
		tests: [EXPIRIES],
	},
	{
		name: 'freeze-after-thaw',
		edits: [{ file: DISPUTE, find: "['freeze', 'thaw', 'loss']", replace: "['freeze']" }],
		tests: [DISPUTES],
	},
	{
		name: 'loss-after-thaw',
		edits: [
			{
				file: DISPUTE,
				find: "when: sql`${amount} > 0 and not ${hasEntry(disputed, ['thaw', 'loss'])}`",
				replace: "when: sql`${amount} > 0 and not ${hasEntry(disputed, ['loss'])}`",
			},
		],
		tests: [DISPUTES],
	},
	{
		name: 'loss-beside-a-refund',
		edits: [
			{
				file: DISPUTE,
				find: 'max(0, min(${disputed.amount}, ${bucket.granted} - ${goneOf(purchaseId, { but: id })}))',
				replace: '${disputed.amount}',
			},
		],
		tests: [DISPUTES],
	},
	{
		name: 'reinstated-twice',
		edits: [
			{
				file: 'workers/core/credits/reinstate-credits.ts',
				find: 'when: sql`not exists (select 1 from credit_entries where resolves_id = ${taken.id})`',
				replace: 'when: sql`true`',
			},
		],
		tests: ['test/core/credits/reinstate.test.ts'],
	},
	{
		name: 'returned-twice',
		edits: [
			{
				file: 'workers/core/credits/return-credits.ts',
				find: 'when: sql`not exists (select 1 from credit_entries where resolves_id = ${captureId})`',
				replace: 'when: sql`true`',
			},
		],
		tests: ['test/core/credits/return.test.ts'],
	},
	{
		name: 'repayment-without-end',
		edits: [
			{
				file: 'workers/core/credits/collect-owed.ts',
				find: 'const amount = sql`(select owed from credit_accounts where id = ${id})`;',
				replace: 'const amount = sql`1000000000`;',
			},
		],
		tests: [OWED],
	},
];
