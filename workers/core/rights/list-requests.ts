import { and, asc, desc, eq, lte, sql, type SQL } from 'drizzle-orm';

import { rightsRequests } from '../../../schema/rights';
import { DAY_MS } from '../../../studios/policy/data-classes';
import type { Deps } from '../deps';
import { AppError } from '../errors';

type RequestRow = typeof rightsRequests.$inferSelect;

/** A page. */
const LIST_MAX = 100;

export interface QueuedRequest {
	id: string;
	right: RequestRow['right'];
	receivedAt: string;
	dueAt: string;
	isExtended: boolean;
	/** A week is left, or less. */
	isAlarming: boolean;
	isLate: boolean;
}

export interface RequestQueue {
	items: QueuedRequest[];
	nextCursor: string | null;
	/** How many wait in all, on this page and on the others. */
	open: number;
	/** Of how many a week is left, or less. */
	alarming: number;
}

const IS_CHILDS = sql<number>`(${rightsRequests.right} = 'child')`;

/**
 * What waits for an answer: what a child gave first, then what is due soonest; 100 a page, with how many wait in all. No word of theirs
 * is in it. Refused: a cursor that no page ended with.
 */
export async function listRequests(
	{ db, now, studio }: Pick<Deps, 'db' | 'now' | 'studio'>,
	{ cursor }: { cursor?: string | undefined },
): Promise<RequestQueue> {
	const nowMs = now().getTime();
	const alarmMs = studio.policy.rights.alarmDays * DAY_MS;
	const isOpen = eq(rightsRequests.state, 'open');
	const rows = await db
		.select()
		.from(rightsRequests)
		.where(and(isOpen, cursor === undefined ? undefined : isAfter(cursor)))
		.orderBy(desc(IS_CHILDS), asc(rightsRequests.dueAtMs), asc(rightsRequests.id))
		.limit(LIST_MAX + 1);
	const page = rows.slice(0, LIST_MAX);
	const last = page.at(-1);
	const hasMore = rows.length > LIST_MAX && last !== undefined;
	return {
		items: page.map((row) => toQueued(row, { nowMs, alarmMs })),
		nextCursor: hasMore ? `${last.right === 'child' ? 1 : 0}~${last.dueAtMs}~${last.id}` : null,
		open: await db.$count(rightsRequests, isOpen),
		alarming: await db.$count(rightsRequests, and(isOpen, lte(rightsRequests.dueAtMs, nowMs + alarmMs))),
	};
}

function isAfter(cursor: string): SQL {
	const [, child = '', ms = '', id = ''] = /^([01])~(\d{1,15})~(rrq_\w{1,60})$/.exec(cursor) ?? [];
	if (id === '') throw new AppError('invalid_input', 'This cursor is none of ours. Leave it out.');
	return sql`(-${IS_CHILDS}, ${rightsRequests.dueAtMs}, ${rightsRequests.id}) > (${0 - Number(child)}, ${Number(ms)}, ${id})`;
}

function toQueued(row: RequestRow, { nowMs, alarmMs }: { nowMs: number; alarmMs: number }): QueuedRequest {
	return {
		id: row.id,
		right: row.right,
		receivedAt: new Date(row.receivedAtMs).toISOString(),
		dueAt: new Date(row.dueAtMs).toISOString(),
		isExtended: row.extendedAtMs !== null,
		isAlarming: row.dueAtMs - alarmMs <= nowMs,
		isLate: row.dueAtMs <= nowMs,
	};
}
