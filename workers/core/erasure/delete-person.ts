import { and, eq, sql } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { memberships } from '../../../schema/memberships';
import { isSignedIn, refusalOfSession } from '../accounts/standing';
import type { MailDeps } from '../deps';
import { AppError, lacks, notFound } from '../errors';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { erasureMail, sealDoneMail } from './done-mail';
import { requestErasure, type RequestDeps, type RequestedErasure } from './request-erasure';

/** What goes with a person, as the page lists it before. */
export interface OwnedAccount {
	id: string;
	name: string;
	/** How many others belong to it: with any, it has to be named. */
	otherMembers: number;
}

export async function listOwnedAccounts(
	{ db }: Pick<RequestDeps, 'db'>,
	{ userId }: { userId: string },
): Promise<OwnedAccount[]> {
	return db
		.select({
			id: accounts.id,
			name: accounts.name,
			otherMembers: sql<number>`(select count(*) - 1 from ${memberships} m where m.account_id = ${accounts.id})`,
		})
		.from(memberships)
		.innerJoin(accounts, eq(accounts.id, memberships.accountId))
		.where(and(eq(memberships.userId, userId), eq(memberships.role, 'owner')))
		.orderBy(accounts.createdAtMs, accounts.id);
}

/**
 * Deletes a person's account for good, at their own word (DS-30): everything about them, and the accounts they own. One that others
 * belong to goes only when it is named in `accountIds`; without that it is a `conflict`, and nothing is done. They are told by mail,
 * now and when it is done.
 */
export async function deletePerson(
	deps: RequestDeps & Pick<MailDeps, 'mailKey' | 'appOrigin'>,
	input: { person: { userId: string; sessionId: string; email: string }; accountIds: readonly string[] },
): Promise<RequestedErasure> {
	const { person, accountIds } = input;
	await requireNamed(deps, person, accountIds);
	let mailId: string | null = null;
	try {
		const requested = await requestErasure(
			deps,
			{ kind: 'person', targetId: person.userId, accountId: null },
			{
				accountIds,
				holds: isSignedIn(deps, person),
				around: async (erasureId) => {
					const about = { erasureId, to: person.email };
					// Nobody's: what is sent about the end of an account must not go with it.
					const mail = await mailStatements(deps, erasureMail(deps, { ...about, stage: 'asked' }), { userId: null });
					mailId = mail.mailId;
					return { doneMail: await sealDoneMail(deps, about), statements: [...mail.statements] };
				},
			},
		);
		if (mailId !== null) await tellMail(deps, mailId);
		return requested;
	} catch (cause) {
		if (!lacks(cause, 'erasures.target_id')) throw cause;
		throw (await refusalOfSession(deps, person)) ?? cause;
	}
}

async function requireNamed(
	deps: RequestDeps,
	{ userId }: { userId: string },
	named: readonly string[],
): Promise<void> {
	const owned = await listOwnedAccounts(deps, { userId });
	if (named.some((id) => owned.every((account) => account.id !== id))) throw notFound('account');
	const shared = owned.filter(({ id, otherMembers }) => otherMembers > 0 && !named.includes(id));
	if (shared.length === 0) return;
	throw new AppError(
		'conflict',
		`Others belong to what you own: ${shared.map(({ name }) => name).join(', ')}. Hand it over first, or say that it is erased for all of them.`,
		{ details: { accountIds: shared.map(({ id }) => id) } },
	);
}
