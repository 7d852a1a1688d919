import { and, desc, eq, gte, lt, or, sql, type SQL } from 'drizzle-orm';

import { apiKeys } from '../../../schema/api-keys';
import { auditEntries } from '../../../schema/audit';
import { invitations } from '../../../schema/memberships';
import { users } from '../../../schema/users';
import type { Actor, Whence } from '../actor';
import type { Deps } from '../deps';
import { AppError } from '../errors';
import { OPERATOR } from './operator-entry';
import { PATIENT } from './patient-entry';
import { readTraceStatement } from './trace-read';
import { AUDIT_ACTIONS, type AuditAction } from './audit-statement';

export const AUDIT_PAGE_MAX = 100;

export interface AuditEntry {
	id: string;
	at: string;
	action: AuditAction;
	/** Members, those who were, and the operator; the name is null for who is no user any more. */
	who: { id: string; name: string | null };
	keyId: string | null;
	/** A person, a key, or an address that was invited. */
	target: { id: string; name: string | null } | null;
	facts: Record<string, string>;
	reason: string | null;
	network: string | null;
	country: string | null;
	browser: string | null;
}

export interface AuditFilter {
	action?: AuditAction | undefined;
	/** Who did it. */
	userId?: string | undefined;
	fromMs?: number | undefined;
	/** Before this moment. */
	untilMs?: number | undefined;
}

/**
 * What was done in an account, newest first, in one batch with the trace that somebody read it. `limit` is clamped to 1…100; a
 * cursor that this function did not give is refused with `invalid_input`.
 */
export async function listAudit(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	input: { actor: Actor; whence: Whence; filter: AuditFilter; cursor?: string | undefined; limit: number },
): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
	const { actor, whence, filter, cursor } = input;
	const size = Math.min(Math.max(Math.trunc(input.limit), 1), AUDIT_PAGE_MAX);
	const before = cursor === undefined ? undefined : isBefore(parseCursor(cursor));
	const [, rows] = await deps.db.batch([
		readTraceStatement(deps, { actor, whence }),
		selectEntries(deps, and(eq(auditEntries.accountId, actor.accountId), matches(filter), before), size + 1),
	]);
	const page = rows.slice(0, size);
	const last = page.at(-1);
	return {
		items: page.map(toEntry),
		nextCursor: rows.length > size && last !== undefined ? `${last.createdAtMs}~${last.id}` : null,
	};
}

function matches({ action, userId, fromMs, untilMs }: AuditFilter): SQL | undefined {
	return and(
		action === undefined ? undefined : eq(auditEntries.action, action),
		userId === undefined ? undefined : eq(auditEntries.userId, userId),
		fromMs === undefined ? undefined : gte(auditEntries.createdAtMs, fromMs),
		untilMs === undefined ? undefined : lt(auditEntries.createdAtMs, untilMs),
	);
}

function selectEntries({ db }: Pick<Deps, 'db'>, where: SQL | undefined, rowsMax: number) {
	// By subselects with names of their own: in a batch two columns of one name would be read as one.
	const who = nameOf(sql`"audit_entries"."user_id"`);
	const target = sql`"audit_entries"."target_id"`;
	const targetName = sql`coalesce(${nameOf(target)},
		(select k.name from ${apiKeys} k where k.id = ${target}), (select i.email from ${invitations} i where i.id = ${target}))`;
	return db
		.select({
			id: auditEntries.id,
			userId: auditEntries.userId,
			keyId: auditEntries.keyId,
			action: auditEntries.action,
			targetId: auditEntries.targetId,
			facts: auditEntries.facts,
			reason: auditEntries.reason,
			network: auditEntries.network,
			country: auditEntries.country,
			browser: auditEntries.browser,
			createdAtMs: auditEntries.createdAtMs,
			whoName: sql<string | null>`${who}`.as('who_name'),
			targetName: sql<string | null>`${targetName}`.as('target_name'),
		})
		.from(auditEntries)
		.where(where)
		.orderBy(desc(auditEntries.createdAtMs), desc(auditEntries.id))
		.limit(rowsMax);
}

function nameOf(userId: SQL): SQL {
	return sql`(select u.name from ${users} u where u.id = ${userId})`;
}

type Row = Awaited<ReturnType<typeof selectEntries>>[number];

/** Who stands in the record without being a user. */
const NO_USERS = [OPERATOR, PATIENT];

function toEntry(row: Row): AuditEntry {
	const { id, facts, reason, network, country, browser, keyId, targetId } = row;
	return {
		id,
		at: new Date(row.createdAtMs).toISOString(),
		action: toAction(row.action),
		who: { id: row.userId, name: NO_USERS.find(({ id: no }) => no === row.userId)?.name ?? row.whoName },
		keyId,
		target: targetId === null ? null : { id: targetId, name: row.targetName },
		facts,
		reason,
		network,
		country,
		browser,
	};
}

function toAction(action: string): AuditAction {
	const known = AUDIT_ACTIONS.find((candidate) => candidate === action);
	if (known === undefined) throw new Error(`an audit entry has the unknown action ${action}`);
	return known;
}

interface Position {
	createdAtMs: number;
	id: string;
}

function isBefore({ createdAtMs, id }: Position): SQL | undefined {
	return or(
		lt(auditEntries.createdAtMs, createdAtMs),
		and(eq(auditEntries.createdAtMs, createdAtMs), lt(auditEntries.id, id)),
	);
}

function parseCursor(cursor: string): Position {
	const match = /^(\d{1,15})~(\w{1,60})$/.exec(cursor);
	if (match?.[1] === undefined || match[2] === undefined) {
		throw new AppError('invalid_input', 'This cursor is not one we gave. Leave it out to start with the newest entry.');
	}
	return { createdAtMs: Number(match[1]), id: match[2] };
}
