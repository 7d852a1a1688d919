import { eq } from 'drizzle-orm';

import { users } from '../../../schema/users';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';

/**
 * Where somebody is answered: who wrote signed in at the address that is theirs now, since the one from then may be somebody else's by
 * now; who wrote without an account, or was erased, at the one they typed. One D1 statement, and none without an account.
 */
export async function addressNow(
	{ db }: Pick<Deps, 'db'>,
	{ userId, address }: { userId: string | null; address: string },
): Promise<string> {
	if (userId === null) return address;
	const [person] = await withD1Retry(() => db.select({ email: users.email }).from(users).where(eq(users.id, userId)));
	return person?.email ?? address;
}
