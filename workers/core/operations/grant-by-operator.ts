import type { Whence } from '../actor';
import { operatorStatement } from '../audit/operator-entry';
import { collectOwedOf } from '../credits/collect-owed';
import { isGranted } from '../credits/grant-credits';
import { inOneBatch } from '../credits/post-entry';
import { grantStatements, refusalOfLedger, type Grant } from '../credits/statements';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { AppError, notFound, violates, violatesReference } from '../errors';
import { toCredits } from '../money';

/** A slip of the finger is not to be a fortune; who means more grants twice. */
export const GRANT_CREDITS_MAX = 100_000;

export interface OperatorGrant {
	whence: Whence;
	accountId: string;
	/** Whole, 1 to `GRANT_CREDITS_MAX`. */
	credits: number;
	reason: string;
	/** Chosen by the caller: the same grant under the same key is posted once. */
	key: string;
	/** In milliseconds; null: they do not end. */
	expiresAtMs: number | null;
}

/**
 * Adds credits to an account, and to its record who did so and why, in one batch. The same grant under its key again changes
 * nothing, another under it is a `conflict`; an end that has passed is refused with `invalid_input`, an account that is
 * not there with `not_found`.
 */
export async function grantByOperator(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	input: OperatorGrant,
): Promise<{ entryId: string; isNew: boolean }> {
	const { db } = deps;
	const { whence, accountId, credits, reason, key, expiresAtMs } = input;
	const nowMs = deps.now().getTime();
	const entryId = `grant:operator:${key}`;
	const grant: Grant = { entryId, accountId, amount: toCredits(credits), source: 'promo', expiresAtMs };
	const facts = { credits: String(credits) };
	const entry = { action: 'credits.granted', targetId: entryId, facts, reason } as const;
	const record = await operatorStatement(deps, { whence, accountId, name: entryId, ...entry });
	if (expiresAtMs !== null && expiresAtMs <= nowMs && !(await isGranted(deps, grant))) {
		throw new AppError('invalid_input', 'These credits would have ended already. Choose a later end.');
	}
	try {
		await withD1Retry(() => db.batch(inOneBatch([...grantStatements(db, { ...grant, nowMs }), record.statement])));
	} catch (cause) {
		if (violatesReference(cause)) throw notFound('account');
		if (!violates(cause, 'credit_buckets.id')) throw refusalOfLedger(cause) ?? cause;
		if (!(await isGranted(deps, grant))) {
			throw new AppError('conflict', 'This key stands for another grant. Choose a new one.', { cause });
		}
		return { entryId, isNew: false };
	}
	await collectOwedOf(deps, { accountId });
	return { entryId, isNew: true };
}
