import { and, eq, not, sql } from 'drizzle-orm';

import { tickets } from '../../../schema/support';
import { lookupHash } from '../accounts/person-hash';
import type { AccessDeps, Deps } from '../deps';
import { hashOfToken } from '../invitations/invitation-token';
import { sealHead, type TicketHead } from './sealed-ticket';
import { IS_LEAVING } from './ticket-access';

/** What a token's hash becomes when its person has another address: no hash looks like it, so no link that was mailed before opens it. */
export const MOVED = 'moved:';

/** That every link mailed about it has ended, and the next mail carries another. */
export function isMoved({ tokenHash }: { tokenHash: string }): boolean {
	return tokenHash.startsWith(MOVED);
}

/** The token after one that has ended. It follows from it and our key alone, so that two mails at once carry the same. */
export function tokenAfter(lookupKey: string, token: string): Promise<string> {
	return lookupHash(lookupKey, 'token after', token);
}

/**
 * Ends the links of all that somebody wrote signed in, as a statement for the batch that changes their address: the mailbox before may
 * be another's by now. They read it signed in; what was written without an account keeps its link.
 */
export function endTicketLinksStatement({ db }: Pick<Deps, 'db'>, { userId }: { userId: string }) {
	return db
		.update(tickets)
		.set({ tokenHash: sql`${MOVED} || ${tickets.id}` })
		.where(and(eq(tickets.userId, userId), not(IS_LEAVING)));
}

/** What the next mail's link carries; where links have ended another token, with the statement from which on it opens the ticket. */
export async function ticketLinkToken(
	deps: Pick<AccessDeps, 'db' | 'vault' | 'lookupKey'>,
	row: Pick<typeof tickets.$inferSelect, 'id' | 'tokenHash' | 'sealed'>,
	head: TicketHead,
) {
	if (!isMoved(row)) return { token: head.token, statements: [] };
	const token = await tokenAfter(deps.lookupKey, head.token);
	const renewed = { sealed: await sealHead(deps, row.id, { ...head, token }), tokenHash: await hashOfToken(token) };
	// Unless somebody renewed it meanwhile: then it holds this token already, or one of a later address.
	const isAsRead = and(eq(tickets.id, row.id), eq(tickets.tokenHash, row.tokenHash), eq(tickets.sealed, row.sealed));
	return { token, statements: [deps.db.update(tickets).set(renewed).where(isAsRead)] };
}
