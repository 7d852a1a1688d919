import { and, eq, exists, isNull, sql } from 'drizzle-orm';

import { choices } from '../../../schema/choices';
import { sessions } from '../../../schema/users';
import type { Deps } from '../deps';
import { mayCountFor } from './newest-own';

/**
 * Makes what a browser chose before somebody signed in that person's, as a statement for a batch. Nothing is copied: each row keeps
 * its time, so what the person chose later elsewhere stays the newest; and a row that is somebody's already stays theirs, so a shared
 * computer hands nobody's choice to the next. A yes does not become theirs whose own newest word is a no: it stays the browser's.
 * `sessionToken` names who signed in.
 */
export function linkVisitorStatement(
	{ db }: Pick<Deps, 'db'>,
	{ visitorId, sessionToken }: { visitorId: string; sessionToken: string },
) {
	const signedIn = db.select({ userId: sessions.userId }).from(sessions).where(eq(sessions.token, sessionToken));
	return db
		.update(choices)
		.set({ userId: sql`(${signedIn})` })
		.where(
			and(eq(choices.visitorId, visitorId), isNull(choices.userId), exists(signedIn), mayCountFor(sql`(${signedIn})`)),
		);
}
