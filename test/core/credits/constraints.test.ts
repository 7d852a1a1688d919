import { expect, test } from 'vitest';

import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { freshDeps } from '../../support/deps';
import { expectLedgerIsSound } from '../../support/ledger-invariant';
import { givenAccount, givenHold, ledgerOf } from '../../support/given';

/*
 * The ledger's code never asks for what these refuse. They stand for the code that one day does: each is asked for by hand, and
 * has to be refused by its name.
 */

const ENTRY = `insert into credit_entries
	(id, account_id, seq, kind, amount, posted, held, owed, balance, resolves_id, created_at_ms)`;

/** An entry that is right but for what `entry` says. */
function entryOf(
	entry: Partial<Record<'id' | 'seq' | 'resolves', string>> & { kind: string; changes: string },
): string {
	const { id = `'extra:' || :account`, seq = '999', resolves = 'null', kind, changes } = entry;
	return `${ENTRY} select ${id}, :account, ${seq}, '${kind}', ${changes}, 0, ${resolves}, 0`;
}

test.each([
	['bucket_granted_positive', 'update credit_buckets set granted = 0 where account_id = :account'],
	['bucket_held_not_negative', 'update credit_buckets set held = -1 where account_id = :account'],
	['bucket_held_within_remaining', 'update credit_buckets set held = remaining + 1 where account_id = :account'],
	['held_not_negative', 'update credit_accounts set held = -1 where id = :account'],
	['held_within_posted', 'update credit_accounts set held = posted + 1 where id = :account'],
	['owed_not_negative', 'update credit_accounts set owed = -1 where id = :account'],
	['entry_amount_positive', entryOf({ kind: 'grant', changes: '0, 0, 0, 0' })],
	['hold_covered', entryOf({ kind: 'hold', changes: '10, 0, 9, 0' })],
	['entry_adds_up', entryOf({ kind: 'grant', changes: '10, 9, 0, 0' })],
	['entry_adds_up', entryOf({ kind: 'capture', changes: '10, -10, -9, 0' })],
	['entry_adds_up', entryOf({ kind: 'release', changes: '10, 0, -9, 0' })],
	['entry_adds_up', entryOf({ kind: 'expiry', changes: '10, -9, 0, 0' })],
	['entry_adds_up', entryOf({ kind: 'reversal', changes: '10, -4, 0, 5' })],
	['entry_adds_up', entryOf({ kind: 'freeze', changes: '10, 0, 11, 0' })],
	['entry_adds_up', entryOf({ kind: 'thaw', changes: '10, 0, 1, 0' })],
	['entry_adds_up', entryOf({ kind: 'loss', changes: '10, -4, -4, 5' })],
	['entry_adds_up', entryOf({ kind: 'reinstatement', changes: '10, 4, 0, -5' })],
	['entry_adds_up', entryOf({ kind: 'return', changes: '10, 9, 0, 0' })],
	['entry_adds_up', entryOf({ kind: 'repayment', changes: '10, -10, 0, -9' })],
	['entry_adds_up', entryOf({ kind: 'gift', changes: '10, 10, 0, 0' })],
	['credit_entries.account_id, credit_entries.seq', entryOf({ kind: 'grant', changes: '10, 10, 0, 0', seq: '1' })],
	[
		'credit_entries.resolves_id',
		entryOf({
			kind: 'release',
			changes: '20, 0, -20, 0',
			resolves: `(select resolves_id from credit_entries where account_id = :account and kind = 'capture')`,
		}),
	],
	[
		'part_changes_something',
		'update credit_parts set posted = 0, held = 0 where bucket_id in (select id from credit_buckets where account_id = :account)',
	],
])('%s refuses by itself (case %#)', async (constraint, statement) => {
	const deps = freshDeps();
	const { accountId } = await givenAccount(deps);
	await captureCredits(deps, await givenHold(deps, accountId, 20));
	const before = await ledgerOf(deps, accountId);

	const refused = deps.d1.prepare(statement.replaceAll(':account', '?1')).bind(accountId).run();

	await expect(refused).rejects.toThrow(`constraint failed: ${constraint}`);
	expect(await ledgerOf(deps, accountId)).toEqual(before);
	await expectLedgerIsSound(deps.db);
});
