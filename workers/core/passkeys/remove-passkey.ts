import { and, eq, exists, gte, sql } from 'drizzle-orm';

import { passkeys } from '../../../schema/users';
import type { SignInWay } from '../../../studios/studio';
import { waysWithout } from '../accounts/last-way';
import { changeStatements, type Changer } from '../accounts/tell-person';
import { refusalOfRemoval } from '../accounts/unlink-way';
import { isGateShut } from '../audit/audit-statement';
import type { AccessDeps } from '../deps';
import { notFound } from '../errors';
import { tellMail } from '../mail/queue-mail';

/**
 * Takes a passkey away. The last way in stays, as `unlinkWay` keeps it. Refused: one that is not theirs, the last way in, and a
 * session that has ended meanwhile.
 */
export async function removePasskey(
	deps: AccessDeps,
	{ changer, id, offered }: { changer: Changer; id: string; offered: readonly SignInWay[] },
): Promise<void> {
	const { db } = deps;
	const { userId } = changer.person;
	const isThePasskey = and(eq(passkeys.id, id), eq(passkeys.userId, userId));
	const read = () => db.select({ name: passkeys.name }).from(passkeys).where(isThePasskey);
	const [passkey] = await read();
	if (passkey === undefined) throw notFound('passkey');
	const isThere = exists(
		db
			.select({ one: sql`1` })
			.from(passkeys)
			.where(isThePasskey),
	);
	const { gate, mail, mailId } = await changeStatements(deps, changer, {
		entry: { action: 'passkey.removed', targetId: id },
		told: { what: 'passkey_removed', name: passkey.name ?? 'Passkey' },
		holds: and(isThere, gte(waysWithout(userId, offered, id), 1)),
	});
	try {
		await db.batch([gate, db.delete(passkeys).where(isThePasskey), ...mail]);
	} catch (cause) {
		if (!isGateShut(cause)) throw cause;
		throw await refusalOfRemoval(deps, { changer, id, offered, isThere: (await read()).length > 0 });
	}
	await tellMail(deps, mailId);
}
