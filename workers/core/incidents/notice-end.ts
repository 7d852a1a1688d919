import { and, eq, isNull, or } from 'drizzle-orm';

import { incidentNotices } from '../../../schema/incidents';
import type { Deps } from '../deps';

/** What became of the mail of a notice. Only `taken` counts as told (Art. 34). */
export type NoticeEnd = NonNullable<(typeof incidentNotices.$inferSelect)['mailEnd']>;

/** The kind of mail that has a notice. */
const NOTICE_KIND = 'incident';

export function isNoticeMail({ kind }: { kind: string }): boolean {
	return kind === NOTICE_KIND;
}

/**
 * Writes down what became of a notice's mail, as a statement for the batch that learns it. The first end stays, but for one that comes
 * back after it was taken. Nothing for a mail that is no notice's.
 */
export function noticeEndStatement(
	{ db }: Pick<Deps, 'db'>,
	{ mailId, mailEnd }: { mailId: string; mailEnd: NoticeEnd },
) {
	const isOpen = isNull(incidentNotices.mailEnd);
	const mayChange = mailEnd === 'returned' ? or(isOpen, eq(incidentNotices.mailEnd, 'taken')) : isOpen;
	return db
		.update(incidentNotices)
		.set({ mailEnd })
		.where(and(eq(incidentNotices.mailId, mailId), mayChange));
}
