import { asc, gt, sql } from 'drizzle-orm';

import { users } from '../../../schema/users';
import type { Whence } from '../actor';
import { operatorStatement } from '../audit/operator-entry';
import { withD1Retry } from '../d1-retry';
import type { MailDeps } from '../deps';
import { hmacOf } from './mail-keys';
import type { OptionalClass } from './mail-class';
import { queueMail, queueMailsOnce } from './queue-mail';

/** People that one step looks at: their mails are one batch and as many messages, within what one request may do. */
export const ANNOUNCED_AT_ONCE = 50;
/** What a queue holds a message back for at most: twelve hours. */
const DELAY_SECONDS_MAX = 43_200;
const PURPOSE = 'afterglow announcement v1';
/** As long as a random one (`newId`); hexadecimal letters are among its. */
const ID_LENGTH = 26;

const KINDS = { product_updates: 'product_update', announcements: 'announcement' } as const;

export interface Announcement {
	mailClass: OptionalClass;
	subject: string;
	text: string;
}

/** Where a step begins. */
interface AnnounceFrom {
	/** `next` of the step before; null: the first. */
	after: string | null;
	/** By the steps before: theirs go first. */
	queuedBefore: number;
}

type AnnounceDeps = Pick<MailDeps, 'db' | 'now' | 'newId' | 'queue' | 'mailKey'>;

/**
 * Queues an update for those of the next people by id whose newest choice wants its class. The caller goes on from `next` until it is
 * null. Each person's mail has an id that follows from the person and the words, so whoever sends the command twice, or goes on after
 * a break, mails nobody twice while the first mail's row is kept (30 days). One goes out a second: Resend takes two, and whoever waits
 * for a code must not wait for these. Whether it goes out is decided once more then.
 */
export async function announceStep(
	deps: AnnounceDeps,
	{ whence, after, queuedBefore, ...announcement }: Announcement & AnnounceFrom & { whence: Whence },
): Promise<{ queued: number; next: string | null }> {
	const { db } = deps;
	const { mailClass, subject, text } = announcement;
	const seen = await withD1Retry(() =>
		db
			.select({ id: users.id, email: users.email, choice: newestChoice(mailClass) })
			.from(users)
			.where(gt(users.id, after ?? ''))
			.orderBy(asc(users.id))
			.limit(ANNOUNCED_AT_ONCE),
	);
	const wanting = seen.filter(({ choice }) => choice === 'granted');
	const name = JSON.stringify([mailClass, subject, text]);
	const ids = await Promise.all(wanting.map(({ id }) => mailIdOf(deps.mailKey, name, id)));
	if (after === null) await record(deps, { whence, mailClass, name });
	const queued = await queueMailsOnce(
		deps,
		wanting.map(({ id: userId, email: to }, at) => ({
			mail: { kind: KINDS[mailClass], to, subject, text },
			about: { userId, ...(ids[at] === undefined ? {} : { id: ids[at] }) },
		})),
		(at) => Math.min(queuedBefore + at, DELAY_SECONDS_MAX),
	);
	return { queued, next: seen.length < ANNOUNCED_AT_ONCE ? null : (seen.at(-1)?.id ?? null) };
}

/** Mails the operator how it will read. Nobody's switch is asked, for it goes to nobody else. */
export async function previewAnnouncement(
	deps: AnnounceDeps,
	{ to, subject, text }: Pick<Announcement, 'subject' | 'text'> & { to: string },
): Promise<void> {
	await queueMail(deps, { kind: 'update_preview', to, subject, text });
}

/** The column is written out: a query of one table names its columns alone, and here `id` would be that of `choices`. */
function newestChoice(mailClass: OptionalClass) {
	return sql<string | null>`(select c.choice from choices c where c.user_id = users.id and c.purpose = ${mailClass}
		order by c.made_at_ms desc, c.rowid desc limit 1)`;
}

/** One entry however often it is begun: which class, and how it can be known again, not what it says. */
async function record(
	deps: AnnounceDeps,
	{ whence, mailClass, name }: { whence: Whence; mailClass: OptionalClass; name: string },
): Promise<void> {
	const { statement } = await operatorStatement(deps, {
		whence,
		accountId: null,
		name: `announce ${name}`,
		action: 'mail.announced',
		facts: { mailClass },
	});
	await withD1Retry(() => statement.run());
}

async function mailIdOf(mailKey: string, name: string, userId: string): Promise<string> {
	const mac = await hmacOf(mailKey, PURPOSE, `${userId} ${name}`);
	return `mai_${Buffer.from(mac).toString('hex').slice(0, ID_LENGTH)}`;
}
