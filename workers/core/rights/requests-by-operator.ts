import { and, asc, desc, eq, isNull, gt, sql, type SQL } from 'drizzle-orm';

import { auditEntries } from '../../../schema/audit';
import { rightsRequests } from '../../../schema/rights';
import { DAY_MS } from '../../../studios/policy/data-classes';
import type { Whence } from '../actor';
import { isGateShut, toAuditRow, type AuditAction } from '../audit/audit-statement';
import { OPERATOR, operatorStatement } from '../audit/operator-entry';
import { withD1Retry } from '../d1-retry';
import type { AccessDeps, Deps } from '../deps';
import { AppError, notFound } from '../errors';
import type { RightsNews } from '../mail/mail';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { addressNow } from '../support/address-now';
import { mayExtend, nextRequestState } from './request-state';
import { toRequest, type RightsRequest } from './prove-request';
import { openAnswer, openRequestWords, requestUrl, sealAnswer } from './sealed-request';

type RequestRow = typeof rightsRequests.$inferSelect;
type ActDeps = Pick<AccessDeps, 'db' | 'now' | 'newId' | 'queue' | 'studio' | 'vault' | 'mailKey' | 'appOrigin'>;

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

/** What waits for an answer: what a child gave first, then what is due soonest. No word of theirs is in it. */
export async function listRequests({ db, now, studio }: Pick<Deps, 'db' | 'now' | 'studio'>): Promise<QueuedRequest[]> {
	const nowMs = now().getTime();
	const alarmMs = studio.policy.rights.alarmDays * DAY_MS;
	const rows = await db
		.select()
		.from(rightsRequests)
		.where(eq(rightsRequests.state, 'open'))
		.orderBy(desc(sql`${rightsRequests.right} = 'child'`), asc(rightsRequests.dueAtMs))
		.limit(LIST_MAX);
	return rows.map((row) => ({
		id: row.id,
		right: row.right,
		receivedAt: new Date(row.receivedAtMs).toISOString(),
		dueAt: new Date(row.dueAtMs).toISOString(),
		isExtended: row.extendedAtMs !== null,
		isAlarming: row.dueAtMs - alarmMs <= nowMs,
		isLate: row.dueAtMs <= nowMs,
	}));
}

export interface ShownRequest extends RightsRequest {
	address: string | null;
	name: string | null;
	who: string | null;
	words: string | null;
	provedAt: string | null;
	userId: string | null;
}

/** One request, opened, for whoever answers it; that it was read stands in the record. */
export async function showRequest(
	deps: ActDeps,
	{ whence, requestId }: { whence: Whence; requestId: string },
): Promise<ShownRequest> {
	const row = await find(deps, requestId);
	const entry = { action: 'rights.read', targetId: requestId } as const;
	const { statement } = await operatorStatement(deps, { whence, accountId: null, ...entry });
	await withD1Retry(() => statement);
	const words = await openRequestWords(deps, row.id, row.sealed);
	return {
		...(await toRequest(deps, row)),
		address: words === null ? null : await addressNow(deps, { userId: row.userId, address: words.address }),
		name: words?.name ?? null,
		who: words?.who ?? null,
		words: words?.words ?? null,
		provedAt: row.provedAtMs === null ? null : new Date(row.provedAtMs).toISOString(),
		userId: row.userId,
	};
}

/**
 * Answers a request, or refuses it with the reason, and mails the words. The same words again change nothing; others are a
 * `conflict`, since what was told cannot be told otherwise.
 */
export async function endRequest(
	deps: ActDeps,
	input: { whence: Whence; requestId: string; as: 'answered' | 'refused'; words: string },
): Promise<{ request: RightsRequest; isNew: boolean }> {
	const { whence, requestId, as, words } = input;
	const row = await find(deps, requestId);
	const state = nextRequestState(row.state, as);
	if (state === null) return same(deps, row, { as, words });
	const change = { state, endedAtMs: deps.now().getTime(), answerSealed: await sealAnswer(deps, requestId, words) };
	const isNew = await act(deps, { whence, row, action: `rights.${as}`, change, news: { what: as, words } });
	const now = await find(deps, requestId);
	return isNew ? { request: await toRequest(deps, now), isNew } : same(deps, now, { as, words });
}

/** Takes up to two months more, once and before the month is over, and tells the person why (Art. 12(3)). */
export async function extendRequest(
	deps: ActDeps,
	{ whence, requestId, reason }: { whence: Whence; requestId: string; reason: string },
): Promise<{ request: RightsRequest; isNew: boolean }> {
	const row = await find(deps, requestId);
	if (row.extensionReason === reason) return { request: await toRequest(deps, row), isNew: false };
	const nowMs = deps.now().getTime();
	if (!mayExtend(row, nowMs)) {
		throw new AppError('conflict', 'This cannot take longer: it is over, was extended before, or its time has passed.');
	}
	const dueAtMs = row.dueAtMs + deps.studio.policy.rights.extensionDays * DAY_MS;
	const isNew = await act(deps, {
		whence,
		row,
		action: 'rights.extended',
		reason,
		change: { extendedAtMs: nowMs, extensionReason: reason, dueAtMs, alarmedAtMs: null },
		holds: and(isNull(rightsRequests.extendedAtMs), gt(rightsRequests.dueAtMs, nowMs)),
		news: { what: 'extended', dueAtMs, reason },
	});
	if (!isNew) throw new AppError('conflict', 'This was answered or extended at the same time. Look at it again.');
	return { request: await toRequest(deps, await find(deps, requestId)), isNew };
}

/** One step on an open request: its entry in the record, the change and the mail, all or none. False when it was not open any more. */
async function act(
	deps: ActDeps,
	step: {
		whence: Whence;
		row: RequestRow;
		action: AuditAction;
		reason?: string;
		change: Partial<typeof rightsRequests.$inferInsert>;
		holds?: SQL | undefined;
		news: RightsNews;
	},
): Promise<boolean> {
	const { db } = deps;
	const { whence, row, action, reason, change, holds, news } = step;
	const words = await openRequestWords(deps, row.id, row.sealed);
	if (words === null) throw new AppError('gone', 'Its key is gone, and with it the address. Nobody can be answered.');
	const url = requestUrl(deps.appOrigin, row.id, words.token);
	const to = await addressNow(deps, { userId: row.userId, address: words.address });
	const mail = await mailStatements(deps, { kind: 'rights_news', to, right: row.right, url, news });
	const isOpen = and(eq(rightsRequests.id, row.id), eq(rightsRequests.state, 'open'), holds);
	const entry = { action, targetId: row.id, facts: { right: row.right }, reason };
	const gate = toAuditRow(deps, { actor: { userId: OPERATOR.id, accountId: null }, whence }, entry);
	const open = sql`exists ${db
		.select({ one: sql`1` })
		.from(rightsRequests)
		.where(isOpen)}`;
	try {
		await db.batch([
			// A row without an author is refused, and with it the batch.
			db.insert(auditEntries).values({ ...gate, userId: sql<string>`(select ${OPERATOR.id} where ${open})` }),
			db.update(rightsRequests).set(change).where(isOpen),
			...mail.statements,
		]);
	} catch (cause) {
		if (isGateShut(cause)) return false;
		throw cause;
	}
	await tellMail(deps, mail.mailId);
	return true;
}

async function same(
	deps: ActDeps,
	row: RequestRow,
	{ as, words }: { as: 'answered' | 'refused'; words: string },
): Promise<{ request: RightsRequest; isNew: boolean }> {
	const told = await openAnswer(deps, row.id, row.answerSealed);
	if (row.state === as && told === words) return { request: await toRequest(deps, row), isNew: false };
	const why =
		row.state === 'unproved'
			? 'Nobody has shown yet that the address is theirs. Wait until it is confirmed.'
			: 'This request is over, and its person was told otherwise. What was told cannot be told anew.';
	throw new AppError('conflict', why);
}

async function find({ db }: Pick<Deps, 'db'>, requestId: string): Promise<RequestRow> {
	const [row] = await db.select().from(rightsRequests).where(eq(rightsRequests.id, requestId));
	if (row === undefined) throw notFound('request');
	return row;
}
