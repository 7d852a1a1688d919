import { sql, type SQL } from 'drizzle-orm';

import { mails } from '../../../schema/mail';
import { users } from '../../../schema/users';
import { withD1Retry } from '../d1-retry';
import type { MailDeps } from '../deps';
import { tellQueue } from '../tell-queue';
import { addressHashOf } from './address-hash';
import type { Mail } from './mail';
import { CLASS_BY_KIND } from './mail-class';
import { sealMail } from './seal-mail';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Somebody waits for it at the sign-up page, or never will. */
const ANSWER_MINUTES = 60;
/** Of the two weeks that are left, so many are of use to whoever reads it. */
const ENDING_DAYS = 10;
/** Past that the copy is gone, or was asked for again. */
const COPY_DAYS = 1;
/** Late news of one's own security is still news, for a while. */
const SECURITY_DAYS = 3;
/** What somebody has to learn, however late. */
const NEWS_DAYS = 30;

/** What of a mail does not follow from it. */
export interface MailAbout {
	/** For a mail that is queued again and again and sent once. */
	id?: string;
	/** The person it goes to, where the address alone will not say: one that they are just giving up. Null: nobody's, and it outlives them. */
	userId?: string | null;
}

/**
 * Stores a mail, sealed, and tells the queue its id. What it throws is D1's: once it returns the mail is sent, or given up
 * when it is not worth sending any more. For a mail that belongs to a write of its own, `mailStatements`.
 */
export async function queueMail(
	deps: Pick<MailDeps, 'db' | 'now' | 'newId' | 'queue' | 'mailKey'>,
	mail: Mail,
	about: MailAbout = {},
): Promise<void> {
	const row = await toMailRow(deps, mail, about);
	// A commit whose answer was lost is not made twice.
	await withD1Retry(() => deps.db.insert(mails).values(row).onConflictDoNothing());
	await tellMail(deps, row.id);
}

/**
 * Stores mails that have ids of their own in one batch, and tells the queue of those that were not there before, each with its delay;
 * answers how many. At most as many as one batch and one request's messages may be.
 */
export async function queueMailsOnce(
	deps: Pick<MailDeps, 'db' | 'now' | 'newId' | 'queue' | 'mailKey'>,
	letters: readonly { mail: Mail; about: MailAbout }[],
	delaySecondsOf: (at: number) => number,
): Promise<number> {
	const rows = await Promise.all(letters.map(({ mail, about }) => toMailRow(deps, mail, about)));
	const [first, ...others] = rows.map((row) =>
		deps.db.insert(mails).values(row).onConflictDoNothing().returning({ id: mails.id }),
	);
	if (first === undefined) return 0;
	const stored = (await withD1Retry(() => deps.db.batch([first, ...others]))).flat();
	await Promise.all(stored.map(({ id }, at) => tellMail(deps, id, delaySecondsOf(at))));
	return stored.length;
}

/** The insert for a caller's own batch, so that neither is without the other, and the id for `tellMail` after it. */
export async function mailStatements(
	deps: Pick<MailDeps, 'db' | 'now' | 'newId' | 'mailKey'>,
	mail: Mail,
	about: MailAbout = {},
) {
	const row = await toMailRow(deps, mail, about);
	return { mailId: row.id, statements: [deps.db.insert(mails).values(row)] as const };
}

/** The same as a statement that stores nothing where `holds` is false when it runs. */
export async function mailStatementWhile(
	deps: Pick<MailDeps, 'db' | 'now' | 'newId' | 'mailKey'>,
	mail: Mail,
	holds: SQL,
) {
	const { db } = deps;
	const row = await toMailRow(deps, mail, {});
	const stored = db
		.select({
			id: sql<string>`${row.id}`.as('id'),
			kind: sql<string>`${row.kind}`.as('kind'),
			mailClass: sql<typeof row.mailClass>`${row.mailClass}`.as('mail_class'),
			userId: sql<string | null>`${row.userId}`.as('user_id'),
			addressHash: sql<string>`${row.addressHash}`.as('address_hash'),
			providerId: sql<string | null>`${row.providerId}`.as('provider_id'),
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
export function tellMail(deps: Pick<MailDeps, 'queue'>, mailId: string, delaySeconds = 0): Promise<void> {
	return tellQueue(deps, { type: 'mail.send', mailId }, delaySeconds === 0 ? {} : { delaySeconds });
}

async function toMailRow(
	{ now, newId, mailKey }: Pick<MailDeps, 'now' | 'newId' | 'mailKey'>,
	mail: Mail,
	about: MailAbout,
) {
	const id = about.id ?? newId('mail');
	const nowMs = now().getTime();
	return {
		id,
		kind: mail.kind,
		mailClass: CLASS_BY_KIND[mail.kind],
		userId:
			about.userId === undefined
				? sql<string | null>`(select ${users.id} from ${users} where ${users.email} = ${mail.to.toLowerCase()})`
				: about.userId,
		addressHash: await addressHashOf(mailKey, mail.to),
		providerId: null,
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
		case 'policy_change':
		case 'account_erased':
		case 'erasure':
		case 'incident':
		case 'rights_due':
		case 'rights_news':
		case 'ticket_answered':
		case 'ticket_received':
			return NEWS_DAYS * DAY_MS;
		case 'consent_copy':
		case 'export_ready':
			return COPY_DAYS * DAY_MS;
		case 'rights_link':
			return mail.days * DAY_MS;
		case 'credits_ending':
			return ENDING_DAYS * DAY_MS;
		case 'already_signed_up':
			return ANSWER_MINUTES * MINUTE_MS;
		case 'announcement':
		case 'product_update':
		case 'update_preview':
			return NEWS_DAYS * DAY_MS;
		case 'address_code':
		case 'change_from_code':
		case 'change_to_code':
		case 'proof_code':
		case 'reset_code':
		case 'sign_in_code':
		case 'sign_up_code':
			return mail.minutes * MINUTE_MS;
	}
}
