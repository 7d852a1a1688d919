import { eq, sql, type SQL } from 'drizzle-orm';

import { ticketMessages, tickets } from '../../../schema/support';
import { inOneBatch } from '../credits/post-entry';
import { withD1Retry } from '../d1-retry';
import type { AccessDeps } from '../deps';
import { AppError, lacks, notFound, violates } from '../errors';
import { requireWithinLimits } from '../limits/require-within-limits';
import { destroyDataKey } from '../vault/data-key';
import { MESSAGES_MAX } from './read-ticket';
import { sealWords } from './sealed-ticket';
import { isOpenTo, type TicketVisitor } from './ticket-access';

/**
 * What the person writes in their own ticket: it waits for us again, and a closed one is open again, with no clock (DS-29). The same
 * words under the same key are one message. Not found for whoever it is not open to.
 */
export async function answerTicket(
	deps: AccessDeps,
	input: { ticketId: string; visitor: TicketVisitor; words: string; key: string; network: string | null },
): Promise<{ messageId: string }> {
	const { db } = deps;
	const { ticketId, visitor, words, key, network } = input;
	const isTheirs = await isOpenTo(ticketId, visitor);
	const [found] = await withD1Retry(() => db.select({ id: tickets.id }).from(tickets).where(isTheirs));
	if (found === undefined) throw notFound('conversation');
	const messageId = await messageIdOf(ticketId, 'person', key);
	if (await isWritten(deps, messageId)) return { messageId };
	await requireRoom(deps, ticketId);
	await requireWithinLimits(deps, [
		{ what: 'answer', by: 'ticket', value: ticketId },
		{ what: 'answer', by: 'network', value: network },
	]);
	const nowMs = deps.now().getTime();
	const sealed = await sealWords(deps, ticketId, words);
	const message = { id: messageId, author: 'person' as const, sealed, writtenAtMs: nowMs };
	const rows = inOneBatch([
		messageWhile(deps, message, ticketId, isTheirs),
		db.update(tickets).set({ state: 'waiting', changedAtMs: nowMs, closedAtMs: null }).where(isTheirs),
	]);
	try {
		await withD1Retry(() => db.batch(rows));
	} catch (cause) {
		if (violates(cause, 'ticket_messages.id')) return { messageId };
		if (!lacks(cause, 'ticket_messages.ticket_id')) throw cause;
		// It was erased meanwhile: sealing these words may have made a key for nothing.
		await destroyDataKey(deps, ticketId);
		throw notFound('conversation');
	}
	return { messageId };
}

/** A message as a row that is refused, with its batch, unless this holds of its ticket when it is written. */
export function messageWhile(
	{ db }: Pick<AccessDeps, 'db'>,
	message: Omit<typeof ticketMessages.$inferInsert, 'ticketId'>,
	ticketId: string,
	holds: SQL | undefined,
) {
	const ticket = sql<string>`(select ${tickets.id} from ${tickets} where ${tickets.id} = ${ticketId} and ${holds ?? sql`true`})`;
	return db.insert(ticketMessages).values({ ...message, ticketId: ticket });
}

/** The id that a message has under its author's key, so that sending it again finds it. */
export async function messageIdOf(ticketId: string, author: 'person' | 'operator', key: string): Promise<string> {
	const bytes = new TextEncoder().encode(JSON.stringify([ticketId, author, key]));
	const hash = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
	return `tms_${hash.slice(0, 26)}`;
}

export async function isWritten({ db }: Pick<AccessDeps, 'db'>, messageId: string): Promise<boolean> {
	const found = await withD1Retry(() =>
		db.select({ id: ticketMessages.id }).from(ticketMessages).where(eq(ticketMessages.id, messageId)),
	);
	return found.length > 0;
}

export async function requireRoom({ db }: Pick<AccessDeps, 'db'>, ticketId: string): Promise<void> {
	const count = await withD1Retry(() => db.$count(ticketMessages, eq(ticketMessages.ticketId, ticketId)));
	if (count < MESSAGES_MAX) return;
	throw new AppError(
		'conflict',
		`This conversation has ${MESSAGES_MAX} messages, which is as many as one holds. Begin a new one.`,
	);
}
