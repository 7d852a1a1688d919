import { and, eq, inArray, isNotNull, isNull, sql, type SQL } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { subjects } from '../../../schema/consents';
import { renders } from '../../../schema/renders';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor, Whence } from '../actor';
import { auditGateStatement, isGateShut } from '../audit/audit-statement';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { tellQueue } from '../tell-queue';

type RestrictDeps = Pick<Deps, 'db' | 'now' | 'newId' | 'queue'>;

interface Who {
	actor: Actor;
	whence: Whence;
}

export interface Restriction {
	/** Null: not restricted. */
	restrictedAt: string | null;
}

/**
 * Restricts the account the actor owns (`isRestricted`), or lifts it (Art. 18, DS-32): from then on what it holds is stored and
 * nothing else is done with it. Renders under way end as failed, with their credits given back. Twice is once.
 */
export async function restrictAccount(
	deps: RestrictDeps,
	input: Who & { isRestricted: boolean },
): Promise<Restriction> {
	const { db, now } = deps;
	const { actor, isRestricted } = input;
	const nowMs = now().getTime();
	const isOwn = eq(accounts.id, actor.accountId);
	const differs = and(isOwn, isRestricted ? isNull(accounts.restrictedAtMs) : isNotNull(accounts.restrictedAtMs));
	const standing = hasStanding(deps, actor, 'account:write');
	const change = db.update(accounts).set({ restrictedAtMs: isRestricted ? nowMs : null });
	const isDone = await changeOnce(deps, input, {
		targetId: actor.accountId,
		holds: sql`${standing} and exists ${db
			.select({ one: sql`1` })
			.from(accounts)
			.where(differs)}`,
		change: change.where(differs),
	});
	if (!isDone) {
		const refusal = await refusalOfStanding(deps, actor, 'account:write');
		if (refusal !== null) throw refusal;
	}
	if (isRestricted) await endOpenRenders(deps, eq(renders.accountId, actor.accountId));
	const [row] = await db.select({ atMs: accounts.restrictedAtMs }).from(accounts).where(isOwn);
	return toRestriction(row?.atMs ?? null);
}

/** The same for one person in the account's pictures. */
export async function restrictSubject(
	deps: RestrictDeps,
	input: Who & { subjectId: string; isRestricted: boolean },
): Promise<Restriction> {
	const { db, now } = deps;
	const { actor, subjectId, isRestricted } = input;
	const nowMs = now().getTime();
	const isOwn = and(eq(subjects.id, subjectId), eq(subjects.accountId, actor.accountId));
	const differs = and(isOwn, isRestricted ? isNull(subjects.restrictedAtMs) : isNotNull(subjects.restrictedAtMs));
	const standing = hasStanding(deps, actor, 'consents:write');
	const change = db.update(subjects).set({ restrictedAtMs: isRestricted ? nowMs : null });
	const isDone = await changeOnce(deps, input, {
		targetId: subjectId,
		holds: sql`${standing} and exists ${db
			.select({ one: sql`1` })
			.from(subjects)
			.where(differs)}`,
		change: change.where(differs),
	});
	if (!isDone) {
		const refusal = await refusalOfStanding(deps, actor, 'consents:write');
		if (refusal !== null) throw refusal;
	}
	const [row] = await db.select({ atMs: subjects.restrictedAtMs }).from(subjects).where(isOwn);
	if (row === undefined) throw notFound('patient');
	if (isRestricted) {
		await endOpenRenders(deps, and(eq(renders.subjectId, subjectId), eq(renders.accountId, actor.accountId)));
	}
	return toRestriction(row.atMs);
}

/** The change with its audit entry in one batch; false, with nothing written, when it stands already or may not be made. */
async function changeOnce(
	deps: RestrictDeps,
	{ actor, whence, isRestricted }: Who & { isRestricted: boolean },
	{ targetId, holds, change }: { targetId: string; holds: SQL; change: Parameters<Deps['db']['batch']>[0][number] },
): Promise<boolean> {
	const entry = { action: isRestricted ? 'restriction.set' : 'restriction.lifted', targetId } as const;
	try {
		await deps.db.batch([auditGateStatement(deps, { actor, whence }, entry, holds), change]);
		return true;
	} catch (cause) {
		if (isGateShut(cause)) return false;
		throw cause;
	}
}

/** A render that is not reached here ends by itself: its next step finds the restriction, and the sweep makes that step. */
async function endOpenRenders(deps: RestrictDeps, which: SQL | undefined): Promise<void> {
	const open = await deps.db
		.select({ id: renders.id })
		.from(renders)
		.where(and(which, inArray(renders.state, ['queued', 'running'])));
	for (const { id } of open) await tellQueue(deps, { type: 'render.advance', renderId: id });
}

function toRestriction(atMs: number | null): Restriction {
	return { restrictedAt: atMs === null ? null : new Date(atMs).toISOString() };
}
