import { and, getTableName, isNotNull, sql, type SQL } from 'drizzle-orm';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';

import { auditEntries } from '../../../schema/audit';
import { reconciliationFindings, reconciliations, stripeEvents } from '../../../schema/billing';
import { choices, conversions } from '../../../schema/choices';
import { idempotencyKeys } from '../../../schema/credits';
import { erasureLegs, erasures, legalHolds } from '../../../schema/erasures';
import { evidencePoints } from '../../../schema/evidence';
import { incidentNotices, incidents, staffAccesses } from '../../../schema/incidents';
import { rateWindows } from '../../../schema/limits';
import { mailEvents, mails, mailSuppressions } from '../../../schema/mail';
import { invitations } from '../../../schema/memberships';
import { webhookEvents } from '../../../schema/renders';
import { sweeps } from '../../../schema/retention';
import type { DataClass } from '../../../studios/policy/policy';
import { isRowNotHeld } from '../erasure/is-row-held';

/** What leaves one table by its age, in the words of the policy's class: what starts its clock, and what else has to be so. */
export interface PruneRule {
	readonly dataClass: DataClass;
	readonly table: SQLiteTable;
	/** Rows whose clock started at `beforeMs` or earlier. */
	readonly isDue: (beforeMs: number) => SQL | undefined;
}

/** Whom a row is about, the data map says; one of somebody whose data a law keeps stays, whatever its age (DD-17). */
function rule(dataClass: DataClass, table: SQLiteTable, isOld: (beforeMs: number) => SQL | undefined): PruneRule {
	const isFree = isRowNotHeld(getTableName(table));
	return { dataClass, table, isDue: (beforeMs) => and(isOld(beforeMs), isFree) };
}

function byAge(dataClass: DataClass, table: SQLiteTable, since: SQLiteColumn, ...conditions: SQL[]): PruneRule {
	return rule(dataClass, table, (beforeMs) => and(sql`${since} <= ${beforeMs}`, ...conditions));
}

const LEFT_NOTICES = sql`exists (select 1 from incident_notices n where n.incident_id = ${incidents.id})`;
const LEFT_LEGS = sql`exists (select 1 from erasure_legs l where l.erasure_id = ${erasures.id})`;
/** The newest of a person and purpose is what counts, however old. */
const IS_PAST = sql`(${choices.userId} is null or exists (
	select 1 from choices n where n.user_id = ${choices.userId} and n.purpose = ${choices.purpose}
		and n.made_at_ms > ${choices.madeAtMs}))`;

/**
 * Every table whose rows leave by their age alone, each by an index (DD-37). What hangs on another row comes before it. Rows with a
 * key in the vault or bytes in the bucket are not here: those go first, by whoever keeps them (`eraseDueTickets`, `sweepExports`,
 * `eraseDueRequests`); sessions and what waits for a code are not either, since they end by the world's clock. A hold does not bind
 * those: they are ways in, and the record of sign-ins, which it does bind, tells of each. Nor does it bind rows from which nobody can
 * tell whose they are: counters and fingerprints of addresses, and Stripe's notices, whose payments stay as rows of their own.
 */
export const PRUNE_RULES: readonly PruneRule[] = [
	byAge('limits', rateWindows, rateWindows.endsAtMs),
	byAge('notice', idempotencyKeys, idempotencyKeys.createdAtMs),
	byAge('notice', webhookEvents, webhookEvents.receivedAtMs),
	// One that was never handled stays, for somebody to look at.
	byAge('notice', stripeEvents, stripeEvents.receivedAtMs, isNotNull(stripeEvents.doneAtMs)),
	byAge('notice', mailEvents, mailEvents.receivedAtMs, isNotNull(mailEvents.doneAtMs)),
	byAge('mail', mails, mails.endedAtMs),
	byAge('suppression', mailSuppressions, mailSuppressions.sinceMs),
	byAge('invitation', invitations, invitations.expiresAtMs),
	byAge('audit', auditEntries, auditEntries.createdAtMs),
	byAge('choice', choices, choices.madeAtMs, IS_PAST),
	byAge('conversion', conversions, conversions.happenedAtMs),
	byAge('staff_access', staffAccesses, staffAccesses.grantedAtMs),
	rule(
		'incident',
		incidentNotices,
		(beforeMs) => sql`incident_id in (select i.id from incidents i where i.closed_at_ms <= ${beforeMs})`,
	),
	byAge('incident', incidents, incidents.closedAtMs, sql`not ${LEFT_NOTICES}`),
	byAge('operations', sweeps, sweeps.startedAtMs),
	byAge('operations', reconciliations, reconciliations.createdAtMs),
	byAge('operations', reconciliationFindings, reconciliationFindings.createdAtMs),
	byAge('operations', evidencePoints, evidencePoints.atMs),
	rule(
		'operations',
		erasureLegs,
		(beforeMs) => sql`erasure_id in (select e.id from erasures e where e.finished_at_ms <= ${beforeMs})`,
	),
	byAge('operations', erasures, erasures.finishedAtMs, sql`not ${LEFT_LEGS}`),
	byAge('operations', legalHolds, legalHolds.releasedAtMs),
];
