import { and, eq, exists, gt, isNotNull, ne, sql } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { uploads } from '../../../schema/uploads';
import type { Actor, Whence } from '../actor';
import { auditGateStatement, isGateShut } from '../audit/audit-statement';
import type { Deps } from '../deps';
import { AppError, notFound } from '../errors';
import { tellQueue } from '../tell-queue';
import { KEPT_UNTIL_MS } from '../uploads/upload-state';
import { hasStanding, refusalOfStanding } from './standing';

type LogoDeps = Pick<Deps, 'db' | 'now' | 'newId' | 'queue'>;

/**
 * Makes a completed logo upload the account's logo: from now it is kept until another takes its place or it is removed. The
 * one before is due for deletion at once, in the same batch. The same upload again changes nothing.
 */
export async function setLogo(
	deps: LogoDeps,
	input: { actor: Actor; whence: Whence; uploadId: string },
): Promise<{ id: string }> {
	const { db } = deps;
	const { actor, whence, uploadId } = input;
	const nowMs = deps.now().getTime();
	const isOwn = and(eq(uploads.id, uploadId), eq(uploads.accountId, actor.accountId), eq(uploads.kind, 'logo'));
	const fit = db
		.select({ one: sql`1` })
		.from(uploads)
		.where(
			and(isOwn, eq(uploads.state, 'ready'), gt(uploads.deleteAtMs, nowMs), ne(uploads.deleteAtMs, KEPT_UNTIL_MS)),
		);
	const maySet = sql`${hasStanding(deps, actor, 'account:write')} and ${exists(fit)}`;
	const entry = { action: 'logo.changed', targetId: uploadId, facts: { to: 'set' } } as const;
	let replaced: { id: string }[];
	try {
		[, replaced] = await db.batch([
			auditGateStatement(deps, { actor, whence }, entry, maySet),
			endLogo(deps, actor),
			db.update(accounts).set({ logoUploadId: uploadId }).where(eq(accounts.id, actor.accountId)),
			db.update(uploads).set({ deleteAtMs: KEPT_UNTIL_MS }).where(isOwn),
		]);
	} catch (cause) {
		if (!isGateShut(cause)) throw cause;
		const refusal = await refusalOfStanding(deps, actor, 'account:write');
		if (refusal !== null) throw refusal;
		await requireIsLogo(deps, { actor, uploadId, cause });
		return { id: uploadId };
	}
	for (const { id } of replaced) await tellQueue(deps, { type: 'upload.delete', uploadId: id });
	return { id: uploadId };
}

/** Takes the logo away: nothing shows it from now, and its bytes go with a receipt. Without a logo it changes nothing. */
export async function removeLogo(deps: LogoDeps, input: { actor: Actor; whence: Whence }): Promise<void> {
	const { db } = deps;
	const { actor, whence } = input;
	const isAccount = eq(accounts.id, actor.accountId);
	const withLogo = db
		.select({ one: sql`1` })
		.from(accounts)
		.where(and(isAccount, isNotNull(accounts.logoUploadId)));
	const mayRemove = sql`${hasStanding(deps, actor, 'account:write')} and ${exists(withLogo)}`;
	const entry = { action: 'logo.changed', facts: { to: 'removed' } } as const;
	let removed: { id: string }[];
	try {
		[, removed] = await db.batch([
			auditGateStatement(deps, { actor, whence }, entry, mayRemove),
			endLogo(deps, actor),
			db.update(accounts).set({ logoUploadId: null }).where(isAccount),
		]);
	} catch (cause) {
		if (!isGateShut(cause)) throw cause;
		const refusal = await refusalOfStanding(deps, actor, 'account:write');
		if (refusal !== null) throw refusal;
		return;
	}
	for (const { id } of removed) await tellQueue(deps, { type: 'upload.delete', uploadId: id });
}

/** Marks what is the logo at this moment; it stands before the statement that says what is the logo instead. */
function endLogo({ db, now }: Pick<Deps, 'db' | 'now'>, actor: Actor) {
	const current = db.select({ id: accounts.logoUploadId }).from(accounts).where(eq(accounts.id, actor.accountId));
	return db
		.update(uploads)
		.set({ state: 'deleting', deleteAtMs: now().getTime(), deleteClock: 'request' })
		.where(and(sql`${uploads.id} = ${current}`, eq(uploads.state, 'ready')))
		.returning({ id: uploads.id });
}

/** Returns when the upload is the logo already, and else says why it cannot be. */
async function requireIsLogo(
	{ db }: Pick<Deps, 'db'>,
	{ actor, uploadId, cause }: { actor: Actor; uploadId: string; cause: unknown },
): Promise<void> {
	const [found] = await db
		.select({ kind: uploads.kind, state: uploads.state, deleteAtMs: uploads.deleteAtMs })
		.from(uploads)
		.where(and(eq(uploads.id, uploadId), eq(uploads.accountId, actor.accountId)));
	if (found === undefined) throw notFound('upload');
	if (found.kind !== 'logo') {
		throw new AppError('conflict', 'This upload is a photo. Upload the picture as a logo first.', { cause });
	}
	if (found.state === 'ready' && found.deleteAtMs === KEPT_UNTIL_MS) return;
	if (found.state === 'awaiting') {
		throw new AppError('upload_incomplete', 'The logo has not arrived yet. Complete its upload first.', { cause });
	}
	throw new AppError('gone', 'This logo was deleted, or its time is over. Upload it again.', { cause });
}
