import { and, eq, gt, isNull, sql, type SQL } from 'drizzle-orm';

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
import { isOutOfReach, requestLinkToken } from './moved-link';
import { mayExtend, nextRequestState } from './request-state';
import { toRequest, type RightsRequest } from './prove-request';
import { openAnswer, openRequestWords, requestUrl, sealAnswer } from './sealed-request';

type RequestRow = typeof rightsRequests.$inferSelect;
type ActDeps = Pick<
	AccessDeps,
	'db' | 'now' | 'newId' | 'queue' | 'studio' | 'vault' | 'mailKey' | 'lookupKey' | 'appOrigin'
>;

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
		address:
			words === null || isOutOfReach(row)
				? null
				: await addressNow(deps, { userId: row.userId, address: words.address }),
		name: words?.name ?? null,
		who: words?.who ?? null,
		words: words?.words ?? null,
		provedAt: row.provedAtMs === null ? null : new Date(row.provedAtMs).toISOString(),
		userId: row.userId,
	};
}

export interface RequestStep {
	request: RightsRequest;
	/** False for a step that was made before. */
	isNew: boolean;
	/** Whether this step mailed its words. False too for who left after they gave the address of then up. */
	isMailed: boolean;
}

/**
 * Answers a request, or refuses it with the reason, and mails the words where anybody can still be written to. The same words again
 * change nothing; others are a `conflict`, since what was told cannot be told otherwise.
 */
export async function endRequest(
	deps: ActDeps,
	input: { whence: Whence; requestId: string; as: 'answered' | 'refused'; words: string },
): Promise<RequestStep> {
	const { whence, requestId, as, words } = input;
	const row = await find(deps, requestId);
	const state = nextRequestState(row.state, as);
	if (state === null) return same(deps, row, { as, words });
	const change = { state, endedAtMs: deps.now().getTime(), answerSealed: await sealAnswer(deps, requestId, words) };
	const isNew = await act(deps, { whence, row, action: `rights.${as}`, change, news: { what: as, words } });
	const now = await find(deps, requestId);
	return isNew
		? { request: await toRequest(deps, now), isNew, isMailed: !isOutOfReach(row) }
		: same(deps, now, { as, words });
}

/** Takes up to two months more, once and before the month is over, and tells the person why (Art. 12(3)). */
export async function extendRequest(
	deps: ActDeps,
	{ whence, requestId, reason }: { whence: Whence; requestId: string; reason: string },
): Promise<RequestStep> {
	const row = await find(deps, requestId);
	if (row.extensionReason === reason) return { request: await toRequest(deps, row), isNew: false, isMailed: false };
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
	return { request: await toRequest(deps, await find(deps, requestId)), isNew, isMailed: !isOutOfReach(row) };
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
	const to = await addressNow(deps, { userId: row.userId, address: words.address });
	const link = await requestLinkToken(deps, row, { words, to });
	const url = requestUrl(deps.appOrigin, row.id, link.token);
	// It ends all the same: what they asked may be done, and the record says what was answered.
	const mail = isOutOfReach(row)
		? null
		: await mailStatements(deps, { kind: 'rights_news', to, right: row.right, url, news });
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
			...link.statements,
			...(mail?.statements ?? []),
		]);
	} catch (cause) {
		if (isGateShut(cause)) return false;
		throw cause;
	}
	if (mail !== null) await tellMail(deps, mail.mailId);
	return true;
}

async function same(
	deps: ActDeps,
	row: RequestRow,
	{ as, words }: { as: 'answered' | 'refused'; words: string },
): Promise<RequestStep> {
	const told = await openAnswer(deps, row.id, row.answerSealed);
	if (row.state === as && told === words) return { request: await toRequest(deps, row), isNew: false, isMailed: false };
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
