import { and, eq, not } from 'drizzle-orm';

import { tickets } from '../../../schema/support';
import type { Whence } from '../actor';
import { operatorStatement } from '../audit/operator-entry';
import { withD1Retry } from '../d1-retry';
import type { AccessDeps } from '../deps';
import { isNotHeld } from '../erasure/is-held';
import { AppError } from '../errors';
import { eraseTickets, TICKETS_AT_ONCE_MAX } from './erase-tickets';
import { ticketAddressHash } from './ticket-access';

/**
 * Destroys what was written from an address, with an account or without one: for whoever asks for it and has shown that the address
 * is theirs. At most 20 at once; `left` says whether to ask again. Refused whole (`conflict`) while a legal hold lies on them (DD-17). The record has how many and why, never the address.
 */
export async function eraseTicketsByAddress(
	deps: AccessDeps,
	{ whence, address, reason }: { whence: Whence; address: string; reason: string },
): Promise<{ erased: number; left: number }> {
	const { db } = deps;
	const isFrom = eq(tickets.addressHash, await ticketAddressHash(deps.lookupKey, address));
	const rows = await withD1Retry(() =>
		db.select({ id: tickets.id }).from(tickets).where(isFrom).limit(TICKETS_AT_ONCE_MAX),
	);
	const held = await withD1Retry(() => db.$count(tickets, and(isFrom, not(isNotHeld(tickets.userId)))));
	if (held > 0) {
		throw new AppError(
			'conflict',
			'A law keeps what this person wrote, so nothing of it was destroyed. Release the hold first, then ask again.',
		);
	}
	if (rows.length === 0) return { erased: 0, left: 0 };
	const facts = { tickets: String(rows.length) };
	const record = await operatorStatement(deps, { whence, accountId: null, action: 'tickets.erased', facts, reason });
	await withD1Retry(() => record.statement.run());
	await eraseTickets(deps, { ticketIds: rows.map(({ id }) => id) });
	return { erased: rows.length, left: await withD1Retry(() => db.$count(tickets, isFrom)) };
}
