import { and, eq, sql } from 'drizzle-orm';

import { rightsRequests } from '../../../schema/rights';
import type { AccessDeps, Deps } from '../deps';
import { hashOfToken } from '../invitations/invitation-token';
import { isMoved, MOVED, tokenAfter } from '../support/moved-link';
import { sealRequest, type RequestWords } from './sealed-request';

type RequestRow = typeof rightsRequests.$inferSelect;

/** Ends the links of all that somebody asked signed in, as a statement for the batch that changes their address. */
export function endRequestLinksStatement({ db }: Pick<Deps, 'db'>, { userId }: { userId: string }) {
	return db
		.update(rightsRequests)
		.set({ tokenHash: sql`${MOVED} || ${rightsRequests.id}` })
		.where(eq(rightsRequests.userId, userId));
}

/** That nobody can be written to: they left, and the address of then was given up before that. */
export function isOutOfReach(row: Pick<RequestRow, 'userId' | 'tokenHash'>): boolean {
	return row.userId === null && isMoved(row);
}

/** What the next mail's link carries; where links have ended another token, kept with the address `to` by the statement. */
export async function requestLinkToken(
	deps: Pick<AccessDeps, 'db' | 'vault' | 'lookupKey'>,
	row: RequestRow,
	{ words, to }: { words: RequestWords; to: string },
) {
	if (!isMoved(row) || isOutOfReach(row)) return { token: words.token, statements: [] };
	const token = await tokenAfter(deps.lookupKey, words.token);
	const sealed = await sealRequest(deps, row.id, { ...words, address: to, token });
	const isAsRead = and(
		eq(rightsRequests.id, row.id),
		eq(rightsRequests.tokenHash, row.tokenHash),
		eq(rightsRequests.sealed, row.sealed),
	);
	const renewed = { sealed, tokenHash: await hashOfToken(token) };
	return { token, statements: [deps.db.update(rightsRequests).set(renewed).where(isAsRead)] };
}
