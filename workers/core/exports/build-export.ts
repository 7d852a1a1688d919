import { and, eq, lte, sql } from 'drizzle-orm';

import { memberships } from '../../../schema/memberships';
import { exports } from '../../../schema/rights';
import { users } from '../../../schema/users';
import { retentionMs } from '../../../studios/policy/policy';
import type { JobDeps } from '../deps';
import { mailStatementWhile, tellMail } from '../mail/queue-mail';
import { prepareZip } from './export-zip';

/** A build that was begun this long ago is over, however it ended, and may be begun again. */
export const BUILD_MS = 10 * 60_000;
export const EXPORT_TRIES_MAX = 5;

type ExportRow = typeof exports.$inferSelect;

/**
 * Makes the copy that a row asks for, and tells its person. Of two that begin at once one does it; what failed is begun again by
 * the sweep, five times at most. A person who was erased meanwhile leaves no row, and then no file.
 */
export async function buildExport(deps: JobDeps, { exportId }: { exportId: string }): Promise<void> {
	const row = await claim(deps, exportId);
	if (row === null) return;
	const zip = await prepareZip(deps, await scopeOf(deps, row));
	await deps.blobs.putStream(row.objectKey, zip.body, zip.byteLength, 'application/zip');
	if (!(await markReady(deps, row, zip))) await deps.blobs.delete([row.objectKey]);
}

/** The row, counted as tried, unless somebody else is at it or it is over. */
async function claim({ db, now }: JobDeps, exportId: string): Promise<ExportRow | null> {
	const nowMs = now().getTime();
	const isFree = and(eq(exports.state, 'queued'), lte(exports.triedAtMs, nowMs - BUILD_MS));
	const [row] = await db
		.update(exports)
		.set({ tries: sql`${exports.tries} + 1`, triedAtMs: nowMs })
		.where(and(eq(exports.id, exportId), isFree))
		.returning();
	return row ?? null;
}

/** The account is in it only while the person owns it. */
async function scopeOf({ db }: JobDeps, { userId, accountId }: ExportRow) {
	if (accountId === null) return { userId, accountId };
	const [owner] = await db
		.select({ userId: memberships.userId })
		.from(memberships)
		.where(and(eq(memberships.accountId, accountId), eq(memberships.userId, userId), eq(memberships.role, 'owner')));
	return { userId, accountId: owner === undefined ? null : accountId };
}

/** Ready, and mailed about, in one batch; false when the row is not waiting any more. */
async function markReady(
	deps: JobDeps,
	row: ExportRow,
	{ byteLength, deleteByMs }: { byteLength: number; deleteByMs: number | null },
): Promise<boolean> {
	const { db, now, studio } = deps;
	const readyAtMs = now().getTime();
	const deleteAtMs = Math.min(readyAtMs + retentionMs(studio.policy, 'export'), deleteByMs ?? Infinity);
	const isWaiting = and(eq(exports.id, row.id), eq(exports.state, 'queued'));
	const change = db
		.update(exports)
		.set({ state: 'ready', byteLength, readyAtMs, deleteAtMs })
		.where(isWaiting)
		.returning({ id: exports.id });
	const [person] = await db.select({ email: users.email }).from(users).where(eq(users.id, row.userId));
	if (person === undefined) return false;
	const mail = { kind: 'export_ready', to: person.email, deleteAtMs } as const;
	const { mailId, statement } = await mailStatementWhile(
		deps,
		mail,
		sql`exists ${db
			.select({ one: sql`1` })
			.from(exports)
			.where(isWaiting)}`,
	);
	// The mail first, so that it sees the row as the change finds it.
	const [, changed] = await db.batch([statement, change]);
	if (changed.length === 0) return false;
	await tellMail(deps, mailId);
	return true;
}
