import { and, asc, eq, inArray, lte, or, sql } from 'drizzle-orm';

import { mails, mailSuppressions } from '../../../schema/mail';
import { readChoice } from '../choices/read-choices';
import type { JobDeps } from '../deps';
import { AppError } from '../errors';
import { isNoticeMail, noticeEndStatement } from '../incidents/notice-end';
import { log } from '../log';
import { isPersonRestricted } from '../restriction/require-unrestricted';
import { isOptional, OPTIONAL_CLASSES } from './mail-class';
import { renderMail } from './render-mail';
import { openMail } from './seal-mail';
import { unsubscribeToken } from './unsubscribe-token';
import { whyNotSent } from './why-not-sent';

type SendDeps = Pick<JobDeps, 'db' | 'now' | 'studio' | 'appOrigin' | 'mailKey' | 'mailer' | 'mailFrom'>;
type MailRow = typeof mails.$inferSelect;

/** A message that did not come by now counts as lost. */
const LOST_MESSAGE_MS = 60_000;
/** The queue delivers a message this often, within half a minute. */
const QUEUE_TRIES = 6;
/** After the queue's tries come the sweep's: 2, 4, 8, 16, 32 and 64 minutes apart, two hours in all. */
export const MAIL_TRIES_MAX = QUEUE_TRIES + 6;
const SWEEP_PAUSE_MS = 120_000;

/**
 * Sends a queued mail and empties what was sealed, in the statement that says it is sent. Whatever happens in between, it
 * is sent once: the same id is Resend's idempotency key for 24 hours, so a send whose mark was lost, or a second consumer,
 * sends nothing more. Whether it goes out at all is decided now (`whyNotSent`): what came back, or was refused, since it was queued
 * counts. Throws what is worth another try; after 12 tries, when it is refused or useless by now, it is given up.
 */
export async function sendMail(deps: SendDeps, { mailId }: { mailId: string }): Promise<void> {
	const { db, now } = deps;
	const [found] = await db
		.select({ row: mails, suppression: mailSuppressions.reason })
		.from(mails)
		.leftJoin(mailSuppressions, eq(mailSuppressions.addressHash, mails.addressHash))
		.where(and(eq(mails.id, mailId), eq(mails.state, 'queued')));
	if (found === undefined || found.row.sealed === null) return;
	const { row, suppression } = found;
	const nowMs = now().getTime();
	if (row.uselessAtMs <= nowMs) return giveUp(deps, row, 'useless');
	if (row.tries >= MAIL_TRIES_MAX) return giveUp(deps, row, 'tries');
	// Before the try, so that one which never comes back counts.
	await db
		.update(mails)
		.set({ tries: sql`${mails.tries} + 1`, triedAtMs: nowMs })
		.where(isQueued(row.id));

	const mail = await openMail(deps.mailKey, row.id, found.row.sealed);
	const why = whyNotSent(mail.kind, { suppression, choice: await choiceOf(deps, row) });
	if (why !== null) return leaveOut(deps, row, why);
	const rendered = renderMail(deps, mail, await unsubscribeUrlOf(deps, row));
	const outcome = await deps.mailer.send({ id: row.id, from: deps.mailFrom, to: mail.to, ...rendered });
	if (outcome.kind === 'taken') {
		await end(deps, row, { state: 'sent', providerId: outcome.providerId });
		return;
	}
	if (outcome.kind === 'refused') return giveUp(deps, row, `refused_${outcome.status}`);
	if (row.tries + 1 >= MAIL_TRIES_MAX) return giveUp(deps, row, 'tries');
	throw new AppError('upstream_unavailable', 'The mail could not be sent just now. It is tried again.');
}

/**
 * Mails for the sweep, those tried longest ago first: whose message was lost, whose tries failed and are due again, and those
 * that are useless by now and hold an address for nothing.
 */
export async function listDueMails(
	{ db }: Pick<JobDeps, 'db'>,
	{ dueMs, limit }: { dueMs: number; limit: number },
): Promise<string[]> {
	const pauseMs = sql`${SWEEP_PAUSE_MS} * (1 << max(${mails.tries} - ${QUEUE_TRIES}, 0))`;
	const rows = await db
		.select({ id: mails.id })
		.from(mails)
		.where(
			and(
				eq(mails.state, 'queued'),
				or(
					and(eq(mails.tries, 0), lte(mails.createdAtMs, dueMs - LOST_MESSAGE_MS)),
					and(sql`${mails.tries} > 0`, lte(sql`${mails.triedAtMs} + ${pauseMs}`, dueMs)),
					lte(mails.uselessAtMs, dueMs),
				),
			),
		)
		// Who waits for a code does not wait for updates.
		.orderBy(inArray(mails.mailClass, [...OPTIONAL_CLASSES]), asc(mails.triedAtMs))
		.limit(limit);
	return rows.map(({ id }) => id);
}

/** Of a mail given up the log says which and why; to whom it would have gone is sealed, and emptied with this. */
async function giveUp(deps: SendDeps, row: MailRow, reason: string): Promise<void> {
	const isEnded = await end(deps, row, { state: 'failed' });
	if (isEnded) log('mail_failed', { mailId: row.id, kind: row.kind, reason });
}

async function leaveOut(deps: SendDeps, row: MailRow, reason: string): Promise<void> {
	const isEnded = await end(deps, row, { state: 'suppressed' });
	if (isEnded) log('mail_suppressed', { mailId: row.id, kind: row.kind, reason });
}

/** What its reader chose last about a class that can be refused; it is asked at the moment of sending, not of queueing. */
async function choiceOf(deps: SendDeps, { userId, mailClass }: MailRow): Promise<'granted' | 'denied' | null> {
	if (userId === null || !isOptional(mailClass)) return null;
	// While processing is restricted (Art. 18), nothing that nobody needs is sent, whatever was wanted before.
	if (await isPersonRestricted(deps, { userId })) return 'denied';
	return readChoice(deps, { userId, purpose: mailClass });
}

async function unsubscribeUrlOf(deps: SendDeps, { userId, mailClass }: MailRow): Promise<string | null> {
	if (userId === null || !isOptional(mailClass)) return null;
	return `${deps.appOrigin}/u/${await unsubscribeToken(deps.mailKey, { userId, mailClass })}`;
}

/** False when it had ended already. With a notice of an incident it is one batch: nobody counts as told whose mail did not go out. */
async function end(
	deps: SendDeps,
	row: MailRow,
	how: { state: 'failed' | 'suppressed' } | { state: 'sent'; providerId: string | null },
): Promise<boolean> {
	const ending = deps.db
		.update(mails)
		.set({ ...how, sealed: null, endedAtMs: deps.now().getTime() })
		.where(isQueued(row.id))
		.returning({ id: mails.id });
	if (!isNoticeMail(row)) return (await ending).length > 0;
	const mailEnd = how.state === 'sent' ? 'taken' : how.state;
	const [ended] = await deps.db.batch([ending, noticeEndStatement(deps, { mailId: row.id, mailEnd })]);
	return ended.length > 0;
}

function isQueued(mailId: string) {
	return and(eq(mails.id, mailId), eq(mails.state, 'queued'));
}
