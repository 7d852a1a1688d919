import { and, asc, inArray, lte, not } from 'drizzle-orm';

import { tickets } from '../../../schema/support';
import { retentionMs } from '../../../studios/policy/policy';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { isNotHeld } from '../erasure/is-held';
import { destroyDataKey } from '../vault/data-key';
import { IS_LEAVING, LEFT_TOKEN } from './ticket-access';

type EraseDeps = Pick<Deps, 'db' | 'vault'>;

/** One erasure reads and deletes a key for each; an invocation has a thousand calls for everything. */
export const TICKETS_AT_ONCE_MAX = 20;

/**
 * Destroys tickets: first nobody gets at them any more, then their keys, then the rows. What breaks off in between leaves nothing
 * readable, and is finished by the sweep (`eraseDueTickets`). At most 20 at once.
 */
export async function eraseTickets(deps: EraseDeps, { ticketIds }: { ticketIds: readonly string[] }): Promise<void> {
	const { db } = deps;
	if (ticketIds.length === 0) return;
	if (ticketIds.length > TICKETS_AT_ONCE_MAX) throw new Error('too many tickets at once');
	const these = inArray(tickets.id, [...ticketIds]);
	await withD1Retry(() => db.update(tickets).set({ tokenHash: LEFT_TOKEN }).where(these));
	for (const ticketId of ticketIds) await destroyDataKey(deps, ticketId);
	await withD1Retry(() => db.delete(tickets).where(these));
}

/**
 * The tickets that leave now: closed for as long as the policy says, to the millisecond, or begun to be erased before. One that is
 * reopened in this moment stays; so do those of somebody whose data a law keeps (DD-17). Returns how many are gone.
 */
export async function eraseDueTickets(
	deps: EraseDeps & Pick<Deps, 'studio'>,
	{ dueMs }: { dueMs: number },
): Promise<number> {
	const { db, studio } = deps;
	const isDue = and(
		lte(tickets.closedAtMs, dueMs - retentionMs(studio.policy, 'support')),
		isNotHeld(tickets.userId),
		not(IS_LEAVING),
	);
	const due = db
		.select({ id: tickets.id })
		.from(tickets)
		.where(isDue)
		.orderBy(asc(tickets.closedAtMs))
		.limit(TICKETS_AT_ONCE_MAX);
	await db.update(tickets).set({ tokenHash: LEFT_TOKEN }).where(inArray(tickets.id, due));
	const leaving = await db.select({ id: tickets.id }).from(tickets).where(IS_LEAVING).limit(TICKETS_AT_ONCE_MAX);
	await eraseTickets(deps, { ticketIds: leaving.map(({ id }) => id) });
	return leaving.length;
}
