import { and, eq, inArray, isNotNull, isNull, notExists } from 'drizzle-orm';

import { attempts, renders, webhookEvents } from '../../../schema/renders';
import type { JobDeps } from '../deps';
import { AppError } from '../errors';
import { isReadable } from '../gateways/fal-keeping';
import { log } from '../log';
import { falTraceOf, LOST_JOB_MS } from './fal-trace';
import { readHygiene } from './keeping-summary';
import { nameAttemptsStatement } from './name-attempts';
import { noteHygiene } from './note-hygiene';
import { removeOrphans } from './remove-orphans';
import { isTerminal } from './render-state';

type AttemptRow = typeof attempts.$inferSelect;

/**
 * Once a render has ended: tells its processors to stop and to delete what they hold, looks again whether they did,
 * and removes outputs that no asset names (C3, N6, U1). `waiting` while a submission's answer is still out, since what
 * it took cannot be named yet; the sweep comes again. Asks to be called again at once while a known copy is left.
 */
export async function forgetRender(
	deps: JobDeps,
	{ renderId }: { renderId: string },
): Promise<'forgotten' | 'waiting' | 'nothing_to_do'> {
	const { db } = deps;
	const nowMs = deps.now().getTime();
	const ofRender = eq(attempts.renderId, renderId);
	const [heads, , tries, , notices] = await db.batch([
		db.select().from(renders).where(eq(renders.id, renderId)),
		nameAttemptsStatement(db, ofRender),
		db.select().from(attempts).where(ofRender),
		db.update(renders).set({ triedAtMs: nowMs }).where(eq(renders.id, renderId)),
		db
			.select({ attemptId: webhookEvents.attemptId, requestId: webhookEvents.requestId })
			.from(webhookEvents)
			.where(inArray(webhookEvents.attemptId, db.select({ id: attempts.id }).from(attempts).where(ofRender))),
	]);
	const [render] = heads;
	if (render === undefined || !isTerminal(render.state) || render.forgottenAtMs !== null) return 'nothing_to_do';

	await removeOrphans(deps, { renderId });
	let left = 0;
	for (const attempt of tries) {
		const told = notices.filter(({ attemptId }) => attemptId === attempt.id).map(({ requestId }) => requestId);
		if (!(await forgetAttempt(deps, attempt, told))) left += 1;
	}
	if (left > 0) {
		log('processor_residue', { renderId, left });
		throw new AppError('upstream_unavailable', 'A processor still holds something of this render.');
	}
	if (tries.some((attempt) => falTraceOf(attempt) === 'maybe' && nowMs < attempt.createdAtMs + LOST_JOB_MS)) {
		return 'waiting';
	}
	return (await markForgotten(deps, renderId)) ? 'forgotten' : 'waiting';
}

/** In one statement: an attempt whose id came in since it was looked at keeps the mark from being set. */
async function markForgotten({ db, now }: JobDeps, renderId: string): Promise<boolean> {
	const unforgotten = db
		.select({ id: attempts.id })
		.from(attempts)
		.where(and(eq(attempts.renderId, renderId), isNotNull(attempts.requestId), isNull(attempts.forgottenAtMs)));
	const marked = await db
		.update(renders)
		.set({ forgottenAtMs: now().getTime() })
		.where(and(eq(renders.id, renderId), notExists(unforgotten)))
		.returning({ id: renders.id });
	return marked.length === 1;
}

/**
 * fal may repeat a job under another id than the one it gave first, so each id that was ever told is asked about. What an address
 * answered is noted (N6); one that could still be read is not taken for gone before its file has ended by itself, since fal will
 * not tell the address a second time.
 */
async function forgetAttempt(deps: JobDeps, attempt: AttemptRow, told: readonly string[]): Promise<boolean> {
	const { endpoint } = attempt;
	if (attempt.forgottenAtMs !== null || falTraceOf(attempt) !== 'named') return true;
	const requestIds = new Set([...told, ...(attempt.requestId === null ? [] : [attempt.requestId])]);
	const nowMs = deps.now().getTime();
	const isLifetimeOver = nowMs >= attempt.createdAtMs + LOST_JOB_MS;
	const wasReadable = readHygiene(attempt.hygiene)?.seenGone.some(isReadable) ?? false;
	const isThis = eq(attempts.id, attempt.id);
	const seen: number[] = [];
	let wasDeleted = false;
	for (const requestId of requestIds) {
		// One that was given up may still be at work there.
		if (attempt.state !== 'done') await deps.fal.cancel({ endpoint, requestId });
		const found = await deps.fal.forget({ endpoint, requestId });
		seen.push(...found.seen);
		const isGone = found.kind === 'gone' && !wasReadable;
		const hasEnded = isLifetimeOver && (found.kind === 'gone' || found.kind === 'absent');
		if (!isGone && !hasEnded) {
			if (seen.length > 0)
				await deps.db
					.update(attempts)
					.set({ hygiene: noteHygiene({ seenGone: seen }) })
					.where(isThis);
			return false;
		}
		wasDeleted ||= found.kind === 'gone';
	}
	const hygiene = noteHygiene({
		...(wasDeleted ? { deletedAtMs: nowMs } : {}),
		...(seen.length > 0 ? { seenGone: seen } : {}),
		verifiedAtMs: nowMs,
	});
	await deps.db.update(attempts).set({ forgottenAtMs: nowMs, hygiene }).where(isThis);
	return true;
}
