import { and, isNotNull, lte } from 'drizzle-orm';

import { auditEntries } from '../../../schema/audit';
import { reconciliationFindings, reconciliations, stripeEvents } from '../../../schema/billing';
import { sessions } from '../../../schema/users';
import { idempotencyKeys } from '../../../schema/credits';
import { rateWindows } from '../../../schema/limits';
import { mails } from '../../../schema/mail';
import { invitations } from '../../../schema/memberships';
import { webhookEvents } from '../../../schema/renders';
import { sweeps } from '../../../schema/retention';
import type { Deps } from '../deps';

const DAY_MS = 86_400_000;
/** An order is repeated within seconds; a month is past any client's patience. */
const IDEMPOTENCY_KEY_DAYS = 30;
/** fal repeats a webhook for two hours; a month leaves time to look into one. */
const WEBHOOK_EVENT_DAYS = 30;
/** What was mailed is sealed only while it is queued; the rest says for a month what kinds went out, and when. */
const MAIL_DAYS = 30;
const SWEEP_DAYS = 90;
/** Stripe repeats an event for three days and lists it for thirty. One that was never handled stays, for somebody to look at. */
const STRIPE_EVENT_DAYS = 90;
/** Past the year's end that a bookkeeper closes. */
const RECONCILIATION_DAYS = 400;
/** Accepted or not, an invitation says afterwards whose address was asked; a month leaves time to ask again. */
const INVITATION_DAYS_AFTER = 30;
/** 24 months, of which one in four pairs has a leap day. */
export const AUDIT_DAYS = 731;

/**
 * Removes rows that serve nobody any more: ended sessions, windows and invitations, old idempotency keys, notices, events, mails,
 * sweeps, comparisons and audit entries (DD-37).
 * Most of these tables have no index by age, so the sweep calls it once an hour and not each minute.
 */
export async function prune({ db }: Pick<Deps, 'db'>, input: { dueMs: number }): Promise<void> {
	const { dueMs } = input;
	// Sessions end by the world's clock, which a clock moved forward locally must not end early.
	const sessionsEndedBy = new Date(Math.min(dueMs, Date.now()));
	await db.batch([
		db.delete(sessions).where(lte(sessions.expiresAt, sessionsEndedBy)),
		db.delete(rateWindows).where(lte(rateWindows.endsAtMs, dueMs)),
		db.delete(idempotencyKeys).where(lte(idempotencyKeys.createdAtMs, dueMs - IDEMPOTENCY_KEY_DAYS * DAY_MS)),
		db.delete(webhookEvents).where(lte(webhookEvents.receivedAtMs, dueMs - WEBHOOK_EVENT_DAYS * DAY_MS)),
		db.delete(mails).where(lte(mails.endedAtMs, dueMs - MAIL_DAYS * DAY_MS)),
		db.delete(invitations).where(lte(invitations.expiresAtMs, dueMs - INVITATION_DAYS_AFTER * DAY_MS)),
		db.delete(auditEntries).where(lte(auditEntries.createdAtMs, dueMs - AUDIT_DAYS * DAY_MS)),
		db.delete(sweeps).where(lte(sweeps.startedAtMs, dueMs - SWEEP_DAYS * DAY_MS)),
		db
			.delete(stripeEvents)
			.where(and(lte(stripeEvents.receivedAtMs, dueMs - STRIPE_EVENT_DAYS * DAY_MS), isNotNull(stripeEvents.doneAtMs))),
		db.delete(reconciliations).where(lte(reconciliations.createdAtMs, dueMs - RECONCILIATION_DAYS * DAY_MS)),
		db
			.delete(reconciliationFindings)
			.where(lte(reconciliationFindings.createdAtMs, dueMs - RECONCILIATION_DAYS * DAY_MS)),
	]);
}
