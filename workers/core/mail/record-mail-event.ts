import { eq } from 'drizzle-orm';

import { mailEvents, mails } from '../../../schema/mail';
import type { Deps } from '../deps';
import { readResendWebhook } from '../gateways/resend-webhook';
import { isNoticeMail } from '../incidents/notice-end';
import { tellQueue } from '../tell-queue';
import { isReturn, suppressionBy } from './handle-mail-event';

/**
 * Verifies a webhook of Resend's on its raw body, keeps which mail it is about, once, and tells the queue (DD-15). Resend sends again
 * what it thinks did not arrive: a double tells the queue only while what follows was not done. What nothing follows from, such as
 * that a mail arrived, is taken and not kept; a return that is not for good matters for a notice of an incident alone. Refused, with
 * nothing kept: a signature that is not Resend's or not of these minutes.
 */
export async function recordMailEvent(
	deps: Pick<Deps, 'db' | 'now' | 'queue'>,
	input: Parameters<typeof readResendWebhook>[0],
): Promise<void> {
	const { db, now } = deps;
	const { id, type, providerId, bounceType } = await readResendWebhook(input);
	if (providerId === null) return;
	const isWanted =
		suppressionBy({ type, bounceType }) !== null || (isReturn({ type }) && (await isOfNotice(deps, providerId)));
	if (!isWanted) return;
	const kept = await db
		.insert(mailEvents)
		.values({ id, type, providerId, bounceType, receivedAtMs: now().getTime() })
		.onConflictDoNothing()
		.returning({ id: mailEvents.id });
	if (kept.length === 0 && (await isDone(deps, id))) return;
	await tellQueue(deps, { type: 'mail.event', eventId: id });
}

async function isDone({ db }: Pick<Deps, 'db'>, id: string): Promise<boolean> {
	const [row] = await db.select({ doneAtMs: mailEvents.doneAtMs }).from(mailEvents).where(eq(mailEvents.id, id));
	return row !== undefined && row.doneAtMs !== null;
}

async function isOfNotice({ db }: Pick<Deps, 'db'>, providerId: string): Promise<boolean> {
	const rows = await db.select({ kind: mails.kind }).from(mails).where(eq(mails.providerId, providerId)).limit(1);
	return rows.some(isNoticeMail);
}
