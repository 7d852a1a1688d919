import { and, eq, inArray, ne } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { settleRender } from '../renders/settle-render';
import { tellQueue } from '../tell-queue';
import { revocationReceiptId } from './confirm-revocation';

/**
 * Ends a consent at once: no upload and no render rests on it any more, renders under way are cancelled and given
 * back, and its photos are due now. Repeating it goes on where it stopped and answers the same state.
 */
export async function revokeConsent(
	deps: Pick<Deps, 'db' | 'now' | 'studio' | 'queue'>,
	input: { actor: Actor; consentId: string },
): Promise<{ id: string; state: 'revoked'; photosBeingDeleted: number; receiptId: string }> {
	const { db } = deps;
	const { actor, consentId } = input;
	// Every statement below asks for all of it: where the actor may not any more, none finds anything.
	const own = and(
		eq(consents.id, consentId),
		eq(consents.accountId, actor.accountId),
		hasStanding(deps, actor, 'consents:write'),
	);
	const ownId = db.select({ id: consents.id }).from(consents).where(own);
	const nowMs = deps.now().getTime();
	// In one batch: a revoked consent with a photo that can still be seen must not exist for a moment.
	const [found, , marked] = await db.batch([
		ownId,
		db
			.update(consents)
			.set({ state: 'revoked', revokedAtMs: nowMs })
			.where(and(own, ne(consents.state, 'revoked'))),
		db
			.update(uploads)
			.set({ state: 'deleting', deleteAtMs: nowMs, deleteClock: 'request' })
			.where(and(inArray(uploads.consentId, ownId), inArray(uploads.state, ['awaiting', 'ready'])))
			.returning({ id: uploads.id }),
	]);
	if (found.length === 0) throw (await refusalOfStanding(deps, actor, 'consents:write')) ?? notFound('consent');

	// A render that is not reached here ends by itself: its next step finds the consent gone.
	const open = await db
		.select()
		.from(renders)
		.where(and(eq(renders.consentId, consentId), inArray(renders.state, ['queued', 'running'])));
	for (const render of open) {
		const outcome = await settleRender(deps, {
			render,
			event: 'cancelled',
			failure: { code: 'consent_ended', message: 'The consent was revoked, so we stopped.' },
		});
		if (outcome === 'settled') await tellQueue(deps, { type: 'render.forget', renderId: render.id });
	}
	for (const { id } of marked) await tellQueue(deps, { type: 'upload.delete', uploadId: id });
	await tellQueue(deps, { type: 'consent.revoked', consentId });
	return {
		id: consentId,
		state: 'revoked',
		photosBeingDeleted: marked.length,
		receiptId: revocationReceiptId(consentId),
	};
}
