import { and, asc, desc, eq, not, type SQL } from 'drizzle-orm';

import { ticketMessages, tickets } from '../../../schema/support';
import { retentionMs } from '../../../studios/policy/policy';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { openHead, openWords, type TicketHead } from './sealed-ticket';
import { IS_LEAVING, isOpenTo, type TicketVisitor } from './ticket-access';
import type { TicketState } from './ticket-state';

/** A conversation is no archive: past so many messages a new one is begun. */
export const MESSAGES_MAX = 200;
const OWN_MAX = 50;

export interface Ticket {
	id: string;
	subject: string;
	state: TicketState;
	openedAt: string;
	changedAt: string;
	/** When it and its key are destroyed; null while it is not closed (DS-29). */
	deleteAt: string | null;
	messages: { id: string; author: 'person' | 'operator'; words: string; writtenAt: string }[];
}

export interface TicketLine {
	id: string;
	subject: string;
	state: TicketState;
	changedAt: string;
}

type ReadDeps = Pick<Deps, 'db' | 'vault' | 'studio'>;
type TicketRow = typeof tickets.$inferSelect;

/** A conversation, for whoever has its link or opened it. Not found for everybody else, and once its key is gone. */
export async function readTicket(
	deps: ReadDeps,
	{ ticketId, visitor }: { ticketId: string; visitor: TicketVisitor },
): Promise<Ticket> {
	return (await openConversation(deps, await isOpenTo(ticketId, visitor))).ticket;
}

/** The one ticket of which this holds, with its row and what is sealed there: whom it is from. */
export async function openConversation(
	deps: ReadDeps,
	which: SQL | undefined,
): Promise<{ ticket: Ticket; row: TicketRow; head: TicketHead }> {
	const [row] = await withD1Retry(() =>
		deps.db
			.select()
			.from(tickets)
			.where(and(which, not(IS_LEAVING))),
	);
	const head = row === undefined ? null : await openHead(deps, row.id, row.sealed);
	if (row === undefined || head === null) throw notFound('conversation');
	const rows = await withD1Retry(() =>
		deps.db
			.select()
			.from(ticketMessages)
			.where(eq(ticketMessages.ticketId, row.id))
			.orderBy(asc(ticketMessages.writtenAtMs), asc(ticketMessages.id))
			.limit(MESSAGES_MAX),
	);
	const messages: Ticket['messages'] = [];
	for (const { id, author, sealed, writtenAtMs } of rows) {
		const words = await openWords(deps, row.id, sealed);
		if (words === null) throw notFound('conversation');
		messages.push({ id, author, words, writtenAt: iso(writtenAtMs) });
	}
	return { ticket: { ...lineOf(row, head.subject), ...timesOf(deps, row), messages }, row, head };
}

/** A signed-in person's own, the newest first; at most 50. */
export async function listOwnTickets(deps: ReadDeps, { userId }: { userId: string }): Promise<TicketLine[]> {
	return linesOf(
		deps,
		await deps.db
			.select()
			.from(tickets)
			.where(and(eq(tickets.userId, userId), not(IS_LEAVING)))
			.orderBy(desc(tickets.changedAtMs))
			.limit(OWN_MAX),
	);
}

/** Rows with their subjects; one whose key is gone is left out. */
export async function linesOf(deps: ReadDeps, rows: readonly TicketRow[]): Promise<TicketLine[]> {
	const heads = await Promise.all(rows.map((row) => openHead(deps, row.id, row.sealed)));
	return rows.flatMap((row, index) => {
		const head = heads[index];
		return head === null || head === undefined ? [] : [lineOf(row, head.subject)];
	});
}

function lineOf({ id, state, changedAtMs }: TicketRow, subject: string): TicketLine {
	return { id, subject, state, changedAt: iso(changedAtMs) };
}

function timesOf({ studio }: Pick<Deps, 'studio'>, { openedAtMs, closedAtMs }: TicketRow) {
	const keptMs = retentionMs(studio.policy, 'support');
	return { openedAt: iso(openedAtMs), deleteAt: closedAtMs === null ? null : iso(closedAtMs + keptMs) };
}

function iso(ms: number): string {
	return new Date(ms).toISOString();
}
