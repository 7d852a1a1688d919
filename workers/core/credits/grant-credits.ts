import { eq } from 'drizzle-orm';

import { creditBuckets } from '../../../schema/credits';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { notFound, violates, violatesReference } from '../errors';
import { inOneBatch } from './post-entry';
import { grantStatements, refusalOfLedger, type Grant } from './statements';

/**
 * Posts credits to an account. `entryId` names what they are granted for (`grant:operator:…`): repeating the call is
 * a no-op, the same id with another account, amount, source, end or purchase is a `conflict`.
 */
export async function grantCredits({ db, now }: Pick<Deps, 'db' | 'now'>, grant: Grant): Promise<void> {
	try {
		await withD1Retry(() => db.batch(inOneBatch(grantStatements(db, { ...grant, nowMs: now().getTime() }))));
	} catch (cause) {
		if (violatesReference(cause)) throw notFound('account');
		if (violates(cause, 'credit_buckets.id') && (await isGranted({ db }, grant))) return;
		throw refusalOfLedger(cause) ?? cause;
	}
}

/** Whether this very grant was posted. It is asked after a refused write, to tell a repeat from a contradiction. */
export async function isGranted({ db }: Pick<Deps, 'db'>, grant: Grant): Promise<boolean> {
	const { entryId, accountId, amount, source, expiresAtMs = null, purchaseId = null } = grant;
	const [stored] = await withD1Retry(() => db.select().from(creditBuckets).where(eq(creditBuckets.id, entryId)));
	return (
		stored?.accountId === accountId &&
		stored.granted === amount &&
		stored.source === source &&
		stored.expiresAtMs === expiresAtMs &&
		stored.purchaseId === purchaseId
	);
}
