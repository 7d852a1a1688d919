import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

import { accounts } from './accounts';

/*
 * Buying. Stripe holds cards, addresses and tax numbers; here are its ids, what was bought, and a summary of four things:
 * brand, last four digits, status, period (DD-11). Nothing of an event but its ids is kept: what happened is read at Stripe again.
 */

/** An account at Stripe, and what the billing page shows of it without asking. */
export const billingCustomers = sqliteTable(
	'billing_customers',
	{
		accountId: text('account_id')
			.primaryKey()
			.references(() => accounts.id),
		/** `cus_…` */
		customerId: text('customer_id').notNull().unique(),
		subscriptionId: text('subscription_id'),
		/** The plan's id in `studios/`. */
		plan: text(),
		/** Stripe's word for the subscription: active, past_due, canceled … */
		status: text(),
		periodStartMs: integer('period_start_ms'),
		periodEndMs: integer('period_end_ms'),
		/** Whether it ends with the period. */
		isEnding: integer('is_ending', { mode: 'boolean' }).notNull().default(false),
		cardBrand: text('card_brand'),
		cardLast4: text('card_last4'),
		/** When Stripe was last asked. */
		readAtMs: integer('read_at_ms').notNull(),
	},
	(t) => [check('last_four_are_four', sql`${t.cardLast4} is null or length(${t.cardLast4}) = 4`)],
);

/** What somebody set out to buy: our own price and credits at that moment, so that no figure comes from what Stripe carries for us. */
export const checkouts = sqliteTable(
	'checkouts',
	{
		id: text().primaryKey(),
		accountId: text('account_id')
			.notNull()
			.references(() => accounts.id),
		requestedBy: text('requested_by').notNull(),
		/** The pack's or plan's id in `studios/`. */
		item: text().notNull(),
		credits: integer().notNull(),
		/** Without tax. */
		cents: integer().notNull(),
		currency: text().notNull(),
		/** `cs_…`; null until Stripe has answered. */
		sessionId: text('session_id').unique(),
		/** `paying`: done at the till, and the payment takes its time. */
		state: text({ enum: ['open', 'paying', 'paid', 'failed', 'expired'] }).notNull(),
		createdAtMs: integer('created_at_ms').notNull(),
		endedAtMs: integer('ended_at_ms'),
	},
	(t) => [
		check('checkout_credits_positive', sql`${t.credits} > 0`),
		index('checkouts_account').on(t.accountId, t.createdAtMs),
		index('checkouts_unended')
			.on(t.createdAtMs)
			.where(sql`ended_at_ms is null`),
	],
);

/** What was paid for and granted: one row for each payment intent of a pack, each paid invoice of a plan. */
export const purchases = sqliteTable(
	'purchases',
	{
		/** `pi_…` or `in_…`: the paid object, under whichever event it was told of. */
		id: text().primaryKey(),
		accountId: text('account_id')
			.notNull()
			.references(() => accounts.id),
		item: text().notNull(),
		credits: integer().notNull(),
		/** What was paid in all, tax included: refunds and disputes are parts of it. */
		paidCents: integer('paid_cents').notNull(),
		currency: text().notNull(),
		/** The payment behind an invoice; null when it was paid outside of Stripe. */
		paymentId: text('payment_id').unique(),
		invoiceId: text('invoice_id'),
		/** Of what has been given back so far, as Stripe last said. */
		refundedCents: integer('refunded_cents').notNull().default(0),
		disputeState: text('dispute_state', { enum: ['open', 'won', 'lost'] }),
		paidAtMs: integer('paid_at_ms').notNull(),
	},
	(t) => [
		check('purchase_credits_positive', sql`${t.credits} > 0`),
		index('purchases_account').on(t.accountId, t.paidAtMs),
		index('purchases_age').on(t.paidAtMs),
	],
);

/** A verified event of Stripe's, recorded before it is answered. Which object it is about; what it says is not kept. */
export const stripeEvents = sqliteTable(
	'stripe_events',
	{
		/** `evt_…` */
		id: text().primaryKey(),
		type: text().notNull(),
		objectId: text('object_id').notNull(),
		receivedAtMs: integer('received_at_ms').notNull(),
		/** When what follows from it had been done. */
		doneAtMs: integer('done_at_ms'),
		triedAtMs: integer('tried_at_ms').notNull().default(0),
	},
	(t) => [
		index('stripe_events_undone')
			.on(t.triedAtMs)
			.where(sql`done_at_ms is null`),
		index('stripe_events_age').on(t.receivedAtMs),
	],
);

/** One comparison of a day at Stripe, and at the processors, with the ledger. */
export const reconciliations = sqliteTable(
	'reconciliations',
	{
		/** The night it belongs to: `2026-11-21`, or one that an operator asked for. */
		run: text().notNull(),
		/** The day that was compared, UTC: `2026-11-20`. */
		day: text().notNull(),
		state: text({ enum: ['waiting', 'done', 'failed'] }).notNull(),
		/** Objects that Stripe listed. */
		listed: integer().notNull().default(0),
		repaired: integer().notNull().default(0),
		/** Credits charged for the day's renders. */
		chargedCredits: integer('charged_credits').notNull().default(0),
		/** What its attempts cost, as far as known, in millionths of a US dollar. */
		costMicros: integer('cost_micros').notNull().default(0),
		/** Attempts whose cost is not known, which is not zero. */
		costUnknown: integer('cost_unknown').notNull().default(0),
		createdAtMs: integer('created_at_ms').notNull(),
		endedAtMs: integer('ended_at_ms'),
	},
	(t) => [
		primaryKey({ columns: [t.run, t.day], name: 'reconciliations_pk' }),
		index('reconciliations_age').on(t.createdAtMs),
		index('reconciliations_waiting')
			.on(t.createdAtMs)
			.where(sql`state = 'waiting'`),
	],
);

/** What a comparison found and could not, or need not, leave as it was. */
export const reconciliationFindings = sqliteTable(
	'reconciliation_findings',
	{
		run: text().notNull(),
		day: text().notNull(),
		/** `ungranted`, `unreversed`, `unknown_price`, `not_at_stripe` … */
		kind: text().notNull(),
		/** What it is about: an id of ours or Stripe's. */
		objectId: text('object_id').notNull(),
		isRepaired: integer('is_repaired', { mode: 'boolean' }).notNull(),
		createdAtMs: integer('created_at_ms').notNull(),
	},
	(t) => [
		primaryKey({ columns: [t.run, t.day, t.kind, t.objectId], name: 'reconciliation_findings_pk' }),
		index('reconciliation_findings_age').on(t.createdAtMs),
	],
);
