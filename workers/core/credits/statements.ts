import { and, eq, sql, type SQL } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';

import { creditAccounts, creditEntries, creditHoldResolutions, creditHolds } from '../../../schema/credits';
import type { Database } from '../deps';
import { AppError, violates } from '../errors';
import type { Credits } from '../money';

/*
 * The ledger's writes as statements for one D1 batch, so that other nouns can commit them together with their own
 * rows. Each list is whole: leaving one of its statements out unbalances the ledger. Every rule is a constraint,
 * since a WHERE that matches nothing would let the rest of the batch commit; `refusalOfLedger` names what refused.
 */

type Statement = BatchItem<'sqlite'>;

/** Where credits come from. Holds do not choose between sources yet, so only one may be granted. */
export type GrantSource = 'promo';

export interface Grant {
	entryId: string;
	accountId: string;
	amount: Credits;
	source: GrantSource;
}

export interface Hold {
	/** Chosen by the caller and deterministic (`hold:rnd_…`). */
	holdId: string;
	accountId: string;
	amount: Credits;
	renderId: string;
}

/** D1 takes no empty batch; the types say so, and a list that came out empty is a bug. */
export function inOneBatch(statements: readonly Statement[]): [Statement, ...Statement[]] {
	const [first, ...rest] = statements;
	if (first === undefined) throw new RangeError('a batch needs a statement');
	return [first, ...rest];
}

export function welcomeEntryId(accountId: string): string {
	return `grant:welcome:${accountId}`;
}

/**
 * Opens an account with its welcome credits, which are posted only where `isWelcome` holds. Any repeat, with whatever amount,
 * changes nothing once the welcome was posted: `posted` is set to the sum of the entries, not added to.
 */
export function openCreditAccountStatements(
	db: Database,
	input: { accountId: string; welcomeCredits: Credits; nowMs: number; isWelcome: SQL },
): Statement[] {
	const { accountId, welcomeCredits, nowMs, isWelcome } = input;
	const open = db.insert(creditAccounts).values({ id: accountId }).onConflictDoNothing();
	if (welcomeCredits === 0) return [open];
	const entry = db
		.select({
			id: sql<string>`${welcomeEntryId(accountId)}`.as('id'),
			accountId: sql<string>`${accountId}`.as('account_id'),
			amount: sql<number>`${welcomeCredits}`.as('amount'),
			kind: sql<'grant'>`'grant'`.as('kind'),
			source: sql<'promo'>`'promo'`.as('source'),
			renderId: sql<null>`null`.as('render_id'),
			createdAtMs: sql<number>`${nowMs}`.as('created_at_ms'),
		})
		.from(sql`(select 1)`)
		.where(isWelcome);
	return [
		open,
		db.insert(creditEntries).select(entry).onConflictDoNothing(),
		db
			.update(creditAccounts)
			.set({
				posted: sql`(select coalesce(sum(${creditEntries.amount}), 0) from ${creditEntries} where ${creditEntries.accountId} = ${accountId})`,
			})
			.where(eq(creditAccounts.id, accountId)),
	];
}

/** Posts credits. A second use of `entryId` fails the batch on `credit_entries.id`. */
export function grantStatements(db: Database, { nowMs, ...grant }: Grant & { nowMs: number }): Statement[] {
	const { entryId, accountId, amount, source } = grant;
	return [
		db.insert(creditEntries).values({ id: entryId, accountId, amount, kind: 'grant', source, createdAtMs: nowMs }),
		db
			.update(creditAccounts)
			.set({ posted: sql`${creditAccounts.posted} + ${amount}` })
			.where(eq(creditAccounts.id, accountId)),
	];
}

/** Sets credits aside. More than the balance fails the batch on `held_within_posted`. */
export function holdStatements(db: Database, { nowMs, ...hold }: Hold & { nowMs: number }): Statement[] {
	const { holdId, accountId, amount, renderId } = hold;
	return [
		db.insert(creditHolds).values({ id: holdId, accountId, amount, renderId, createdAtMs: nowMs }),
		db
			.update(creditAccounts)
			.set({ held: sql`${creditAccounts.held} + ${amount}` })
			.where(eq(creditAccounts.id, accountId)),
	];
}

/**
 * Turns a hold into a charge. What is charged, whom and for what comes from the hold's row; the caller's values only
 * have to agree with it. The entry's id names the render, so one render cannot be charged through two holds either.
 */
export function captureStatements(db: Database, { nowMs, ...hold }: Hold & { nowMs: number }): Statement[] {
	const { holdId } = hold;
	return [
		resolve(db, { ...hold, kind: 'captured', nowMs }),
		db.insert(creditEntries).select(
			db
				.select({
					id: sql<string>`'capture:' || ${creditHolds.renderId}`.as('id'),
					accountId: creditHolds.accountId,
					amount: sql<number>`-${creditHolds.amount}`.as('amount'),
					kind: sql<'capture'>`'capture'`.as('kind'),
					source: sql<GrantSource>`'promo'`.as('source'),
					renderId: creditHolds.renderId,
					createdAtMs: sql<number>`${nowMs}`.as('created_at_ms'),
				})
				.from(creditHolds)
				.where(eq(creditHolds.id, holdId)),
		),
		db
			.update(creditAccounts)
			.set({
				posted: sql`${creditAccounts.posted} - ${amountOf(holdId)}`,
				held: sql`${creditAccounts.held} - ${amountOf(holdId)}`,
			})
			.where(eq(creditAccounts.id, accountOf(holdId))),
	];
}

/** Gives a hold back to the balance. */
export function releaseStatements(
	db: Database,
	{ holdId, accountId, amount, nowMs }: Omit<Hold, 'renderId'> & { nowMs: number },
): Statement[] {
	return [
		resolve(db, { holdId, accountId, amount, kind: 'released', nowMs }),
		db
			.update(creditAccounts)
			.set({ held: sql`${creditAccounts.held} - ${amountOf(holdId)}` })
			.where(eq(creditAccounts.id, accountOf(holdId))),
	];
}

/**
 * A hold that is missing, another account's, or not the one described yields NULL, and NOT NULL then fails the whole
 * batch; a WHERE would have let the rest of it commit.
 */
function resolve(
	db: Database,
	input: Omit<Hold, 'renderId'> & { renderId?: string; kind: 'captured' | 'released'; nowMs: number },
): Statement {
	const described = and(
		eq(creditHolds.id, input.holdId),
		eq(creditHolds.accountId, input.accountId),
		eq(creditHolds.amount, input.amount),
		input.renderId === undefined ? undefined : eq(creditHolds.renderId, input.renderId),
	);
	return db.insert(creditHoldResolutions).values({
		holdId: sql`(select ${creditHolds.id} from ${creditHolds} where ${described})`,
		kind: input.kind,
		createdAtMs: input.nowMs,
	});
}

function amountOf(holdId: string) {
	return sql`(select ${creditHolds.amount} from ${creditHolds} where ${creditHolds.id} = ${holdId})`;
}

function accountOf(holdId: string) {
	return sql`(select ${creditHolds.accountId} from ${creditHolds} where ${creditHolds.id} = ${holdId})`;
}

/**
 * The refusal behind a failed batch that carried ledger statements, or null when something else failed.
 * `known` puts figures into the sentence and the details when the caller has read them.
 */
export function refusalOfLedger(
	cause: unknown,
	known: { available?: number; required?: number } = {},
): AppError | null {
	if (violates(cause, 'held_within_posted')) {
		return new AppError('insufficient_credits', insufficient(known), { cause, details: { ...known } });
	}
	if (
		violates(cause, 'hold_positive') ||
		violates(cause, 'entry_not_zero') ||
		violates(cause, 'entry_sign_fits_kind')
	) {
		return new AppError('invalid_input', 'The amount is 0 credits. Name 1 or more.', { cause });
	}
	if (violates(cause, 'credit_hold_resolutions.hold_id')) {
		return new AppError('conflict', 'These credits were charged or given back already.', { cause });
	}
	if (isHoldMismatch(cause)) {
		return new AppError('conflict', 'No credits are set aside under this id for this account and amount.', { cause });
	}
	if (violates(cause, 'credit_holds.id') || violates(cause, 'credit_entries.id')) {
		return new AppError('conflict', 'This id was used before in the ledger. Use a new one.', { cause });
	}
	return null;
}

/** Whether a capture or release described a hold that is not there (see `captureStatements`). */
export function isHoldMismatch(cause: unknown): boolean {
	for (let error: unknown = cause; error instanceof Error; error = error.cause) {
		if (error.message.includes('NOT NULL constraint failed: credit_hold_resolutions.hold_id')) return true;
	}
	return false;
}

function insufficient({ available, required }: { available?: number; required?: number }): string {
	if (available === undefined || required === undefined)
		return 'There are not enough credits for this. Add credits first.';
	return `${available} credits, and this costs ${required}. Add credits first.`;
}
