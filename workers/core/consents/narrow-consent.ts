import { and, eq, sql, type SQL } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { CHANNELS, type Channel } from '../../../studios/publish-rules';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { AppError, notFound } from '../errors';
import { consentStateAt } from './consent-elements';

export interface NarrowedConsent {
	id: string;
	channels: Channel[];
	/** Null: nothing was ever taken away. */
	narrowedAt: string | null;
}

/**
 * Takes channels away from a consent, for staff. What is left out is not allowed from this moment on: links stop, and copies that were
 * posted elsewhere become due. Nothing is ever added: that takes a new signature. Repeating it answers the same.
 */
export async function narrowConsent(
	deps: Pick<Deps, 'db' | 'now'>,
	input: { actor: Actor; consentId: string; channels: readonly Channel[] },
): Promise<NarrowedConsent> {
	const { actor } = input;
	const own = sql`${consents.accountId} = ${actor.accountId} and ${hasStanding(deps, actor, 'consents:write')}`;
	const narrowed = await narrowWhile(deps, { ...input, holds: own });
	if (narrowed !== null) return narrowed;
	throw (await refusalOfStanding(deps, actor, 'consents:write')) ?? notFound('consent');
}

/**
 * The same for whoever `holds` says may: true in the statement that writes, for the row of `consents` that it is about. Null where it is
 * not, with nothing written. Refuses (`invalid_input`) what would add a channel or leave none, and (`conflict`) a consent that is not in force.
 */
export async function narrowWhile(
	deps: Pick<Deps, 'db' | 'now'>,
	input: { consentId: string; channels: readonly Channel[]; holds: SQL },
): Promise<NarrowedConsent | null> {
	const { db } = deps;
	const nowMs = deps.now().getTime();
	const isMeant = and(eq(consents.id, input.consentId), input.holds);
	const [row] = await db.select().from(consents).where(isMeant);
	if (row === undefined) return null;
	const channels = CHANNELS.filter((channel) => input.channels.includes(channel));
	if (channels.some((channel) => !row.channels.includes(channel))) throw wider();
	if (channels.length === 0) throw nothingLeft();
	if (channels.length === row.channels.length) return toNarrowed(row);
	if (consentStateAt(row.state, row.expiresAtMs, nowMs) !== 'active') {
		throw new AppError('conflict', 'This consent is not in force, so it allows nothing that could be taken away.');
	}
	const [changed] = await db
		.update(consents)
		.set({ channels, narrowedAtMs: nowMs })
		// As it was read: of two who narrow at once, none gives back what the other took.
		.where(and(isMeant, eq(consents.state, 'active'), eq(consents.channels, row.channels)))
		.returning();
	return changed === undefined ? narrowWhile(deps, input) : toNarrowed(changed);
}

function toNarrowed(row: typeof consents.$inferSelect): NarrowedConsent {
	const { id, channels, narrowedAtMs } = row;
	return { id, channels, narrowedAt: narrowedAtMs === null ? null : new Date(narrowedAtMs).toISOString() };
}

function wider(): AppError {
	return new AppError(
		'invalid_input',
		'This would allow more than the patient has signed. Record a new consent for it.',
		{ details: { fields: ['channels'] } },
	);
}

function nothingLeft(): AppError {
	return new AppError('invalid_input', 'Nothing would be left. Revoke the consent instead.', {
		details: { fields: ['channels'] },
	});
}
