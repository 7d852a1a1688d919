import { eq } from 'drizzle-orm';

import { auditEntries } from '../../../schema/audit';
import { incidentNotices } from '../../../schema/incidents';
import { mails } from '../../../schema/mail';
import type { DataClass } from '../../../studios/policy/policy';
import { describeIncident, openIncident } from '../../../workers/core/incidents/open-incident';
import { openMail } from '../../../workers/core/mail/seal-mail';
import type { TestDeps } from '../../support/deps';
import { WHENCE } from '../operations/given-operator';

export const WORDS = {
	happened: 'A backup lay open.',
	consequences: 'Somebody may have seen it.',
	measures: 'It is closed.',
	advice: 'Watch for strange mail.',
};

/** One of its own by its title; known now, with a window that ended a minute ago. */
export async function givenIncident(
	deps: TestDeps,
	changed: { dataClasses?: readonly DataClass[]; fromMs?: number; untilMs?: number; isDescribed?: boolean } = {},
): Promise<string> {
	const nowMs = deps.now().getTime();
	const {
		dataClasses = ['account'],
		fromMs = nowMs - 3_600_000,
		untilMs = nowMs - 60_000,
		isDescribed = true,
	} = changed;
	const title = `A backup lay open ${crypto.randomUUID()}`;
	const { incidentId } = await openIncident(deps, {
		whence: WHENCE,
		title,
		dataClasses,
		fromMs,
		untilMs,
		knownAtMs: nowMs,
	});
	if (isDescribed) await describeIncident(deps, { whence: WHENCE, incidentId, words: WORDS });
	return incidentId;
}

export async function toldOf({ db }: TestDeps, incidentId: string): Promise<string[]> {
	const rows = await db.select().from(incidentNotices).where(eq(incidentNotices.incidentId, incidentId));
	return rows.map(({ userId }) => userId).toSorted();
}

/** The mail that each was written to by. */
export async function noticeMailsOf({ db }: TestDeps, incidentId: string): Promise<Map<string, string>> {
	const rows = await db.select().from(incidentNotices).where(eq(incidentNotices.incidentId, incidentId));
	return new Map(rows.map(({ userId, mailId }) => [userId, mailId ?? '']));
}

/** Every mail about an incident: to whom, and of what. */
export async function noticesOf(
	deps: TestDeps,
	incidentId: string,
): Promise<{ to: string; what: readonly string[] }[]> {
	const rows = await deps.db.select().from(mails).where(eq(mails.kind, 'incident'));
	const opened = await Promise.all(
		rows.map(async ({ id, sealed }) => (sealed === null ? null : openMail(deps.mailKey, id, sealed))),
	);
	return opened.flatMap((mail) =>
		mail?.kind === 'incident' && mail.incidentId === incidentId ? [{ to: mail.to, what: mail.what }] : [],
	);
}

export async function actionsOn({ db }: TestDeps, incidentId: string): Promise<string[]> {
	const rows = await db.select().from(auditEntries).where(eq(auditEntries.targetId, incidentId));
	return rows.map(({ action }) => action).toSorted();
}
