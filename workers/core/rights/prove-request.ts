import { and, desc, eq, gt, sql } from 'drizzle-orm';

import { rightsRequests } from '../../../schema/rights';
import { DAY_MS } from '../../../studios/policy/data-classes';
import type { RightKind } from '../../../studios/rights';
import { withD1Retry } from '../d1-retry';
import type { Deps, MailDeps } from '../deps';
import { AppError, notFound } from '../errors';
import { hashOfToken } from '../invitations/invitation-token';
import { mailStatementWhile, tellMail } from '../mail/queue-mail';
import { PROVE_DAYS, type RequestState } from './request-state';
import { openAnswer, openRequestWords, requestUrl } from './sealed-request';

type RequestRow = typeof rightsRequests.$inferSelect;

/** A request as its own person sees it. */
export interface RightsRequest {
	id: string;
	right: RightKind;
	state: RequestState;
	receivedAt: string;
	dueAt: string;
	extensionReason: string | null;
	/** Null while there is none. */
	answer: string | null;
	endedAt: string | null;
}

interface Visit {
	requestId: string;
	/** What the mailed link carries. */
	token: string;
}

/**
 * Shows that the address is theirs who hold the link: the request is open from then on. The same link again answers how it
 * stands. Not found with another token; `gone` when it lapsed.
 */
export async function proveRequest(
	deps: Pick<MailDeps, 'db' | 'now' | 'newId' | 'queue' | 'vault' | 'mailKey' | 'appOrigin'>,
	visit: Visit,
): Promise<RightsRequest> {
	const row = await find(deps, visit);
	const nowMs = deps.now().getTime();
	if (row.state !== 'unproved') return toRequest(deps, row);
	const words = await openRequestWords(deps, row.id, row.sealed);
	const isWaiting = and(
		eq(rightsRequests.id, row.id),
		eq(rightsRequests.state, 'unproved'),
		gt(rightsRequests.receivedAtMs, nowMs - PROVE_DAYS * DAY_MS),
	);
	if (words === null) throw lapsed();
	const { db } = deps;
	const url = requestUrl(deps.appOrigin, row.id, words.token);
	const news = { what: 'opened', dueAtMs: row.dueAtMs } as const;
	const { mailId, statement } = await mailStatementWhile(
		deps,
		{ kind: 'rights_news', to: words.address, right: row.right, url, news },
		sql`exists ${db
			.select({ one: sql`1` })
			.from(rightsRequests)
			.where(isWaiting)}`,
	);
	const change = db.update(rightsRequests).set({ state: 'open', provedAtMs: nowMs }).where(isWaiting);
	const [, changed] = await withD1Retry(() => db.batch([statement, change.returning({ id: rightsRequests.id })]));
	if (changed.length > 0) await tellMail(deps, mailId);
	const now = await find(deps, visit);
	if (now.state === 'unproved') throw lapsed();
	return toRequest(deps, now);
}

/** How a request stands, for whoever holds its link. */
export async function lookAtRequest(deps: Pick<Deps, 'db' | 'vault'>, visit: Visit): Promise<RightsRequest> {
	return toRequest(deps, await find(deps, visit));
}

const SHOWN_MAX = 20;

/** What somebody asked for while they were signed in, the newest first. */
export async function listOwnRequests(
	deps: Pick<Deps, 'db' | 'vault'>,
	{ userId }: { userId: string },
): Promise<RightsRequest[]> {
	const rows = await deps.db
		.select()
		.from(rightsRequests)
		.where(eq(rightsRequests.userId, userId))
		.orderBy(desc(rightsRequests.receivedAtMs))
		.limit(SHOWN_MAX);
	return Promise.all(rows.map((row) => toRequest(deps, row)));
}

async function find({ db }: Pick<Deps, 'db'>, { requestId, token }: Visit): Promise<RequestRow> {
	const tokenHash = await hashOfToken(token);
	const [row] = await db
		.select()
		.from(rightsRequests)
		.where(and(eq(rightsRequests.id, requestId), eq(rightsRequests.tokenHash, tokenHash)));
	if (row === undefined) throw notFound('request');
	if (row.state === 'lapsed') throw lapsed();
	return row;
}

function lapsed(): AppError {
	return new AppError(
		'gone',
		`This request was not confirmed within ${PROVE_DAYS} days, so what was written is deleted. Send it again.`,
	);
}

export async function toRequest(deps: Pick<Deps, 'vault'>, row: RequestRow): Promise<RightsRequest> {
	return {
		id: row.id,
		right: row.right,
		state: row.state,
		receivedAt: new Date(row.receivedAtMs).toISOString(),
		dueAt: new Date(row.dueAtMs).toISOString(),
		extensionReason: row.extensionReason,
		answer: await openAnswer(deps, row.id, row.answerSealed),
		endedAt: row.endedAtMs === null ? null : new Date(row.endedAtMs).toISOString(),
	};
}
