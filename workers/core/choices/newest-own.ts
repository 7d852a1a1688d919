import { sql, type SQL, type SQLWrapper } from 'drizzle-orm';

import { choices } from '../../../schema/choices';
import type { Choice } from './regime';

/** The newest word that is a person's own on a purpose, as SQL in a statement; null where they have none. */
export function newestOwn(userId: SQLWrapper | string, purpose: SQLWrapper | string): SQL<Choice | null> {
	return sql<Choice | null>`(
		select c.choice from ${choices} c where c.user_id = ${userId} and c.purpose = ${purpose}
		order by c.made_at_ms desc, c.rowid desc limit 1
	)`;
}

/**
 * That what a browser said without anybody signed in may count for this person: any no, and a yes unless their own newest word is a no.
 * Whoever used the browser may have been somebody else, and a yes nobody gave is worse than one that is asked for again.
 */
export function mayCountFor(userId: SQLWrapper | string): SQL {
	return sql`(${choices.choice} = 'denied' or ${newestOwn(userId, choices.purpose)} is not 'denied')`;
}
