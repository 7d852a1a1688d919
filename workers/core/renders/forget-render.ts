import { and, eq, isNotNull, isNull, notExists } from 'drizzle-orm';

import { attempts, renders } from '../../../schema/renders';
import type { JobDeps } from '../deps';
import { AppError } from '../errors';
import { log } from '../log';
import { nameAttemptsStatement } from './name-attempts';
import { removeOrphans } from './remove-orphans';
import { isTerminal } from './render-state';

/**
 * Once a render has ended: tells its processors to stop and to delete what they hold, looks again whether they did,
 * and removes outputs that no asset names (C3, N6, U1). Asks to be called again while anything is left anywhere.
 */
export async function forgetRender(deps: JobDeps, { renderId }: { renderId: string }): Promise<void> {
	const { db } = deps;
	const [heads, , tries] = await db.batch([
		db.select().from(renders).where(eq(renders.id, renderId)),
		nameAttemptsStatement(db, eq(attempts.renderId, renderId)),
		db.select().from(attempts).where(eq(attempts.renderId, renderId)),
	]);
	const [render] = heads;
	if (render === undefined || !isTerminal(render.state) || render.forgottenAtMs !== null) return;

	await removeOrphans(deps, { renderId });

	let left = 0;
	for (const attempt of tries) if (!(await forgetAttempt(deps, attempt))) left += 1;
	if (left > 0) {
		log('processor_residue', { renderId, left });
		throw new AppError('upstream_unavailable', 'A processor still holds something of this render.');
	}
	// In one statement: an attempt whose id came in after the look above keeps the mark from being set.
	const unforgotten = db
		.select({ id: attempts.id })
		.from(attempts)
		.where(and(eq(attempts.renderId, renderId), isNotNull(attempts.requestId), isNull(attempts.forgottenAtMs)));
	const [forgotten] = await db
		.update(renders)
		.set({ forgottenAtMs: deps.now().getTime() })
		.where(and(eq(renders.id, renderId), notExists(unforgotten)))
		.returning({ id: renders.id });
	if (forgotten === undefined) {
		throw new AppError('upstream_unavailable', 'A processor took this render a moment ago.');
	}
}

async function forgetAttempt(deps: JobDeps, attempt: typeof attempts.$inferSelect): Promise<boolean> {
	const { endpoint, requestId } = attempt;
	// Without a request id, and for what is answered inside the call, the processor keeps nothing under a name of ours.
	if (attempt.forgottenAtMs !== null || requestId === null || attempt.processor !== 'fal') return true;
	// One that was given up may still be at work there.
	if (attempt.state !== 'done') await deps.fal.cancel({ endpoint, requestId });
	if ((await deps.fal.forget({ endpoint, requestId })) !== 'gone') return false;
	await deps.db.update(attempts).set({ forgottenAtMs: deps.now().getTime() }).where(eq(attempts.id, attempt.id));
	return true;
}
