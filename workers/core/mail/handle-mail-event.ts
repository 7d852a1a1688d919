import { and, asc, eq, isNull, lte, sql } from 'drizzle-orm';

import { mailEvents, mails, mailSuppressions } from '../../../schema/mail';
import { readChoices } from '../choices/read-choices';
import { inOneBatch } from '../credits/post-entry';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { isNoticeMail, noticeEndStatement } from '../incidents/notice-end';
import { log } from '../log';
import { mailChoiceStatement } from './mail-choices';
import { OPTIONAL_CLASSES } from './mail-class';
import type { Suppression } from './why-not-sent';

/** A message that did not come by now counts as lost. */
const LOST_MESSAGE_MS = 60_000;
/** A mail that is sent has Resend's id within its last try, two hours after it was queued; a notice of none is not ours. */
const UNMATCHED_MS = 3 * 3_600_000;

type EventDeps = Pick<Deps, 'db' | 'now' | 'newId'>;

/**
 * What follows from a notice for its address. Only what is said to be for good counts as dead: a full mailbox is not. That Resend left
 * a mail out because the address is on its own list means the same as a bounce: nothing reaches it.
 */
export function suppressionBy({ type, bounceType }: { type: string; bounceType: string | null }): Suppression | null {
	if (type === 'email.complained') return 'complained';
	if (type === 'email.suppressed' || (type === 'email.bounced' && bounceType === 'Permanent')) return 'bounced';
	return null;
}

/** Whether a mail did not get to whom it went, for good or for now: who is told of an incident by it was not told. */
export function isReturn({ type }: { type: string }): boolean {
	return type === 'email.bounced' || type === 'email.suppressed' || type === 'email.failed';
}

/**
 * Does what follows from a recorded notice, and marks it done in the same batch. Which came first, a bounce or a complaint, changes
 * nothing: dead stays dead. Whoever complained has said no to both classes that can be refused. The address is known by the mail that
 * went there; until that has Resend's id the notice waits, and the sweep tells of it again. Whose notice of an incident came back was
 * not told.
 */
export async function handleMailEvent(deps: EventDeps, { eventId }: { eventId: string }): Promise<void> {
	const { db, now } = deps;
	const [found] = await withD1Retry(() =>
		db
			.select({
				event: mailEvents,
				mailId: mails.id,
				kind: mails.kind,
				addressHash: mails.addressHash,
				userId: mails.userId,
			})
			.from(mailEvents)
			.leftJoin(mails, eq(mails.providerId, mailEvents.providerId))
			.where(and(eq(mailEvents.id, eventId), isNull(mailEvents.doneAtMs)))
			.limit(1),
	);
	if (found === undefined) return;
	const { event, mailId, kind, addressHash, userId } = found;
	const reason = suppressionBy(event);
	const isNotTold = kind !== null && isNoticeMail({ kind }) && isReturn(event);
	const done = db
		.update(mailEvents)
		.set({ doneAtMs: now().getTime() })
		.where(and(eq(mailEvents.id, eventId), isNull(mailEvents.doneAtMs)));
	if (mailId === null || addressHash === null || (reason === null && !isNotTold)) {
		if (now().getTime() - event.receivedAtMs < UNMATCHED_MS) return;
		await withD1Retry(() => done);
		log('mail_event_unmatched', { eventId, type: event.type });
		return;
	}
	if (reason === 'complained' && userId !== null) await refuseBoth(deps, userId);
	const suppress =
		reason === null ? [] : [suppressStatement(deps, { eventId, addressHash, reason, sinceMs: event.receivedAtMs })];
	const untell = isNotTold ? [noticeEndStatement(deps, { mailId, mailEnd: 'returned' })] : [];
	const rows = inOneBatch([...suppress, ...untell, done]);
	await withD1Retry(() => db.batch(rows));
}

/** Only while the notice is open, as the statement beside it: one that was done does not close again what was lifted since. */
function suppressStatement(
	{ db }: EventDeps,
	row: { eventId: string; addressHash: string; reason: Suppression; sinceMs: number },
) {
	const { eventId, addressHash, reason, sinceMs } = row;
	const isOpen = and(eq(mailEvents.id, eventId), isNull(mailEvents.doneAtMs));
	return db
		.insert(mailSuppressions)
		.select(sql`select ${addressHash}, ${reason}, ${sinceMs} from ${mailEvents} where ${isOpen}`)
		.onConflictDoUpdate({
			target: mailSuppressions.addressHash,
			set: {
				reason: sql`case when excluded.reason = 'bounced' then 'bounced' else ${mailSuppressions.reason} end`,
				sinceMs: sql`case when excluded.reason = ${mailSuppressions.reason} or excluded.reason = 'complained' then ${mailSuppressions.sinceMs} else excluded.since_ms end`,
			},
		});
}

async function refuseBoth(deps: EventDeps, userId: string): Promise<void> {
	const newest = await readChoices(deps, { userId });
	const granted = OPTIONAL_CLASSES.filter((mailClass) =>
		newest.some(({ purpose, choice }) => purpose === mailClass && choice === 'granted'),
	);
	if (granted.length === 0) return;
	await mailChoiceStatement(
		deps,
		{ userId, surface: 'mail', country: null, hasGpc: false },
		granted.map((purpose) => ({ purpose, choice: 'denied' as const })),
	);
}

/** Notices whose message was lost, or whose mail had no id of Resend's yet, the oldest first. */
export async function listOpenMailEvents(
	{ db }: Pick<Deps, 'db'>,
	{ dueMs, limit }: { dueMs: number; limit: number },
): Promise<string[]> {
	const rows = await db
		.select({ id: mailEvents.id })
		.from(mailEvents)
		.where(and(isNull(mailEvents.doneAtMs), lte(mailEvents.receivedAtMs, dueMs - LOST_MESSAGE_MS)))
		.orderBy(asc(mailEvents.receivedAtMs))
		.limit(limit);
	return rows.map(({ id }) => id);
}
