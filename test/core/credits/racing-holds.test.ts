import { expect, test } from 'vitest';

import { auditLedger } from '../../../workers/core/credits/audit-ledger';
import { captureCredits } from '../../../workers/core/credits/capture-credits';
import { holdCredits } from '../../../workers/core/credits/hold-credits';
import { releaseCredits } from '../../../workers/core/credits/release-credits';
import { AppError } from '../../../workers/core/errors';
import { aHold, balanceOf } from '../../support/given';
import { entriesOf, givenEmptyAccount, givenGrant, leftOf } from './given-grants';

/** How often what was told in each way: `done`, or a refusal's code. */
async function toldOf(calls: readonly Promise<unknown>[]): Promise<Record<string, number>> {
	const told: Record<string, number> = {};
	for (const outcome of await Promise.allSettled(calls)) {
		if (outcome.status === 'rejected' && !(outcome.reason instanceof AppError)) throw outcome.reason;
		const word = outcome.status === 'fulfilled' ? 'done' : String(outcome.reason.code);
		told[word] = (told[word] ?? 0) + 1;
	}
	return told;
}

test(
	'of 500 holds of 1 that race for 100 credits in four buckets 100 succeed, and of 400 ends that race for them 100 win',
	{ timeout: 120_000 },
	async () => {
		const { deps, accountId } = await givenEmptyAccount();
		await givenGrant(deps, accountId, 40, { source: 'pack', endsInDays: 365 });
		await givenGrant(deps, accountId, 10);
		await givenGrant(deps, accountId, 30, { source: 'plan', endsInDays: 30 });
		await givenGrant(deps, accountId, 20, { endsInDays: 1 });
		const holds = Array.from({ length: 500 }, () => aHold(accountId, 1));

		const held = await toldOf(holds.map((hold) => holdCredits(deps, hold)));

		expect(held).toEqual({ done: 100, insufficient_credits: 400 });
		expect(await balanceOf(deps, accountId)).toEqual({ posted: 100, held: 100 });
		expect(Object.values(await leftOf(deps, accountId)).map(([left, aside]) => left - aside)).toEqual([0, 0, 0, 0]);
		expect((await auditLedger(deps)).violations).toEqual([]);

		const ids = new Set(await holdsOf(deps, accountId));
		const mine = holds.filter(({ holdId }) => ids.has(holdId));
		expect(mine).toHaveLength(100);
		const ends = mine.flatMap((hold) => [captureCredits, releaseCredits].map((end) => ({ hold, end })));
		// Each end twice: the same again is no second end, the other one is refused.
		const ended = await toldOf([...ends, ...ends].map(({ hold, end }) => end(deps, hold)));

		expect(ended).toEqual({ done: 200, conflict: 200 });
		const kinds = (await entriesOf(deps, accountId, 105)).toSorted();
		expect(kinds).toHaveLength(100);
		const captured = kinds.filter((kind) => kind === 'capture 1').length;
		expect(kinds.filter((kind) => kind === 'release 1')).toHaveLength(100 - captured);
		expect(await balanceOf(deps, accountId)).toEqual({ posted: 100 - captured, held: 0 });
		expect((await auditLedger(deps)).violations).toEqual([]);
	},
);

async function holdsOf(deps: Parameters<typeof entriesOf>[0], accountId: string): Promise<string[]> {
	const { results } = await deps.d1
		.prepare("select id from credit_entries where account_id = ? and kind = 'hold'")
		.bind(accountId)
		.all<{ id: string }>();
	return results.map(({ id }) => id);
}
