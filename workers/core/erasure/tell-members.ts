import { and, asc, eq, inArray, ne } from 'drizzle-orm';

import { memberships } from '../../../schema/memberships';
import { users } from '../../../schema/users';
import type { MailDeps } from '../deps';
import { hmacOf } from '../mail/mail-keys';
import { queueMailsOnce } from '../mail/queue-mail';
import { isNotErased } from './is-not-erased';
import type { ErasureRow } from './legs';

/** Their mails are one batch and as many messages. */
export const TOLD_AT_ONCE_MAX = 50;
const PURPOSE = 'afterglow erased account v1';
/** As long as a random one (`newId`); hexadecimal letters are among its. */
const ID_LENGTH = 26;

type TellDeps = Pick<MailDeps, 'db' | 'now' | 'newId' | 'queue' | 'mailKey' | 'studio'>;

/**
 * Mails the members of an account that is being erased, all but its owner, that it is gone, and takes them off it: mail first, so that a
 * crash in between tells them by the same id, and that is once. Who is being erased too is told of that alone. Some at once; true when
 * there may be more.
 */
export async function tellMembers(deps: TellDeps, erasure: Pick<ErasureRow, 'id' | 'targetId'>): Promise<boolean> {
	const { db, mailKey, studio } = deps;
	const members = await db
		.select({ userId: users.id, email: users.email })
		.from(memberships)
		.innerJoin(users, eq(users.id, memberships.userId))
		.where(and(eq(memberships.accountId, erasure.targetId), ne(memberships.role, 'owner'), isNotErased(users.id)))
		.orderBy(asc(users.id))
		.limit(TOLD_AT_ONCE_MAX);
	if (members.length === 0) return false;
	const hours = studio.policy.erasure.deadlineHours;
	const letters = members.map(async ({ userId, email: to }) => ({
		mail: { kind: 'account_erased' as const, to, hours },
		about: { userId, id: await mailIdOf(mailKey, erasure.id, userId) },
	}));
	// One after another by the second: whoever waits for a code must not wait for these.
	await queueMailsOnce(deps, await Promise.all(letters), (at) => at);
	const told = members.map(({ userId }) => userId);
	await db
		.delete(memberships)
		.where(and(eq(memberships.accountId, erasure.targetId), inArray(memberships.userId, told)));
	return members.length === TOLD_AT_ONCE_MAX;
}

async function mailIdOf(mailKey: string, erasureId: string, userId: string): Promise<string> {
	const mac = await hmacOf(mailKey, PURPOSE, `${erasureId} ${userId}`);
	return `mai_${Buffer.from(mac).toString('hex').slice(0, ID_LENGTH)}`;
}
