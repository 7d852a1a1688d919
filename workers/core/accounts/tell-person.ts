import { and, eq, exists, gt, sql, type SQL } from 'drizzle-orm';

import { auditEntries } from '../../../schema/audit';
import { sessions } from '../../../schema/users';
import type { Whence } from '../actor';
import { toAuditRow, type AuditFacts } from '../audit/audit-statement';
import type { AccessDeps } from '../deps';
import type { SecurityEvent } from '../mail/mail';
import { mailStatements } from '../mail/queue-mail';
import type { Person } from './resolve-person';

/** A signed-in person who changes how they sign in, and from where. */
export interface Changer {
	person: Pick<Person, 'userId' | 'sessionId' | 'email'>;
	whence: Whence;
}

type Told = SecurityEvent extends infer Event
	? Event extends { atMs: number; device: string | null }
		? Omit<Event, 'atMs' | 'device'>
		: never
	: never;

/**
 * What goes with a change to somebody's ways in: the audit entry as a gate that stands first, shut when their session has ended
 * meanwhile or `holds` is false (`isGateShut`), and the mail that tells them.
 */
export async function changeStatements(
	deps: AccessDeps,
	{ person, whence }: Changer,
	change: { entry: AuditFacts; told: Told; holds: SQL | undefined },
) {
	const { db, now } = deps;
	const { userId, sessionId, email } = person;
	const actor = { userId, accountId: null, via: { kind: 'session', sessionId } } as const;
	const isSignedIn = exists(
		db
			.select({ one: sql`1` })
			.from(sessions)
			// Sessions are written by the machine's clock.
			.where(and(eq(sessions.id, sessionId), eq(sessions.userId, userId), gt(sessions.expiresAt, new Date()))),
	);
	const event = { ...change.told, atMs: now().getTime(), device: whence.browser };
	// Theirs by name: when it is written, a batch that changes the address has changed it.
	const mail = await mailStatements(deps, { kind: 'security', to: email, event }, { userId });
	const gate = db.insert(auditEntries).values({
		...toAuditRow(deps, { actor, whence }, change.entry),
		userId: sql<string>`(select ${userId} where ${and(isSignedIn, change.holds)})`,
	});
	return { gate, mailId: mail.mailId, mail: mail.statements };
}
