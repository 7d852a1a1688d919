import { sql, type SQL } from 'drizzle-orm';

/**
 * An account's id for the insert of one more open row, or null where `open`, a count, has reached `max`. The column refuses
 * null, so the insert and its whole batch fail: counted at the moment of writing, rows asked for at once cannot be more.
 */
export function accountIdUnder(max: number, { accountId, open }: { accountId: string; open: SQL }): SQL<string> {
	return sql<string>`(select ${accountId} where ${open} < ${max})`;
}

/** Whether an insert into this table was refused because of that. */
export function isOverCap(cause: unknown, table: 'uploads' | 'renders'): boolean {
	for (let error: unknown = cause; error instanceof Error; error = error.cause) {
		if (error.message.includes(`NOT NULL constraint failed: ${table}.account_id`)) return true;
	}
	return false;
}
