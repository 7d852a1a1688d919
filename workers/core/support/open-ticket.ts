import { eq } from 'drizzle-orm';

import { ticketMessages, tickets } from '../../../schema/support';
import { inOneBatch } from '../credits/post-entry';
import { withD1Retry } from '../d1-retry';
import type { AccessDeps } from '../deps';
import { AppError, violates } from '../errors';
import { hashOfToken } from '../invitations/invitation-token';
import type { Limit } from '../limits/limit-statements';
import { requireWithinLimits } from '../limits/require-within-limits';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { destroyDataKey } from '../vault/data-key';
import { sealHead, sealWords } from './sealed-ticket';
import { ticketAddressHash, ticketTokenOf, ticketUrl } from './ticket-access';

export const SUBJECT_LENGTH_MAX = 120;
export const WORDS_LENGTH_MAX = 5_000;

export interface TicketOrder {
	/** Null when nobody is signed in. */
	userId: string | null;
	/** Where answers go: a signed-in person's own. */
	address: string;
	subject: string;
	words: string;
	/** Chosen at random by the caller: the same message under the same key is one ticket. */
	key: string;
	network: string | null;
}

/**
 * Opens a ticket, sealed under a key of its own, and mails who wrote that it came, with the link to it. Counted by the person, or by
 * the address where nobody is signed in, and by the network. The same key again is the same ticket and mails nothing; from somebody
 * else it is a `conflict`.
 */
export async function openTicket(deps: AccessDeps, order: TicketOrder): Promise<{ ticketId: string }> {
	const token = await ticketTokenOf(deps.lookupKey, order.key);
	const known = await ticketOfToken(deps, token, order);
	if (known !== null) return known;
	await requireWithinLimits(deps, limitsOf(order));
	const ticketId = deps.newId('ticket');
	const { mailId, rows } = await statementsOf(deps, order, { ticketId, token });
	try {
		await withD1Retry(() => deps.db.batch(rows));
	} catch (cause) {
		if (!violates(cause, 'tickets.token_hash') && !violates(cause, 'tickets.id')) throw cause;
		const winner = await ticketOfToken(deps, token, order);
		if (winner === null) throw cause;
		if (winner.ticketId === ticketId) return winner;
		await destroyDataKey(deps, ticketId);
		return winner;
	}
	await tellMail(deps, mailId);
	return { ticketId };
}

async function statementsOf(
	deps: AccessDeps,
	{ userId, address, subject, words }: TicketOrder,
	{ ticketId, token }: { ticketId: string; token: string },
) {
	const { db } = deps;
	const nowMs = deps.now().getTime();
	const ticket = {
		id: ticketId,
		userId,
		// One after the other: the first makes the key that the second finds.
		sealed: await sealHead(deps, ticketId, { address, subject, token }),
		addressHash: await ticketAddressHash(deps.lookupKey, address),
		tokenHash: await hashOfToken(token),
		state: 'waiting' as const,
		openedAtMs: nowMs,
		changedAtMs: nowMs,
	};
	const message = {
		id: deps.newId('ticketMessage'),
		ticketId,
		author: 'person' as const,
		sealed: await sealWords(deps, ticketId, words),
		writtenAtMs: nowMs,
	};
	const url = ticketUrl(deps.appOrigin, ticketId, token);
	const { mailId, statements } = await mailStatements(deps, { kind: 'ticket_received', to: address, url });
	const rows = inOneBatch([
		db.insert(tickets).values(ticket),
		db.insert(ticketMessages).values(message),
		...statements,
	]);
	return { mailId, rows };
}

async function ticketOfToken(
	{ db }: Pick<AccessDeps, 'db'>,
	token: string,
	{ userId }: TicketOrder,
): Promise<{ ticketId: string } | null> {
	const tokenHash = await hashOfToken(token);
	const [row] = await withD1Retry(() =>
		db.select({ id: tickets.id, userId: tickets.userId }).from(tickets).where(eq(tickets.tokenHash, tokenHash)),
	);
	if (row === undefined) return null;
	if (row.userId === userId) return { ticketId: row.id };
	throw new AppError('conflict', 'This form was sent already. Load the page again to write another message.');
}

function limitsOf({ userId, address, network }: TicketOrder): Limit[] {
	return [
		userId === null
			? { what: 'contact', by: 'address', value: address }
			: { what: 'contact', by: 'person', value: userId },
		{ what: 'contact', by: 'network', value: network },
	];
}
