import { and, asc, eq, gt, inArray, not, or, sql } from 'drizzle-orm';

import { tickets } from '../../../schema/support';
import type { Whence } from '../actor';
import { isGateShut } from '../audit/audit-statement';
import { operatorGateStatement, operatorStatement } from '../audit/operator-entry';
import { inOneBatch } from '../credits/post-entry';
import { withD1Retry } from '../d1-retry';
import type { AccessDeps, Deps } from '../deps';
import { AppError, lacks, notFound, violates } from '../errors';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { addressNow } from './address-now';
import { isWritten, messageIdOf, messageWhile, requireRoom } from './answer-ticket';
import { ticketLinkToken } from './moved-link';
import { linesOf, openConversation, type Ticket, type TicketLine } from './read-ticket';
import { sealWords } from './sealed-ticket';
import { IS_LEAVING, ticketUrl } from './ticket-access';
import { statesMovedBy, statesTaking, type TicketState } from './ticket-state';

/** Reads within this time are one entry of the record (DD-16). */
const TRACE_MS = 3_600_000;
/** Each costs a key out of the vault. */
const LIST_MAX = 20;

type ByOperator = { whence: Whence; ticketId: string };

/** Tickets of a state, the one that waits longest first: no address, no messages. At most 20 a page. */
export async function listTickets(
	deps: Pick<Deps, 'db' | 'vault' | 'studio'>,
	{ state, cursor }: { state: TicketState; cursor?: string | undefined },
): Promise<{ items: TicketLine[]; nextCursor: string | null }> {
	const rows = await withD1Retry(() =>
		deps.db
			.select()
			.from(tickets)
			.where(and(eq(tickets.state, state), not(IS_LEAVING), cursor === undefined ? undefined : isAfter(cursor)))
			.orderBy(asc(tickets.changedAtMs), asc(tickets.id))
			.limit(LIST_MAX + 1),
	);
	const page = rows.slice(0, LIST_MAX);
	const last = page.at(-1);
	return {
		items: await linesOf(deps, page),
		nextCursor: rows.length > LIST_MAX && last !== undefined ? `${last.changedAtMs}~${last.id}` : null,
	};
}

function isAfter(cursor: string) {
	const [, ms = '', id = ''] = /^(\d{1,15})~(tkt_\w{1,60})$/.exec(cursor) ?? [];
	if (id === '') throw new AppError('invalid_input', 'This cursor is none of ours. Leave it out.');
	return or(gt(tickets.changedAtMs, Number(ms)), and(eq(tickets.changedAtMs, Number(ms)), gt(tickets.id, id)));
}

/** A conversation with the address it is from, for whoever answers it. That it was read stands in the record, once an hour. */
export async function readTicketByOperator(
	deps: Pick<Deps, 'db' | 'now' | 'newId' | 'vault' | 'studio'>,
	{ whence, ticketId }: ByOperator,
): Promise<{ ticket: Ticket; address: string; userId: string | null }> {
	const { ticket, row, head } = await openConversation(deps, eq(tickets.id, ticketId));
	const { userId } = row;
	const name = `ticket.read:${ticketId}:${Math.floor(deps.now().getTime() / TRACE_MS)}`;
	const entry = { accountId: null, name, action: 'ticket.read', targetId: ticketId } as const;
	const record = await operatorStatement(deps, { whence, ...entry });
	await withD1Retry(() => record.statement.run());
	return { ticket, address: await addressNow(deps, { userId, address: head.address }), userId };
}

/**
 * Answers: into the conversation and by mail, in one batch, once for each key. A closed ticket is a `conflict`: only its person opens
 * it again.
 */
export async function replyToTicket(
	deps: AccessDeps,
	{ whence, ticketId, words, key }: ByOperator & { words: string; key: string },
): Promise<{ messageId: string; isNew: boolean }> {
	const { db } = deps;
	const { row, head } = await openConversation(deps, eq(tickets.id, ticketId));
	const messageId = await messageIdOf(ticketId, 'operator', key);
	if (await isWritten(deps, messageId)) return { messageId, isNew: false };
	await requireRoom(deps, ticketId);
	const nowMs = deps.now().getTime();
	const message = { id: messageId, author: 'operator' as const, sealed: await sealWords(deps, ticketId, words) };
	const isOpen = and(inArray(tickets.state, statesTaking('operator_wrote')), not(IS_LEAVING));
	const link = await ticketLinkToken(deps, row, head);
	const { mailId, statements } = await mailStatements(deps, {
		kind: 'ticket_answered',
		to: await addressNow(deps, { userId: row.userId, address: head.address }),
		url: ticketUrl(deps.appOrigin, ticketId, link.token),
		words,
	});
	const entry = { accountId: null, name: messageId, action: 'ticket.answered', targetId: ticketId } as const;
	const record = await operatorStatement(deps, { whence, ...entry });
	const rows = inOneBatch([
		messageWhile(deps, { ...message, writtenAtMs: nowMs }, ticketId, isOpen),
		db.update(tickets).set({ state: 'answered', changedAtMs: nowMs }).where(eq(tickets.id, ticketId)),
		...link.statements,
		record.statement,
		...statements,
	]);
	try {
		await withD1Retry(() => db.batch(rows));
	} catch (cause) {
		if (violates(cause, 'ticket_messages.id')) return { messageId, isNew: false };
		if (!lacks(cause, 'ticket_messages.ticket_id')) throw cause;
		throw new AppError('conflict', 'This conversation is closed. Its person opens it again by writing in it.', {
			cause,
		});
	}
	await tellMail(deps, mailId);
	return { messageId, isNew: true };
}

/** Closes a ticket: its two years begin. One that is closed already keeps its clock. */
export async function closeTicketByOperator(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	{ whence, ticketId }: ByOperator,
): Promise<{ closedAt: string }> {
	const { db } = deps;
	const nowMs = deps.now().getTime();
	const isThis = and(eq(tickets.id, ticketId), not(IS_LEAVING));
	const isMoved = and(isThis, inArray(tickets.state, statesMovedBy('closed')));
	const isOpen = sql`exists (select 1 from ${tickets} where ${isMoved})`;
	const entry = { accountId: null, action: 'ticket.closed', targetId: ticketId } as const;
	const rows = inOneBatch([
		operatorGateStatement(deps, { whence, ...entry }, isOpen),
		db.update(tickets).set({ state: 'closed', changedAtMs: nowMs, closedAtMs: nowMs }).where(isThis),
	]);
	try {
		await withD1Retry(() => db.batch(rows));
	} catch (cause) {
		if (!isGateShut(cause)) throw cause;
	}
	const [row] = await withD1Retry(() => db.select({ closedAtMs: tickets.closedAtMs }).from(tickets).where(isThis));
	if (row === undefined || row.closedAtMs === null) throw notFound('conversation');
	return { closedAt: new Date(row.closedAtMs).toISOString() };
}
