import { eq } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { auditEntries } from '../../../schema/audit';
import { DATA_CLASSES, type DataClass } from '../../../studios/policy/policy';
import type { Whence } from '../actor';
import { entryIdOf, operatorStatement } from '../audit/operator-entry';
import { inOneBatch } from '../credits/post-entry';
import { withD1Retry } from '../d1-retry';
import type { MailDeps } from '../deps';
import { AppError, notFound, violates } from '../errors';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { ownerOf } from './owner-of';

export interface Disclosure {
	whence: Whence;
	accountId: string;
	/** Who got it: "Amtsgericht Köln". No person's name. */
	authority: string;
	dataClasses: readonly DataClass[];
	/** By which law or order, with its number. */
	reason: string;
	/** The order's own number; the same disclosure under it is recorded once. */
	key: string;
	/** A court forbids to tell of it: it stands in the record of the studio, and not yet in the account's. */
	isQuiet: boolean;
}

/**
 * Writes down that data was handed over because the law required it (DD-34), and tells the owner, in their record and by mail. Where a
 * court forbids to tell, only the studio's record has it; called again without `isQuiet` it tells what was kept quiet.
 */
export async function discloseData(
	deps: MailDeps,
	disclosure: Disclosure,
): Promise<{ disclosureId: string; isTold: boolean }> {
	const { db, studio } = deps;
	const { whence, accountId, authority, dataClasses, reason, key, isQuiet } = disclosure;
	const [account] = await withD1Retry(() =>
		db.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, accountId)),
	);
	if (account === undefined) throw notFound('account');
	const titles = DATA_CLASSES.filter((each) => dataClasses.includes(each)).map(
		(each) => studio.policy.data[each].title,
	);
	const facts = { authority, classes: titles.join(', ') };
	const quiet = `disclosure:quiet:${accountId}:${key}`;
	const told = `disclosure:${accountId}:${key}`;
	const disclosureId = await entryIdOf(told);
	if ((await recordedAtMs(deps, disclosureId)) !== null) return { disclosureId, isTold: true };
	if (isQuiet) {
		const entry = { accountId: null, name: quiet, action: 'disclosure.kept_quiet', targetId: accountId } as const;
		const { statement } = await operatorStatement(deps, { whence, ...entry, facts, reason });
		await withD1Retry(() => statement.run());
		return { disclosureId, isTold: false };
	}
	const owner = await ownerOf(deps, accountId);
	if (owner === null)
		throw new AppError('conflict', 'Nobody owns this account, so nobody can be told. Record it with --quiet.');
	// What was kept quiet is told with the day on which it happened.
	const atMs = (await recordedAtMs(deps, await entryIdOf(quiet))) ?? deps.now().getTime();
	const on = new Date(atMs).toISOString().slice(0, 10);
	const entry = { accountId, name: told, action: 'data.disclosed', reason } as const;
	const { statement } = await operatorStatement(deps, { whence, ...entry, facts: { ...facts, on } });
	const about = { id: `mai_${disclosureId.slice('aud_'.length)}` };
	const mail = { kind: 'disclosure', to: owner.email, accountName: owner.accountName, authority } as const;
	const { mailId, statements } = await mailStatements(deps, { ...mail, what: titles, reason, atMs }, about);
	try {
		await withD1Retry(() => db.batch(inOneBatch([statement, ...statements])));
	} catch (cause) {
		// It was told meanwhile, or by a try whose answer was lost.
		if (!violates(cause, 'mails.id')) throw cause;
	}
	await tellMail(deps, mailId);
	return { disclosureId, isTold: true };
}

async function recordedAtMs({ db }: MailDeps, id: string): Promise<number | null> {
	const [row] = await withD1Retry(() =>
		db.select({ atMs: auditEntries.createdAtMs }).from(auditEntries).where(eq(auditEntries.id, id)),
	);
	return row?.atMs ?? null;
}
