import { sql, type SQL } from 'drizzle-orm';

import { creditAccounts, creditBuckets } from '../../../schema/credits';
import type { Database } from '../deps';
import { AppError, lacks, violates } from '../errors';
import type { Credits } from '../money';
import { postEntry, takeFrom, type Statement } from './post-entry';

/*
 * The ledger's writes that other nouns commit together with their own rows, as statements for one D1 batch. Every rule is a
 * constraint, since a WHERE that matches nothing would let the rest of the batch commit; `refusalOfLedger` names what refused.
 */

export type GrantSource = 'promo' | 'plan' | 'pack' | 'refund';

export interface Grant {
	/** Deterministic: names what the credits are granted for (`grant:stripe:pi_…`). The bucket has the same id. */
	entryId: string;
	accountId: string;
	amount: Credits;
	source: GrantSource;
	/** When what is left of them ends, in milliseconds; null, unless told: never. */
	expiresAtMs?: number | null;
	/** What they were bought with (`purchases.id`). */
	purchaseId?: string | null;
}

export interface Hold {
	/** Chosen by the caller and deterministic (`hold:rnd_…`). */
	holdId: string;
	accountId: string;
	amount: Credits;
	renderId: string;
}

export function welcomeEntryId(accountId: string): string {
	return `grant:welcome:${accountId}`;
}

/**
 * Opens an account with its welcome credits, which are posted only where `isWelcome` holds. Any repeat, with whatever amount,
 * changes nothing once the welcome was posted.
 */
export function openCreditAccountStatements(
	db: Database,
	input: { accountId: string; welcomeCredits: Credits; nowMs: number; isWelcome: SQL },
): Statement[] {
	const { accountId, welcomeCredits, nowMs, isWelcome } = input;
	const open = db.insert(creditAccounts).values({ id: accountId }).onConflictDoNothing();
	if (welcomeCredits === 0) return [open];
	const id = welcomeEntryId(accountId);
	const grant: Grant = { entryId: id, accountId, amount: welcomeCredits, source: 'promo' };
	const isNew = sql`not exists (select 1 from credit_entries where id = ${id})`;
	return [
		open,
		newBucket(db, { ...grant, nowMs }, sql`${isWelcome} and ${isNew}`),
		...postGrant(db, { ...grant, nowMs }, sql`${isNew} and exists (select 1 from credit_buckets where id = ${id})`),
	];
}

/** Posts credits. A second use of `entryId` fails the batch on `credit_buckets.id`. */
export function grantStatements(db: Database, grant: Grant & { nowMs: number }): Statement[] {
	return [newBucket(db, grant), ...postGrant(db, grant)];
}

function newBucket(db: Database, grant: Grant & { nowMs: number }, when = sql`true`): Statement {
	const { entryId, accountId, amount, source, expiresAtMs = null, purchaseId = null, nowMs } = grant;
	return db.insert(creditBuckets).select(sql`
		select ${entryId}, ${accountId}, ${source}, ${amount}, 0, 0, ${expiresAtMs}, ${purchaseId}, ${nowMs}, null where ${when}`);
}

function postGrant(db: Database, grant: Grant & { nowMs: number }, when?: SQL): Statement[] {
	const { entryId, accountId, amount, purchaseId = null, nowMs } = grant;
	return postEntry(db, {
		id: sql`${entryId}`,
		accountId: sql`${accountId}`,
		kind: 'grant',
		amount: sql`${amount}`,
		parts: sql`select ${entryId} as bucket_id, ${amount} as posted, 0 as held`,
		purchaseId: sql`${purchaseId}`,
		...(when === undefined ? {} : { when }),
		nowMs,
	});
}

/**
 * Sets credits aside, from as many buckets as it takes. More than there are fails the batch on `hold_covered`, and so does an
 * account that owes: what it owes is paid first.
 */
export function holdStatements(db: Database, { nowMs, ...hold }: Hold & { nowMs: number }): Statement[] {
	const accountId = sql`${hold.accountId}`;
	const amount = sql`${hold.amount}`;
	return postEntry(db, {
		id: sql`${hold.holdId}`,
		accountId,
		kind: 'hold',
		amount,
		parts: sql`select bucket_id, 0 as posted, take as held from (${takeFrom({ accountId, amount, nowMs })})
			where (select owed from credit_accounts where id = ${accountId}) = 0`,
		renderId: sql`${hold.renderId}`,
		nowMs,
	});
}

/**
 * Turns a hold into a charge. What is charged, whom and for what comes from the hold's row; the caller's values only
 * have to agree with it. The entry's id names the render, so one render cannot be charged through two holds either.
 */
export function captureStatements(db: Database, { nowMs, ...hold }: Hold & { nowMs: number }): Statement[] {
	return resolve(db, { ...hold, kind: 'capture', nowMs });
}

/** Gives a hold back to the buckets that it came from. */
export function releaseStatements(db: Database, hold: Omit<Hold, 'renderId'> & { nowMs: number }): Statement[] {
	return resolve(db, { ...hold, kind: 'release' });
}

/**
 * A hold that is missing, another account's, or not the one described yields NULL, and NOT NULL then fails the whole
 * batch; a WHERE would have let the rest of it commit. `resolves_id` is unique: a hold ends once.
 */
function resolve(
	db: Database,
	input: Omit<Hold, 'renderId'> & { renderId?: string; kind: 'capture' | 'release'; nowMs: number },
): Statement[] {
	const { holdId, accountId, amount, renderId, kind, nowMs } = input;
	const ofHold = (column: SQL) => sql`(select ${column} from credit_entries where id = ${holdId} and kind = 'hold'
		and account_id = ${accountId} and amount = ${amount} ${renderId === undefined ? sql`` : sql`and render_id = ${renderId}`})`;
	const posted = kind === 'capture' ? sql`-held` : sql`0`;
	return postEntry(db, {
		id: sql`${kind} || ':' || ${ofHold(sql`render_id`)}`,
		accountId: sql`${accountId}`,
		kind,
		amount: ofHold(sql`amount`),
		parts: sql`select bucket_id, ${posted} as posted, -held as held from credit_parts where entry_id = ${holdId}`,
		renderId: ofHold(sql`render_id`),
		resolvesId: sql`${holdId}`,
		nowMs,
	});
}

/**
 * The refusal behind a failed batch that carried ledger statements, or null when something else failed.
 * `known` puts figures into the sentence and the details when the caller has read them.
 */
export function refusalOfLedger(
	cause: unknown,
	known: { available?: number; required?: number; owed?: number } = {},
): AppError | null {
	if (violates(cause, 'hold_covered')) {
		const { owed = 0, ...figures } = known;
		const details = owed > 0 ? { ...figures, owed } : figures;
		return new AppError('insufficient_credits', insufficient(known), { cause, details });
	}
	if (violates(cause, 'entry_amount_positive') || violates(cause, 'bucket_granted_positive')) {
		return new AppError('invalid_input', 'The amount is 0 credits. Name 1 or more.', { cause });
	}
	if (isResolvedBefore(cause)) {
		return new AppError('conflict', 'These credits were charged or given back already.', { cause });
	}
	if (isHoldMismatch(cause)) {
		return new AppError('conflict', 'No credits are set aside under this id for this account and amount.', { cause });
	}
	if (violates(cause, 'credit_entries.id') || violates(cause, 'credit_buckets.id')) return usedBefore(cause);
	return null;
}

export function usedBefore(cause: unknown): AppError {
	return new AppError('conflict', 'This id was used before in the ledger. Use a new one.', { cause });
}

/** Whether a capture or release came after another. */
export function isResolvedBefore(cause: unknown): boolean {
	return violates(cause, 'credit_entries.resolves_id');
}

/** Whether a capture or release described a hold that is not there (see `resolve`). */
export function isHoldMismatch(cause: unknown): boolean {
	return lacks(cause, 'credit_entries.id') || lacks(cause, 'credit_entries.amount');
}

function insufficient({
	available,
	required,
	owed = 0,
}: {
	available?: number;
	required?: number;
	owed?: number;
}): string {
	if (owed > 0) return `${owed} credits are owed after a refund or a dispute. The next credits pay that first.`;
	if (available === undefined || required === undefined)
		return 'There are not enough credits for this. Add credits first.';
	return `${available} credits, and this costs ${required}. Add credits first.`;
}
