import { and, eq, notExists, sql } from 'drizzle-orm';

import { signInMethods } from '../../../schema/users';
import { isGateShut } from '../audit/audit-statement';
import type { AccessDeps } from '../deps';
import { violates } from '../errors';
import { PROVIDER_NAMES, type ProviderIdentity, type SignInProvider } from '../gateways/sign-in/sign-in-gateway';
import { tellMail } from '../mail/queue-mail';
import { findByProvider } from './enter-by-provider';
import { SignInRefusal } from './sign-in-refusal';
import { changeStatements, type Changer } from './tell-person';

/**
 * Connects a provider's account to the person who went there for it; its address may be another one than theirs, since it is
 * known by its subject. Twice is once. Refused, with nothing changed: when it is somebody else's, when they have one of this
 * provider already, and when their session has ended meanwhile.
 */
export async function linkWay(
	deps: AccessDeps,
	{ changer, provider, identity }: { changer: Changer; provider: SignInProvider; identity: ProviderIdentity },
): Promise<void> {
	const { db, newId, now } = deps;
	const { userId } = changer.person;
	const { subject } = identity;
	if (await isLinked(deps, userId, { provider, subject })) return;
	const hasNone = notExists(
		db
			.select({ one: sql`1` })
			.from(signInMethods)
			.where(and(eq(signInMethods.userId, userId), eq(signInMethods.providerId, provider))),
	);
	const id = newId('way');
	const { gate, mail, mailId } = await changeStatements(deps, changer, {
		entry: { action: 'way_in.linked', targetId: id, facts: { way: provider } },
		told: { what: 'way_linked', way: PROVIDER_NAMES[provider] },
		holds: hasNone,
	});
	const row = { id, userId, providerId: provider, accountId: subject, createdAt: now(), updatedAt: now() };
	try {
		await db.batch([gate, db.insert(signInMethods).values(row), ...mail]);
	} catch (cause) {
		if (!isGateShut(cause) && !violates(cause, 'sign_in_methods.provider_id')) throw cause;
		if (await isLinked(deps, userId, { provider, subject })) return;
		const [other] = await db
			.select({ id: signInMethods.id })
			.from(signInMethods)
			.where(and(eq(signInMethods.userId, userId), eq(signInMethods.providerId, provider)));
		throw new SignInRefusal(other === undefined ? 'another_person' : 'linked_another', { cause });
	}
	await tellMail(deps, mailId);
}

/** Refused when it is somebody else's. */
async function isLinked(
	deps: AccessDeps,
	userId: string,
	{ provider, subject }: { provider: SignInProvider; subject: string },
): Promise<boolean> {
	const owner = await findByProvider(deps, provider, subject);
	if (owner === null) return false;
	if (owner.userId !== userId) throw new SignInRefusal('linked_elsewhere');
	return true;
}
