import { and, asc, eq, isNull, lte, sql } from 'drizzle-orm';

import { rightsRequests } from '../../../schema/rights';
import { DAY_MS } from '../../../studios/policy/data-classes';
import type { JobDeps } from '../deps';
import { isNotHeld } from '../erasure/is-held';
import { log } from '../log';
import { mailStatementWhile, tellMail } from '../mail/queue-mail';
import { destroyDataKey } from '../vault/data-key';
import { PROVE_DAYS } from './request-state';

/** How much one sweep takes on of each; the next goes on. */
const AT_ONCE = 10;

/**
 * The clock of requests (DS-33): what nobody confirmed within a week is emptied, its key first, unless a hold keeps what is theirs;
 * operators are warned when a week is left. What ended leaves by its age (`eraseDueRequests`). At most 32 D1 statements.
 */
export async function sweepRights(deps: JobDeps, { dueMs }: { dueMs: number }): Promise<void> {
	await lapse(deps, dueMs);
	await warn(deps, dueMs);
}

async function lapse(deps: JobDeps, dueMs: number): Promise<void> {
	const isSilent = and(
		eq(rightsRequests.state, 'unproved'),
		lte(rightsRequests.receivedAtMs, dueMs - PROVE_DAYS * DAY_MS),
		isNotHeld(rightsRequests.userId),
	);
	const silent = await deps.db.select({ id: rightsRequests.id }).from(rightsRequests).where(isSilent).limit(AT_ONCE);
	for (const { id } of silent) {
		await destroyDataKey(deps, id);
		await deps.db
			.update(rightsRequests)
			.set({ state: 'lapsed', sealed: '', endedAtMs: dueMs })
			.where(and(eq(rightsRequests.id, id), isSilent));
	}
}

async function warn(deps: JobDeps, dueMs: number): Promise<void> {
	const { db, studio } = deps;
	const { alarmDays } = studio.policy.rights;
	const isDueSoon = and(
		eq(rightsRequests.state, 'open'),
		isNull(rightsRequests.alarmedAtMs),
		lte(rightsRequests.dueAtMs, dueMs + alarmDays * DAY_MS),
	);
	const soon = await db
		.select({ id: rightsRequests.id, right: rightsRequests.right, dueAtMs: rightsRequests.dueAtMs })
		.from(rightsRequests)
		.where(isDueSoon)
		.orderBy(asc(rightsRequests.dueAtMs))
		.limit(AT_ONCE);
	for (const { id, right, dueAtMs } of soon) {
		const isIt = and(eq(rightsRequests.id, id), isDueSoon);
		const { mailId, statement } = await mailStatementWhile(
			deps,
			{ kind: 'rights_due', to: studio.policy.controller.email, right, requestId: id, dueAtMs },
			sql`exists ${db
				.select({ one: sql`1` })
				.from(rightsRequests)
				.where(isIt)}`,
		);
		const change = db.update(rightsRequests).set({ alarmedAtMs: dueMs }).where(isIt);
		const [, changed] = await db.batch([statement, change.returning({ id: rightsRequests.id })]);
		if (changed.length === 0) continue;
		log('rights_due_soon', { requestId: id, dueAt: new Date(dueAtMs).toISOString() });
		await tellMail(deps, mailId);
	}
}
