import { sql, type SQL } from 'drizzle-orm';

import { mails } from '../../../schema/mail';
import { withD1Retry } from '../d1-retry';
import type { MailDeps } from '../deps';
import { tellQueue } from '../tell-queue';
import type { Mail } from './mail';
import { sealMail } from './seal-mail';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Somebody waits for it at the sign-up page, or never will. */
const ANSWER_MINUTES = 60;
/** Of the two weeks that are left, so many are of use to whoever reads it. */
const ENDING_DAYS = 10;
/** Late news of one's own security is still news, for a while. */
const SECURITY_DAYS = 3;
/** What somebody has to learn, however late. */
const NEWS_DAYS = 30;

/**
 * Stores a mail, sealed, and tells the queue its id. What it throws is D1's: once it returns the mail is sent, or given up
 * when it is not worth sending any more. For a mail that belongs to a write of its own, `mailStatements`.
 */
export async function queueMail(
	deps: Pick<MailDeps, 'db' | 'now' | 'newId' | 'queue' | 'mailKey'>,
	mail: Mail,
): Promise<void> {
	const row = await toMailRow(deps, mail);
	// A commit whose answer was lost is not made twice.
	await withD1Retry(() => deps.db.insert(mails).values(row).onConflictDoNothing());
	await tellMail(deps, row.id);
}

/** The insert for a caller's own batch, so that neither is without the other, and the id for `tellMail` after it. */
export async function mailStatements(deps: Pick<MailDeps, 'db' | 'now' | 'newId' | 'mailKey'>, mail: Mail) {
	const row = await toMailRow(deps, mail);
	return { mailId: row.id, statements: [deps.db.insert(mails).values(row)] as const };
}

/** The same as a statement that stores nothing where `holds` is false when it runs. */
export async function mailStatementWhile(
	deps: Pick<MailDeps, 'db' | 'now' | 'newId' | 'mailKey'>,
	mail: Mail,
	holds: SQL,
) {
	const { db } = deps;
	const row = await toMailRow(deps, mail);
	const stored = db
		.select({
			id: sql<string>`${row.id}`.as('id'),
			kind: sql<string>`${row.kind}`.as('kind'),
			state: sql<'queued'>`${row.state}`.as('state'),
			sealed: sql<string | null>`${row.sealed}`.as('sealed'),
			tries: sql<number>`${row.tries}`.as('tries'),
			createdAtMs: sql<number>`${row.createdAtMs}`.as('created_at_ms'),
			uselessAtMs: sql<number>`${row.uselessAtMs}`.as('useless_at_ms'),
			triedAtMs: sql<number>`${row.triedAtMs}`.as('tried_at_ms'),
			endedAtMs: sql<number | null>`${row.endedAtMs}`.as('ended_at_ms'),
		})
		.from(sql`(select 1)`)
		.where(holds);
	return { mailId: row.id, statement: db.insert(mails).select(stored) };
}

/** Tells the queue of a mail that is committed. When the queue does not take it, the sweep sends it within minutes. */
export function tellMail(deps: Pick<MailDeps, 'queue'>, mailId: string): Promise<void> {
	return tellQueue(deps, { type: 'mail.send', mailId });
}

async function toMailRow({ now, newId, mailKey }: Pick<MailDeps, 'now' | 'newId' | 'mailKey'>, mail: Mail) {
	const id = newId('mail');
	const nowMs = now().getTime();
	return {
		id,
		kind: mail.kind,
		state: 'queued' as const,
		sealed: await sealMail(mailKey, id, mail),
		tries: 0,
		createdAtMs: nowMs,
		uselessAtMs: nowMs + worthSendingMs(mail),
		triedAtMs: 0,
		endedAtMs: null,
	};
}

/** A code for as long as it is good, an invitation for as long as it is open. */
function worthSendingMs(mail: Mail): number {
	switch (mail.kind) {
		case 'invitation':
			return mail.days * DAY_MS;
		case 'security':
		case 'staff_access':
			return SECURITY_DAYS * DAY_MS;
		case 'disclosure':
		case 'incident':
		case 'ticket_answered':
		case 'ticket_received':
			return NEWS_DAYS * DAY_MS;
		case 'credits_ending':
			return ENDING_DAYS * DAY_MS;
		case 'already_signed_up':
			return ANSWER_MINUTES * MINUTE_MS;
		case 'change_from_code':
		case 'change_to_code':
		case 'proof_code':
		case 'reset_code':
		case 'sign_in_code':
		case 'sign_up_code':
			return mail.minutes * MINUTE_MS;
	}
}
