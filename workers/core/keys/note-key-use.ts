import { and, eq, isNull, lt, or } from 'drizzle-orm';

import { apiKeys } from '../../../schema/api-keys';
import type { Deps } from '../deps';

const HOUR_MS = 3_600_000;

function hourOf(now: Date): number {
	return Math.floor(now.getTime() / HOUR_MS) * HOUR_MS;
}

/** Whether this hour's use is still to be written down. */
export function isUseUnnoted({ now }: Pick<Deps, 'now'>, { lastUsedAtMs }: { lastUsedAtMs: number | null }): boolean {
	return lastUsedAtMs === null || lastUsedAtMs < hourOf(now());
}

/** Writes down that a key was used, by the hour. Of requests that come at once, one changes the row. */
export async function noteKeyUse({ db, now }: Pick<Deps, 'db' | 'now'>, { keyId }: { keyId: string }): Promise<void> {
	const hourMs = hourOf(now());
	await db
		.update(apiKeys)
		.set({ lastUsedAtMs: hourMs })
		.where(and(eq(apiKeys.id, keyId), or(isNull(apiKeys.lastUsedAtMs), lt(apiKeys.lastUsedAtMs, hourMs))));
}
