import { and, asc, eq, gte, inArray, lt, lte, or, sql } from 'drizzle-orm';

import { exports } from '../../../schema/rights';
import { DAY_MS } from '../../../studios/policy/data-classes';
import type { JobDeps } from '../deps';
import { tellQueue } from '../tell-queue';
import { BUILD_MS, EXPORT_TRIES_MAX } from './build-export';
import { IS_WITHDRAWN } from './read-exports';

/** How much one sweep takes on; the next goes on. */
const AT_ONCE = 20;

/**
 * Deletes copies whose day is over, or in which something was deleted since; begins anew what failed; gives up what failed too often;
 * and a day later removes the rows. The bytes go before the row says so. 5 D1 statements.
 */
export async function sweepExports(deps: JobDeps, { dueMs }: { dueMs: number }): Promise<void> {
	const { db } = deps;
	const isOver = or(lte(exports.deleteAtMs, dueMs), sql`${IS_WITHDRAWN}`);
	const over = await db
		.select({ id: exports.id, objectKey: exports.objectKey })
		.from(exports)
		.where(and(eq(exports.state, 'ready'), isOver))
		.orderBy(asc(exports.deleteAtMs))
		.limit(AT_ONCE);
	const isLost = and(
		eq(exports.state, 'queued'),
		or(gte(exports.tries, EXPORT_TRIES_MAX), lte(exports.deleteAtMs, dueMs)),
		lte(exports.triedAtMs, dueMs - BUILD_MS),
	);
	const lost = await db
		.select({ id: exports.id, objectKey: exports.objectKey })
		.from(exports)
		.where(isLost)
		.limit(AT_ONCE);
	const ended = [...over, ...lost];
	if (ended.length > 0) {
		await deps.blobs.delete(ended.map(({ objectKey }) => objectKey));
		await db
			.update(exports)
			.set({ state: sql`case ${exports.state} when 'ready' then 'gone' else 'failed' end` })
			.where(
				inArray(
					exports.id,
					ended.map(({ id }) => id),
				),
			);
	}
	await db
		.delete(exports)
		.where(and(inArray(exports.state, ['gone', 'failed']), lte(exports.deleteAtMs, dueMs - DAY_MS)));
	const waiting = await db
		.select({ id: exports.id })
		.from(exports)
		.where(
			and(
				eq(exports.state, 'queued'),
				lt(exports.tries, EXPORT_TRIES_MAX),
				lte(exports.triedAtMs, dueMs - BUILD_MS),
				lte(exports.requestedAtMs, dueMs - 60_000),
			),
		)
		.orderBy(asc(exports.triedAtMs))
		.limit(AT_ONCE);
	for (const { id } of waiting) await tellQueue(deps, { type: 'export.build', exportId: id });
}
