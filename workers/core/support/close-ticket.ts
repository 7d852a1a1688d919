import { and, inArray } from 'drizzle-orm';

import { tickets } from '../../../schema/support';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { isOpenTo, type TicketVisitor } from './ticket-access';
import { statesMovedBy } from './ticket-state';

type ChangeDeps = Pick<Deps, 'db' | 'now'>;
interface Visit {
	ticketId: string;
	visitor: TicketVisitor;
}

/** Closes one's own ticket: the clock of its deletion runs. Closed again it is not closed later. */
export async function closeTicket(deps: ChangeDeps, { ticketId, visitor }: Visit): Promise<void> {
	const isTheirs = await isOpenTo(ticketId, visitor);
	const nowMs = deps.now().getTime();
	const closed = { state: 'closed', changedAtMs: nowMs, closedAtMs: nowMs } as const;
	await change(deps, {
		change: closed,
		where: and(isTheirs, inArray(tickets.state, statesMovedBy('closed'))),
		isTheirs,
	});
}

/** Opens one's own closed ticket again: it waits for us, and nothing counts towards its deletion (DS-29). */
export async function reopenTicket(deps: ChangeDeps, { ticketId, visitor }: Visit): Promise<void> {
	const isTheirs = await isOpenTo(ticketId, visitor);
	const opened = { state: 'waiting', changedAtMs: deps.now().getTime(), closedAtMs: null } as const;
	await change(deps, {
		change: opened,
		where: and(isTheirs, inArray(tickets.state, statesMovedBy('reopened'))),
		isTheirs,
	});
}

type Condition = Awaited<ReturnType<typeof isOpenTo>>;

async function change(
	{ db }: ChangeDeps,
	input: { change: Partial<typeof tickets.$inferInsert>; where: Condition; isTheirs: Condition },
): Promise<void> {
	const changed = await withD1Retry(() =>
		db.update(tickets).set(input.change).where(input.where).returning({ id: tickets.id }),
	);
	if (changed.length > 0) return;
	const [found] = await withD1Retry(() => db.select({ id: tickets.id }).from(tickets).where(input.isTheirs));
	if (found === undefined) throw notFound('conversation');
}
