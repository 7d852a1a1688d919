import { and, eq, isNotNull, isNull } from 'drizzle-orm';

import { assets, attempts, renders } from '../../../schema/renders';
import type { JobDeps } from '../deps';
import { AppError } from '../errors';
import { log } from '../log';
import { outputKeyOf } from './finish-attempt';
import { isTerminal } from './render-state';

/**
 * Once a render has ended: tells its processors to stop and to delete what they hold, looks again whether they did,
 * and removes outputs that no asset names (C3, N6, U1). Asks to be called again while anything is left anywhere.
 */
export async function forgetRender(deps: JobDeps, { renderId }: { renderId: string }): Promise<void> {
	const { db } = deps;
	const [heads, tries, made] = await db.batch([
		db.select().from(renders).where(eq(renders.id, renderId)),
		db.select().from(attempts).where(eq(attempts.renderId, renderId)),
		db.select({ objectKey: assets.objectKey }).from(assets).where(eq(assets.renderId, renderId)),
	]);
	const [render] = heads;
	if (render === undefined || !isTerminal(render.state) || render.forgottenAtMs !== null) return;

	const named = new Set(made.map(({ objectKey }) => objectKey));
	const possible = await Promise.all(tries.map((attempt) => outputKeyOf(deps, render.accountId, attempt.id)));
	const orphans = possible.filter((objectKey) => !named.has(objectKey));
	if (orphans.length > 0) await deps.blobs.delete(orphans);

	let left = 0;
	for (const attempt of tries) if (!(await forgetAttempt(deps, attempt))) left += 1;
	if (left > 0) {
		log('processor_residue', { renderId, left });
		throw new AppError('upstream_unavailable', 'A processor still holds something of this render.');
	}
	// An attempt whose id came in after the look above has cleared the mark for a reason: do not set it then.
	const unforgotten = db
		.select({ id: attempts.id })
		.from(attempts)
		.where(and(eq(attempts.renderId, renderId), isNotNull(attempts.requestId), isNull(attempts.forgottenAtMs)))
		.limit(1);
	const [straggler] = await unforgotten;
	if (straggler !== undefined) throw new AppError('upstream_unavailable', 'A processor took this render a moment ago.');
	await db.update(renders).set({ forgottenAtMs: deps.now().getTime() }).where(eq(renders.id, renderId));
}

async function forgetAttempt(deps: JobDeps, attempt: typeof attempts.$inferSelect): Promise<boolean> {
	const { endpoint, requestId } = attempt;
	// Without a request id, and for what is answered inside the call, the processor keeps nothing under a name of ours.
	if (attempt.forgottenAtMs !== null || requestId === null || attempt.processor !== 'fal') return true;
	if (attempt.state === 'abandoned') await deps.fal.cancel({ endpoint, requestId });
	if ((await deps.fal.forget({ endpoint, requestId })) !== 'gone') return false;
	await deps.db.update(attempts).set({ forgottenAtMs: deps.now().getTime() }).where(eq(attempts.id, attempt.id));
	return true;
}
