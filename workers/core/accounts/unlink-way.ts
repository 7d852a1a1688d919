import { and, eq, exists, gte, inArray, sql } from 'drizzle-orm';

import { signInMethods } from '../../../schema/users';
import type { SignInWay } from '../../../studios/studio';
import { isGateShut } from '../audit/audit-statement';
import type { AccessDeps } from '../deps';
import { AppError, notFound } from '../errors';
import { PROVIDER_NAMES, SIGN_IN_PROVIDERS } from '../gateways/sign-in/sign-in-gateway';
import { tellMail } from '../mail/queue-mail';
import { waysWithout } from './last-way';
import { changeStatements, type Changer } from './tell-person';

/**
 * Disconnects a provider. The last way in stays: that another one is left is asked in the batch that takes this one away, so
 * two at once cannot take both. Refused: one that is not theirs, the last one, and a session that has ended meanwhile.
 */
export async function unlinkWay(
	deps: AccessDeps,
	{ changer, id, offered }: { changer: Changer; id: string; offered: readonly SignInWay[] },
): Promise<void> {
	const { db } = deps;
	const { userId } = changer.person;
	const isTheWay = and(
		eq(signInMethods.id, id),
		eq(signInMethods.userId, userId),
		inArray(signInMethods.providerId, [...SIGN_IN_PROVIDERS]),
	);
	const read = () => db.select({ provider: signInMethods.providerId }).from(signInMethods).where(isTheWay);
	const [way] = await read();
	const provider = SIGN_IN_PROVIDERS.find((each) => each === way?.provider);
	if (provider === undefined) throw notFound('way to sign in');
	const isThere = exists(
		db
			.select({ one: sql`1` })
			.from(signInMethods)
			.where(isTheWay),
	);
	const { gate, mail, mailId } = await changeStatements(deps, changer, {
		entry: { action: 'way_in.unlinked', targetId: id, facts: { way: provider } },
		told: { what: 'way_unlinked', way: PROVIDER_NAMES[provider] },
		holds: and(isThere, gte(waysWithout(userId, offered, id), 1)),
	});
	try {
		await db.batch([gate, db.delete(signInMethods).where(isTheWay), ...mail]);
	} catch (cause) {
		if (!isGateShut(cause)) throw cause;
		throw (await refusalOfRemoval(deps, { changer, id, offered, isThere: (await read()).length > 0 })) ?? cause;
	}
	await tellMail(deps, mailId);
}

/** Why a way in was not taken away. */
export async function refusalOfRemoval(
	{ db }: Pick<AccessDeps, 'db'>,
	input: { changer: Changer; id: string; offered: readonly SignInWay[]; isThere: boolean },
): Promise<AppError> {
	const { changer, id, offered, isThere } = input;
	if (!isThere) return notFound('way to sign in');
	const [row] = await db
		.select({ others: sql<number>`${waysWithout(changer.person.userId, offered, id)}` })
		.from(sql`(select 1)`);
	if (row?.others === 0) {
		return new AppError(
			'conflict',
			'This is your last way to sign in, so it stays. Set a password or add another way first.',
			{ details: { reason: 'last_way' } },
		);
	}
	return new AppError('not_signed_in', 'Your session has ended meanwhile. Nothing was changed. Sign in again.');
}
