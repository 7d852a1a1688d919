import { and, eq, not, or, sql, type SQL } from 'drizzle-orm';

import { tickets } from '../../../schema/support';
import { lookupHash } from '../accounts/person-hash';
import { hashOfToken } from '../invitations/invitation-token';

/** Who comes to a ticket: with the link of a mail, or signed in as whoever opened it. */
export interface TicketVisitor {
	token: string | null;
	userId: string | null;
}

/** What a ticket's token hash becomes when its erasure begins: nobody's link has it, and no hash looks like it. */
const LEAVING = 'gone:';

/** That an erasure of the ticket has begun: to everybody it is not there any more. */
export const IS_LEAVING = sql`(${tickets.tokenHash} >= ${LEAVING} and ${tickets.tokenHash} < 'gone;')`;

/** What its token hash is from then on. */
export const LEFT_TOKEN = sql<string>`${LEAVING} || ${tickets.id}`;

/** That this ticket is theirs to read and to write in. */
export async function isOpenTo(ticketId: string, { token, userId }: TicketVisitor): Promise<SQL | undefined> {
	const theirs = or(
		token === null ? undefined : eq(tickets.tokenHash, await hashOfToken(token)),
		userId === null ? undefined : eq(tickets.userId, userId),
	);
	return and(eq(tickets.id, ticketId), theirs ?? sql`false`, not(IS_LEAVING));
}

/**
 * What the mailed link carries: 256 bits that follow from the key of the message and nothing else that anybody but us has. The same
 * message sent twice is one ticket.
 */
export function ticketTokenOf(lookupKey: string, key: string): Promise<string> {
	return lookupHash(lookupKey, 'ticket token', key);
}

/** What a ticket is found by when whoever wrote from this address wants all of it gone. */
export function ticketAddressHash(lookupKey: string, address: string): Promise<string> {
	return lookupHash(lookupKey, 'ticket address', address.trim().toLowerCase());
}

/** The token stands behind #, which browsers send to nobody: it is in no log and no referrer. */
export function ticketUrl(appOrigin: string, ticketId: string, token: string): string {
	return `${appOrigin}/contact/${ticketId}#${token}`;
}
