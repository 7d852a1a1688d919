import { and, eq, gt } from 'drizzle-orm';

import { staffAccesses } from '../../../schema/incidents';
import { renders } from '../../../schema/renders';
import type { Whence } from '../actor';
import { operatorStatement } from '../audit/operator-entry';
import { inOneBatch } from '../credits/post-entry';
import { withD1Retry } from '../d1-retry';
import type { MailDeps } from '../deps';
import { AppError, notFound, violates } from '../errors';
import { mailStatements, tellMail } from '../mail/queue-mail';
import { requireUnrestricted } from '../restriction/require-unrestricted';
import { ownerOf } from './owner-of';

/** It ends by itself (N20). */
export const ACCESS_MINUTES = 30;

export interface StaffAccess {
	accessId: string;
	expiresAt: string;
	/** False: the same access to it was running already. */
	isNew: boolean;
}

/**
 * Lets an operator look at one render for half an hour, for a reason: access, entry in the owner's record and mail to the owner are
 * one batch. Refused (`not_allowed`) where the studio's policy names no such purpose (BD-05 against DD-24), and while it is restricted. While one for the same
 * reason runs, that one is answered, and nobody is mailed twice.
 */
export async function grantStaffAccess(
	deps: MailDeps,
	{ whence, renderId, reason }: { whence: Whence; renderId: string; reason: string },
): Promise<StaffAccess> {
	const { db, studio } = deps;
	if (studio.policy.staffAccess === 'none') {
		throw new AppError(
			'not_allowed',
			`The policy of ${studio.name} lets nobody here look at what people make. Ask the person what they see.`,
		);
	}
	const [render] = await withD1Retry(() =>
		db
			.select({ accountId: renders.accountId, subjectId: renders.subjectId })
			.from(renders)
			.where(eq(renders.id, renderId)),
	);
	if (render === undefined) throw notFound('render');
	const { accountId } = render;
	await requireUnrestricted(deps, render);
	const nowMs = deps.now().getTime();
	const running = await findRunning(deps, { renderId, reason, nowMs });
	if (running !== null) return running;
	const owner = await ownerOf(deps, accountId);
	if (owner === null) throw new AppError('conflict', 'Nobody owns this any more, so nobody could be told of it.');

	const id = deps.newId('staffAccess');
	const expiresAtMs = nowMs + ACCESS_MINUTES * 60_000;
	const entry = { accountId, name: id, action: 'content.opened', targetId: renderId, reason } as const;
	const record = await operatorStatement(deps, { whence, ...entry, facts: { access: id } });
	const { mailId, statements } = await mailStatements(deps, {
		kind: 'staff_access',
		to: owner.email,
		accountName: owner.accountName,
		renderId,
		reason,
		untilMs: expiresAtMs,
	});
	const access = { id, accountId, renderId, reason, grantedAtMs: nowMs, expiresAtMs };
	const rows = inOneBatch([db.insert(staffAccesses).values(access), record.statement, ...statements]);
	try {
		await withD1Retry(() => db.batch(rows));
	} catch (cause) {
		// The answer of the first try was lost, and the second found what it wrote.
		if (!violates(cause, 'staff_accesses.id')) throw cause;
	}
	await tellMail(deps, mailId);
	return { accessId: id, expiresAt: new Date(expiresAtMs).toISOString(), isNew: true };
}

async function findRunning(
	{ db }: MailDeps,
	{ renderId, reason, nowMs }: { renderId: string; reason: string; nowMs: number },
): Promise<StaffAccess | null> {
	const isSame = and(eq(staffAccesses.renderId, renderId), eq(staffAccesses.reason, reason));
	const [row] = await withD1Retry(() =>
		db
			.select()
			.from(staffAccesses)
			.where(and(isSame, gt(staffAccesses.expiresAtMs, nowMs)))
			.limit(1),
	);
	if (row === undefined) return null;
	return { accessId: row.id, expiresAt: new Date(row.expiresAtMs).toISOString(), isNew: false };
}
