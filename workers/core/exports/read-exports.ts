import { and, desc, eq, sql } from 'drizzle-orm';

import { memberships } from '../../../schema/memberships';
import { assets } from '../../../schema/renders';
import { exports } from '../../../schema/rights';
import { uploads } from '../../../schema/uploads';
import { subjects } from '../../../schema/consents';
import type { Deps } from '../deps';
import { AppError, notFound } from '../errors';
import { signGet } from '../media/sign-url';

const EXPORTS_SHOWN_MAX = 10;
const LINK_MINUTES = 5;

export interface Export {
	id: string;
	state: 'queued' | 'ready' | 'failed' | 'gone';
	/** Whether the account's data is in it with the person's. */
	hasAccount: boolean;
	requestedAt: string;
	readyAt: string | null;
	/** From then on it cannot be fetched. */
	deleteAt: string;
	byteLength: number | null;
}

type ExportFacts = Pick<
	typeof exports.$inferSelect,
	'id' | 'state' | 'accountId' | 'requestedAtMs' | 'readyAtMs' | 'deleteAtMs' | 'byteLength'
>;

/**
 * 1 when a ready copy may not be given out any more though its day is not over: something in it was deleted since, or its person does
 * not own the account any more. A copy does not outlive what it was made from.
 */
// Columns are written out: in a select of one table drizzle leaves the table's name away, and inside they would be another's.
export const IS_WITHDRAWN = sql<number>`(exports.account_id is not null and (
	not exists (select 1 from ${memberships} m where m.account_id = exports.account_id and m.user_id = exports.user_id and m.role = 'owner')
	or exists (select 1 from ${assets} a where a.account_id = exports.account_id
		and a.created_at_ms <= coalesce(exports.ready_at_ms, exports.requested_at_ms)
		and (a.state = 'deleting' or a.deleted_at_ms >= exports.requested_at_ms))
	or exists (select 1 from ${uploads} u where u.account_id = exports.account_id and u.delete_clock = 'request'
		and (u.state = 'deleting' or u.deleted_at_ms >= exports.requested_at_ms))
	or exists (select 1 from ${subjects} s where s.account_id = exports.account_id and s.erased_at_ms >= exports.requested_at_ms)
))`;

const SHOWN = {
	id: exports.id,
	state: exports.state,
	accountId: exports.accountId,
	requestedAtMs: exports.requestedAtMs,
	readyAtMs: exports.readyAtMs,
	deleteAtMs: exports.deleteAtMs,
	byteLength: exports.byteLength,
	isWithdrawn: IS_WITHDRAWN,
};

/** A person's copies, the newest first. One D1 statement. */
export async function listExports(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	{ userId }: { userId: string },
): Promise<Export[]> {
	const rows = await db
		.select(SHOWN)
		.from(exports)
		.where(eq(exports.userId, userId))
		.orderBy(desc(exports.requestedAtMs))
		.limit(EXPORTS_SHOWN_MAX);
	return rows.map((row) => toExport(row, now().getTime()));
}

/** One copy of one's own, with a link to it on the media host while it is there. What is over answers `gone`. */
export async function readExport(
	deps: Pick<Deps, 'db' | 'now' | 'studio' | 'mediaOrigin' | 'urlSigningKey'>,
	{ userId, exportId }: { userId: string; exportId: string },
): Promise<Export & { downloadUrl: string | null }> {
	const [row] = await deps.db
		.select({ ...SHOWN, objectKey: exports.objectKey })
		.from(exports)
		.where(and(eq(exports.id, exportId), eq(exports.userId, userId)));
	if (row === undefined) throw notFound('copy');
	const nowMs = deps.now().getTime();
	const shown = toExport(row, nowMs);
	if (shown.state === 'gone') {
		throw new AppError(
			'gone',
			'This copy was deleted, as each is after a day or when something in it was. Ask for another.',
		);
	}
	if (shown.state !== 'ready') return { ...shown, downloadUrl: null };
	const downloadUrl = await signGet(deps.urlSigningKey, {
		origin: deps.mediaOrigin,
		objectKey: row.objectKey,
		contentType: 'application/zip',
		purpose: 'download',
		fileName: `${deps.studio.slug}-data-${new Date(row.requestedAtMs).toISOString().slice(0, 10)}.zip`,
		expiresAtMs: Math.min(nowMs + LINK_MINUTES * 60_000, row.deleteAtMs),
	});
	return { ...shown, downloadUrl };
}

/** Past its time it is gone, also where the sweep has not come by yet. */
export function toExport(row: ExportFacts & { isWithdrawn: number }, nowMs: number): Export {
	const isOver = row.state === 'ready' && (row.deleteAtMs <= nowMs || row.isWithdrawn === 1);
	return {
		id: row.id,
		state: isOver ? 'gone' : row.state,
		hasAccount: row.accountId !== null,
		requestedAt: new Date(row.requestedAtMs).toISOString(),
		readyAt: row.readyAtMs === null ? null : new Date(row.readyAtMs).toISOString(),
		deleteAt: new Date(row.deleteAtMs).toISOString(),
		byteLength: row.byteLength,
	};
}
