import { and, eq, inArray, sql, type SQL } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { assets, attempts, renderOutcomes, renders, webhookEvents } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import { restartsWithRender, retentionMs } from '../../../studios/policy/policy';
import { captureStatements, releaseStatements } from '../credits/statements';
import type { Deps } from '../deps';
import { violates } from '../errors';
import { log } from '../log';
import { toCredits } from '../money';
import { holdIdOf } from './start-render';
import { isTerminal, nextRenderState, type RenderEvent, type TerminalState } from './render-state';

export interface RenderFailure {
	code: string;
	/** Safe to show: what happened and what to do. */
	message: string;
}

type RenderRow = typeof renders.$inferSelect;

/**
 * Ends a render in one batch: its one outcome, the hold captured or released, its assets shown or marked for deletion (also where
 * their consent was revoked at that moment),
 * its open attempts abandoned, and the hour its photo goes (J1, J3, L2). Whoever comes second changes nothing and
 * learns so, whatever outcome it wanted. With `holds`, nothing is done unless that is true when it runs, and the batch fails
 * for want of the outcome's `render_outcomes.render_id`.
 */
export async function settleRender(
	{ db, now, studio }: Pick<Deps, 'db' | 'now' | 'studio'>,
	input: { render: RenderRow; event: Exclude<RenderEvent, 'stage_started'>; failure?: RenderFailure; holds?: SQL },
): Promise<'settled' | 'already_settled'> {
	const { render, event, failure, holds } = input;
	const state = nextRenderState(render.state, event);
	if (state === null || !isTerminal(state)) return 'already_settled';

	const nowMs = now().getTime();
	try {
		await db.batch([
			// First, so that its primary key is what refuses a second ending.
			db.insert(renderOutcomes).values({ renderId: idWhile(render.id, holds), state, createdAtMs: nowMs }),
			db
				.update(renders)
				.set({
					state,
					stage: null,
					finishedAtMs: nowMs,
					creditsCharged: state === 'succeeded' ? render.creditsHeld : 0,
					errorCode: failure?.code ?? null,
					errorMessage: failure?.message ?? null,
				})
				.where(eq(renders.id, render.id)),
			...holdResolution(db, render, state, nowMs),
			db
				.update(assets)
				.set({ state: state === 'succeeded' ? stateWhileAllowed(render) : 'deleting' })
				.where(and(eq(assets.renderId, render.id), eq(assets.state, 'pending'))),
			db
				.update(attempts)
				.set({ state: 'abandoned', finishedAtMs: nowMs })
				.where(and(eq(attempts.renderId, render.id), inArray(attempts.state, ['intent', 'submitted', 'unknown']))),
			// Addresses of files at a processor are of no use any more.
			db
				.update(webhookEvents)
				.set({ payload: null })
				.where(
					inArray(
						webhookEvents.attemptId,
						db.select({ id: attempts.id }).from(attempts).where(eq(attempts.renderId, render.id)),
					),
				),
			...(render.uploadId === null || !restartsWithRender(studio.policy)
				? []
				: [
						db
							.update(uploads)
							.set({ deleteAtMs: nowMs + retentionMs(studio.policy, 'source'), deleteClock: 'render' })
							.where(and(eq(uploads.id, render.uploadId), eq(uploads.deleteClock, 'creation'))),
					]),
		]);
	} catch (cause) {
		if (violates(cause, 'render_outcomes.render_id')) return 'already_settled';
		throw cause;
	}
	log('render_settled', { renderId: render.id, state, code: failure?.code ?? null });
	return 'settled';
}

/** What was finished in the very moment in which its consent was revoked is not shown, not even until somebody looks again. */
function stateWhileAllowed({ consentId }: RenderRow): SQL | 'ready' {
	if (consentId === null) return 'ready';
	return sql`iif(exists (select 1 from ${consents} c where c.id = ${consentId} and c.state = 'revoked'), 'deleting', 'ready')`;
}

function idWhile(renderId: string, holds: SQL | undefined): string | SQL<string> {
	return holds === undefined ? renderId : sql<string>`(select ${renderId} where ${holds})`;
}

function holdResolution(db: Deps['db'], render: RenderRow, state: TerminalState, nowMs: number) {
	const hold = {
		holdId: holdIdOf(render.id),
		accountId: render.accountId,
		amount: toCredits(render.creditsHeld),
		nowMs,
	};
	return state === 'succeeded' ? captureStatements(db, { ...hold, renderId: render.id }) : releaseStatements(db, hold);
}
