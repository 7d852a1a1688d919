import { sql, type SQL } from 'drizzle-orm';

import { auditEntries } from '../../../schema/audit';
import type { Actor, Whence } from '../actor';
import type { Deps } from '../deps';

/** What is recorded: a closed set, each with its sentence on the audit page (`app/audit/`). */
export const AUDIT_ACTIONS = [
	'account.opened',
	'account.changed',
	'jurisdiction.changed',
	'logo.changed',
	'consent_link.made',
	'consent_link.ended',
	'consent.signed',
	'consent.narrowed',
	'consent.revoked',
	'member.invited',
	'invitation.revoked',
	'member.joined',
	'member.left',
	'member.removed',
	'role.changed',
	'ownership.transferred',
	'key.made',
	'key.revoked',
	'audit.read',
	'checkout.opened',
	'portal.opened',
	'password.changed',
	'email.changed',
	'way_in.linked',
	'way_in.unlinked',
	'passkey.added',
	'passkey.removed',
	'second_factor.on',
	'second_factor.off',
	'recovery_codes.made',
	'session.ended',
	'sessions.ended',
	'credits.granted',
	'credits.returned',
	'refund.asked',
	'refund.made',
	'ledger.read',
	'ledger.audited',
	'ledger.reconciled',
	'stripe.prepared',
	'mail.announced',
	'suppression.lifted',
	'ticket.read',
	'ticket.answered',
	'ticket.closed',
	'tickets.erased',
	'incident.opened',
	'incident.described',
	'incident.looked_up',
	'incident.told',
	'incident.reported',
	'incident.closed',
	'content.opened',
	'content.looked_at',
	'data.disclosed',
	'disclosure.kept_quiet',
	'restriction.set',
	'restriction.lifted',
	'export.asked',
	'objection.made',
	'rights.read',
	'rights.answered',
	'rights.refused',
	'rights.extended',
	'paper.seen',
	'paper.checked',
	'subject.erased',
	'hold.placed',
	'hold.released',
	'vault.rotated',
	'vault.sealed',
	'erasures.replayed',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export interface AuditFacts {
	action: AuditAction;
	targetId?: string;
	/** Words of ours and ids, never what somebody typed. */
	facts?: Readonly<Record<string, string>>;
	/** What the person gave as the reason; empty is none. */
	reason?: string | undefined;
}

/** About an account: its owner may read it. For the batch that does what it tells of, so that neither is without the other. */
export function auditStatement(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	who: { actor: Actor; whence: Whence },
	entry: AuditFacts,
) {
	return deps.db.insert(auditEntries).values(toAuditRow(deps, who, entry));
}

/**
 * The same as a gate: unless `holds` is true when it runs, the row has no author, the column refuses that, and the whole batch
 * fails (`isGateShut`). It stands first, so that `holds` sees what the rest of the batch finds. What it tells of is
 * done with it or not at all, and a change that finds nothing to change leaves no entry.
 */
export function auditGateStatement(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	who: { actor: Actor; whence: Whence },
	entry: AuditFacts,
	holds: SQL,
) {
	const row = toAuditRow(deps, who, entry);
	return deps.db.insert(auditEntries).values({ ...row, userId: sql<string>`(select ${row.userId} where ${holds})` });
}

/** Whether a batch failed because what its gate asks for did not hold. */
export function isGateShut(cause: unknown): boolean {
	for (let error: unknown = cause; error instanceof Error; error = error.cause) {
		if (error.message.includes('NOT NULL constraint failed: audit_entries.user_id')) return true;
	}
	return false;
}

/** Who an entry is by: a person in an account, a person alone, or the operator, who has neither session nor key of an account. */
type Author = Pick<Actor, 'userId'> & Partial<Pick<Actor, 'via'>> & { accountId: string | null };

/** The row of such a statement, for one that has to be guarded by what the rest of its batch is guarded by. */
export function toAuditRow(
	{ now, newId }: Pick<Deps, 'now' | 'newId'>,
	{ actor, whence }: { actor: Author; whence: Whence },
	entry: AuditFacts,
) {
	return {
		id: newId('audit'),
		accountId: actor.accountId,
		userId: actor.userId,
		keyId: actor.via?.kind === 'key' ? actor.via.keyId : null,
		action: entry.action,
		targetId: entry.targetId ?? null,
		facts: { ...entry.facts },
		reason: entry.reason === undefined || entry.reason === '' ? null : entry.reason,
		...whence,
		createdAtMs: now().getTime(),
	};
}
