import { and, eq, inArray, ne } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { AppError, notFound } from '../errors';
import { settleRender } from '../renders/settle-render';
import { tellQueue } from '../tell-queue';

/**
 * Ends a consent at once: no upload and no render rests on it any more, renders under way are cancelled and given
 * back, and its photos are due now. Repeating it answers the same.
 */
export async function revokeConsent(
	deps: Pick<Deps, 'db' | 'now' | 'studio' | 'queue'>,
	input: { actor: Actor; consentId: string },
): Promise<{ id: string; state: 'revoked'; photosBeingDeleted: number }> {
	const { db } = deps;
	const own = and(eq(consents.id, input.consentId), eq(consents.accountId, input.actor.accountId));
	const nowMs = deps.now().getTime();
	await db
		.update(consents)
		.set({ state: 'revoked', revokedAtMs: nowMs })
		.where(and(own, ne(consents.state, 'revoked')));
	const [consent] = await db.select({ state: consents.state }).from(consents).where(own);
	if (consent === undefined) throw notFound('consent');
	if (consent.state !== 'revoked')
		throw new AppError('conflict', 'The consent is being changed. Try again in a moment.');

	const open = await db
		.select()
		.from(renders)
		.where(and(eq(renders.consentId, input.consentId), inArray(renders.state, ['queued', 'running'])));
	for (const render of open) {
		const outcome = await settleRender(deps, {
			render,
			event: 'cancelled',
			failure: { code: 'consent_ended', message: 'The consent was revoked, so we stopped.' },
		});
		if (outcome === 'settled') await tellQueue(deps, { type: 'render.forget', renderId: render.id });
	}
	const marked = await db
		.update(uploads)
		.set({ state: 'deleting', deleteAtMs: nowMs, deleteClock: 'request' })
		.where(and(eq(uploads.consentId, input.consentId), inArray(uploads.state, ['awaiting', 'ready'])))
		.returning({ id: uploads.id });
	for (const { id } of marked) await tellQueue(deps, { type: 'upload.delete', uploadId: id });
	return { id: input.consentId, state: 'revoked', photosBeingDeleted: marked.length };
}
