import { eq } from 'drizzle-orm';

import { creditEntries } from '../../../schema/credits';
import type { Whence } from '../actor';
import { operatorStatement } from '../audit/operator-entry';
import { returnCredits } from '../credits/return-credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { notFound } from '../errors';

/**
 * Gives the credits of a charged render back, once. It is recorded before it is done, under one name: whoever comes again after
 * a lost answer finds either, and ends with both. Refuses a render that was not charged with `not_found`.
 */
export async function returnByOperator(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	{ whence, renderId, reason }: { whence: Whence; renderId: string; reason: string },
): Promise<{ accountId: string; credits: number }> {
	const { db } = deps;
	const [charge] = await withD1Retry(() =>
		db
			.select({ accountId: creditEntries.accountId, credits: creditEntries.amount })
			.from(creditEntries)
			.where(eq(creditEntries.id, `capture:${renderId}`)),
	);
	if (charge === undefined) throw notFound('charged render');
	const facts = { credits: String(charge.credits) };
	const entry = { action: 'credits.returned', targetId: renderId, facts, reason } as const;
	const name = `return:${renderId}`;
	const record = await operatorStatement(deps, { whence, accountId: charge.accountId, name, ...entry });
	await withD1Retry(() => record.statement.run());
	return returnCredits(deps, { renderId });
}
