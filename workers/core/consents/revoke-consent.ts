import { and, eq, inArray, ne, sql, type SQL } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { assets, renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { settleRender } from '../renders/settle-render';
import { tellQueue } from '../tell-queue';
import { revocationReceiptId } from './confirm-revocation';
import { isMadeUnder, isSentUnder, markLineage } from './lineage';

/** Messages of one revocation to the queue; what is more than that, the sweep takes a minute later. */
const TOLD_AT_ONCE_MAX = 100;

export interface Revocation {
	id: string;
	state: 'revoked';
	/** What is being deleted at this moment; when all of it is gone, the receipt is there. */
	photosBeingDeleted: number;
	/** Pictures, videos and compositions that were made under it. */
	madeBeingDeleted: number;
	/** Under this id once photos and what was made are gone everywhere. */
	receiptId: string;
}

type RevokeDeps = Pick<Deps, 'db' | 'now' | 'studio' | 'queue'>;

/**
 * Ends a consent at once, for staff, and all that rests on it (N2): nothing is uploaded or ordered by it any more, renders under way are
 * cancelled and given back, its photos and everything made from them are unreachable and due now, and links to it are ended. Repeating
 * it goes on where it stopped and answers the same state.
 */
export async function revokeConsent(deps: RevokeDeps, input: { actor: Actor; consentId: string }): Promise<Revocation> {
	const { actor, consentId } = input;
	const own = sql`${consents.accountId} = ${actor.accountId} and ${hasStanding(deps, actor, 'consents:write')}`;
	const revoked = await revokeWhile(deps, { consentId, holds: own });
	if (revoked !== null) return revoked;
	throw (await refusalOfStanding(deps, actor, 'consents:write')) ?? notFound('consent');
}

/**
 * The same for whoever `holds` says may: true in the statements that write, for the row of `consents` that it is about. Null where it is
 * not, with nothing written.
 */
export async function revokeWhile(
	deps: RevokeDeps,
	{ consentId, holds }: { consentId: string; holds: SQL },
): Promise<Revocation | null> {
	const { db } = deps;
	const marked = await revokeRows(deps, { consentId, holds });
	if (marked === null) return null;

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
	for (const uploadId of marked.photos.slice(0, TOLD_AT_ONCE_MAX)) {
		await tellQueue(deps, { type: 'upload.delete', uploadId });
	}
	for (const assetId of marked.made.slice(0, TOLD_AT_ONCE_MAX)) {
		await tellQueue(deps, { type: 'asset.delete', assetId });
	}
	await tellQueue(deps, { type: 'consent.revoked', consentId });
	return {
		id: consentId,
		state: 'revoked',
		photosBeingDeleted: marked.photos.length,
		madeBeingDeleted: marked.made.length,
		receiptId: revocationReceiptId(consentId),
	};
}

/**
 * In one batch: a revoked consent with a photo or a picture that can still be seen must not exist for a moment. The ids of what is being
 * deleted now, or null where the consent is not found.
 */
async function revokeRows(
	{ db, now }: Pick<Deps, 'db' | 'now'>,
	{ consentId, holds }: { consentId: string; holds: SQL },
): Promise<{ photos: string[]; made: string[] } | null> {
	const nowMs = now().getTime();
	// Every statement asks for all of it: where it does not hold any more, none finds anything.
	const isMeant = and(eq(consents.id, consentId), holds);
	const meantId = db.select({ id: consents.id }).from(consents).where(isMeant);
	const [found, , , , photos, made] = await db.batch([
		meantId,
		...markLineage(db, meantId, nowMs),
		db
			.select({ id: uploads.id })
			.from(uploads)
			.where(and(isSentUnder(meantId), eq(uploads.state, 'deleting'))),
		db
			.select({ id: assets.id })
			.from(assets)
			.where(and(isMadeUnder(db, meantId), eq(assets.state, 'deleting'))),
		// Last, so that a condition which asks for a consent in force holds for all of them.
		db
			.update(consents)
			.set({ state: 'revoked', revokedAtMs: nowMs })
			.where(and(isMeant, ne(consents.state, 'revoked'))),
	]);
	if (found.length === 0) return null;
	return { photos: photos.map(({ id }) => id), made: made.map(({ id }) => id) };
}
