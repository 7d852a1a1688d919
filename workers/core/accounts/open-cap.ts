import { sql, type SQL } from 'drizzle-orm';

import type { Permission } from '../../../studios/roles';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { accountIdWhile } from './standing';

/**
 * An account's id for the insert of one more open row, or null where `open`, a count, has reached `max` or the actor may not
 * any more, or `and` does not hold. The column refuses null, so the insert and its whole batch fail: counted at the moment of writing, rows asked
 * for at once cannot be more.
 */
export function accountIdUnder(
	max: number,
	deps: Pick<Deps, 'db' | 'now'>,
	{ actor, permission, open, and }: { actor: Actor; permission: Permission; open: SQL; and?: SQL },
): SQL<string> {
	const isBelow = sql`${open} < ${max}`;
	return accountIdWhile(deps, actor, permission, { and: and === undefined ? isBelow : sql`${isBelow} and ${and}` });
}

/** Whether an insert into this table was refused because of that: then `refusalOfStanding` tells which of the two it was. */
export function isOverCap(cause: unknown, table: 'uploads' | 'renders' | 'assets'): boolean {
	return lacksAccount(cause, table);
}

/** Whether an insert into this table was refused for want of an account's id (`accountIdWhile`). */
export function lacksAccount(cause: unknown, table: string): boolean {
	for (let error: unknown = cause; error instanceof Error; error = error.cause) {
		if (error.message.includes(`NOT NULL constraint failed: ${table}.account_id`)) return true;
	}
	return false;
}
