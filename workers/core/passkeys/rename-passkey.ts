import { and, eq } from 'drizzle-orm';

import { passkeys } from '../../../schema/users';
import type { Deps } from '../deps';
import { notFound } from '../errors';

/** Calls a passkey something else. Refused: one that is not theirs. */
export async function renamePasskey(
	{ db }: Pick<Deps, 'db'>,
	{ userId, id, name }: { userId: string; id: string; name: string },
): Promise<void> {
	const renamed = await db
		.update(passkeys)
		.set({ name })
		.where(and(eq(passkeys.id, id), eq(passkeys.userId, userId)))
		.returning({ id: passkeys.id });
	if (renamed.length === 0) throw notFound('passkey');
}
