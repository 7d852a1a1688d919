import { count, desc, eq } from 'drizzle-orm';

import { mailSuppressions } from '../../../schema/mail';
import type { Whence } from '../actor';
import { operatorStatement } from '../audit/operator-entry';
import { withD1Retry } from '../d1-retry';
import type { MailDeps } from '../deps';
import { notFound } from '../errors';
import { addressHashOf } from './address-hash';
import type { Suppression } from './why-not-sent';

/** More than anybody looks through; the newest count. */
const LISTED_MAX = 100;

interface Suppressed {
	/** What is kept in place of the address. */
	fingerprint: string;
	reason: Suppression;
	sinceMs: number;
}

/** How many addresses get less or no mail, and the newest of them. Which addresses they are is not kept; `findSuppression` knows one by its letters. */
export async function listSuppressions({
	db,
}: Pick<MailDeps, 'db'>): Promise<{ bounced: number; complained: number; newest: Suppressed[] }> {
	const [counts, newest] = await db.batch([
		db
			.select({ reason: mailSuppressions.reason, count: count() })
			.from(mailSuppressions)
			.groupBy(mailSuppressions.reason),
		db.select().from(mailSuppressions).orderBy(desc(mailSuppressions.sinceMs)).limit(LISTED_MAX),
	]);
	const of = (wanted: Suppression) => counts.find(({ reason }) => reason === wanted)?.count ?? 0;
	return {
		bounced: of('bounced'),
		complained: of('complained'),
		newest: newest.map(({ addressHash: fingerprint, ...row }) => ({ fingerprint, ...row })),
	};
}

/** What is known of one address; null: mail goes there. */
export async function findSuppression(
	{ db, mailKey }: Pick<MailDeps, 'db' | 'mailKey'>,
	{ address }: { address: string },
): Promise<Suppressed | null> {
	const fingerprint = await addressHashOf(mailKey, address);
	const [row] = await db.select().from(mailSuppressions).where(eq(mailSuppressions.addressHash, fingerprint));
	return row === undefined ? null : { fingerprint, reason: row.reason, sinceMs: row.sinceMs };
}

/** Lets mail go to an address again, because an operator knows better. Refused for one that is not suppressed. */
export async function liftSuppression(
	deps: Pick<MailDeps, 'db' | 'now' | 'newId' | 'mailKey'>,
	{ whence, address, reason }: { whence: Whence; address: string; reason: string },
): Promise<Suppressed> {
	const found = await findSuppression(deps, { address });
	if (found === null) throw notFound('suppressed address');
	const { statement } = await operatorStatement(deps, {
		whence,
		accountId: null,
		action: 'suppression.lifted',
		targetId: found.fingerprint,
		facts: { was: found.reason },
		reason,
	});
	const lift = deps.db.delete(mailSuppressions).where(eq(mailSuppressions.addressHash, found.fingerprint));
	await withD1Retry(() => deps.db.batch([statement, lift]));
	return found;
}
