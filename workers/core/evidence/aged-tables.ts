import { isNotNull, sql, type SQL } from 'drizzle-orm';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';

import { auditEntries } from '../../../schema/audit';
import { reconciliationFindings, reconciliations, stripeEvents } from '../../../schema/billing';
import { choices, conversions } from '../../../schema/choices';
import { idempotencyKeys } from '../../../schema/credits';
import { erasures, legalHolds } from '../../../schema/erasures';
import { evidencePoints } from '../../../schema/evidence';
import { incidents, staffAccesses } from '../../../schema/incidents';
import { rateWindows } from '../../../schema/limits';
import { mailEvents, mails, mailSuppressions } from '../../../schema/mail';
import { invitations } from '../../../schema/memberships';
import { webhookEvents } from '../../../schema/renders';
import { sweeps } from '../../../schema/retention';
import { rightsRequests } from '../../../schema/rights';
import { tickets } from '../../../schema/support';
import type { DataClass } from '../../../studios/policy/policy';

/** A table whose rows leave by their age: what started their clock, null while it does not run. */
export interface AgedTable {
	readonly dataClass: DataClass;
	readonly table: SQLiteTable;
	readonly since: SQLiteColumn;
	/** Of the rows past their time, those that should be gone unless a legal hold keeps them; the others may stay, and why is said beside it. */
	readonly shouldGo?: SQL | undefined;
}

/** A person's newest choice counts, however old. */
const IS_REPLACED = sql`(${choices.userId} is null or exists (
	select 1 from choices newer where newer.user_id = ${choices.userId} and newer.purpose = ${choices.purpose}
		and newer.made_at_ms > ${choices.madeAtMs}))`;

/**
 * What the evidence looks at, by the policy's words and not by the list that the sweep works off: a rule that the sweep lacks is
 * seen here as something late. Each is read through an index on its clock.
 */
export const AGED_TABLES: readonly AgedTable[] = [
	{ dataClass: 'limits', table: rateWindows, since: rateWindows.endsAtMs },
	{ dataClass: 'notice', table: idempotencyKeys, since: idempotencyKeys.createdAtMs },
	{ dataClass: 'notice', table: webhookEvents, since: webhookEvents.receivedAtMs },
	// Of notices that were never dealt with the clock does not run.
	{
		dataClass: 'notice',
		table: stripeEvents,
		since: stripeEvents.receivedAtMs,
		shouldGo: isNotNull(stripeEvents.doneAtMs),
	},
	{ dataClass: 'notice', table: mailEvents, since: mailEvents.receivedAtMs, shouldGo: isNotNull(mailEvents.doneAtMs) },
	{ dataClass: 'mail', table: mails, since: mails.endedAtMs },
	{ dataClass: 'suppression', table: mailSuppressions, since: mailSuppressions.sinceMs },
	{ dataClass: 'invitation', table: invitations, since: invitations.expiresAtMs },
	{ dataClass: 'audit', table: auditEntries, since: auditEntries.createdAtMs },
	{ dataClass: 'support', table: tickets, since: tickets.closedAtMs },
	{ dataClass: 'request', table: rightsRequests, since: rightsRequests.endedAtMs },
	{ dataClass: 'choice', table: choices, since: choices.madeAtMs, shouldGo: IS_REPLACED },
	{ dataClass: 'conversion', table: conversions, since: conversions.happenedAtMs },
	{ dataClass: 'incident', table: incidents, since: incidents.closedAtMs },
	{ dataClass: 'staff_access', table: staffAccesses, since: staffAccesses.grantedAtMs },
	{ dataClass: 'operations', table: sweeps, since: sweeps.startedAtMs },
	{ dataClass: 'operations', table: reconciliations, since: reconciliations.createdAtMs },
	{ dataClass: 'operations', table: reconciliationFindings, since: reconciliationFindings.createdAtMs },
	{ dataClass: 'operations', table: evidencePoints, since: evidencePoints.atMs },
	{ dataClass: 'operations', table: erasures, since: erasures.finishedAtMs },
	{ dataClass: 'operations', table: legalHolds, since: legalHolds.releasedAtMs },
];
