import { eq } from 'drizzle-orm';

import { creditEntries } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { notFound, violates, violatesReference } from '../errors';
import { grantStatements, inOneBatch, refusalOfLedger, type Grant } from './statements';

/**
 * Posts credits to an account. `entryId` names what they are granted for (`grant:welcome:acc_…`): repeating the call is
 * a no-op, the same id with another account, amount or source is a `conflict`.
 */
export async function grantCredits({ db, now }: Pick<Deps, 'db' | 'now'>, grant: Grant): Promise<void> {
	try {
		await withD1Retry(() => db.batch(inOneBatch(grantStatements(db, { ...grant, nowMs: now().getTime() }))));
	} catch (cause) {
		if (violatesReference(cause)) throw notFound('account');
		if (violates(cause, 'credit_entries.id')) {
			const [stored] = await withD1Retry(() =>
				db.select().from(creditEntries).where(eq(creditEntries.id, grant.entryId)),
			);
			const isRepeat =
				stored?.kind === 'grant' &&
				stored.accountId === grant.accountId &&
				stored.amount === grant.amount &&
				stored.source === grant.source;
			if (isRepeat) return;
		}
		throw refusalOfLedger(cause) ?? cause;
	}
}
