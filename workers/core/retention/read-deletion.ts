import { and, eq } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { erasures } from '../../../schema/erasures';
import { assets } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import type { Studio } from '../../../studios/studio';
import type { Actor } from '../actor';
import { revokedConsentId } from '../consents/confirm-revocation';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import type { InclusionProof } from '../log/log-head';
import { LATE_PUT_MS } from '../media/upload-window';
import { canonicalJson } from '../receipts/canonical-json';
import { readReceipt } from '../receipts/read-receipt';
import type { SignedReceipt } from '../receipts/receipt-facts';
import { KEPT_UNTIL_MS } from '../uploads/upload-state';
import { FAL_NAME, STORE_NAME, uploadWord } from './places';

export type Deletion =
	| { state: 'issued'; receipt: SignedReceipt; body: string; issuedAt: string; proof: InclusionProof | null }
	| { state: 'pending'; id: string; dueAt: string; what: string; waitingFor: string[] };

/**
 * A receipt, or what is still to happen before it is signed: its id is known from the moment the photo or asset is.
 * Somebody else's is not found.
 */
export async function readDeletion(
	deps: Pick<Deps, 'db' | 'now' | 'studio'>,
	input: { actor: Actor; receiptId: string },
): Promise<Deletion> {
	const { accountId } = input.actor;
	const found = await readReceipt(deps, { receiptId: input.receiptId, accountId });
	if (found !== null) {
		const { receipt, proof } = found;
		return { state: 'issued', receipt, body: canonicalJson(receipt.body), issuedAt: receipt.body.issuedAt, proof };
	}
	const { db } = deps;
	const [photos, made, revoked, erased] = await db.batch([
		db
			.select({
				kind: uploads.kind,
				state: uploads.state,
				deleteAtMs: uploads.deleteAtMs,
				putExpiresAtMs: uploads.putExpiresAtMs,
			})
			.from(uploads)
			.where(and(eq(uploads.receiptId, input.receiptId), eq(uploads.accountId, accountId))),
		db
			.select({ state: assets.state, putExpiresAtMs: assets.putExpiresAtMs })
			.from(assets)
			.where(and(eq(assets.receiptId, input.receiptId), eq(assets.accountId, accountId))),
		db
			.select({ revokedAtMs: consents.revokedAtMs })
			.from(consents)
			.where(
				and(
					eq(consents.id, revokedConsentId(input.receiptId)),
					eq(consents.accountId, accountId),
					eq(consents.state, 'revoked'),
				),
			),
		db
			.select({ dueAtMs: erasures.dueAtMs })
			.from(erasures)
			.where(and(eq(erasures.receiptId, input.receiptId), eq(erasures.accountId, accountId))),
	]);
	const whole = pendingWhole(deps, { revokedAtMs: revoked[0]?.revokedAtMs, dueAtMs: erased[0]?.dueAtMs });
	if (whole !== null) return { state: 'pending', id: input.receiptId, ...whole };
	const [photo] = photos;
	if (photo !== undefined && photo.state !== 'expired' && photo.deleteAtMs !== KEPT_UNTIL_MS) {
		const isPhoto = photo.kind === 'source';
		return {
			state: 'pending',
			id: input.receiptId,
			dueAt: new Date(photo.deleteAtMs).toISOString(),
			what: uploadWord(photo.kind, deps.studio),
			waitingFor:
				photo.state === 'deleting'
					? [
							...(isPhoto ? placesOf(deps.studio) : [STORE_NAME]),
							...addressIfOpen(photo.putExpiresAtMs, deps.now().getTime()),
						]
					: [],
		};
	}
	const [asset] = made;
	if (asset?.state !== 'deleting') throw notFound('receipt');
	return {
		state: 'pending',
		id: input.receiptId,
		dueAt: deps.now().toISOString(),
		what: 'what you deleted',
		waitingFor:
			asset.putExpiresAtMs === null
				? placesOf(deps.studio)
				: [STORE_NAME, ...addressIfOpen(asset.putExpiresAtMs, deps.now().getTime())],
	};
}

/** A consent that ended, or a patient who was erased: with all that hangs on it, wherever that lies. */
function pendingWhole(
	{ studio }: Pick<Deps, 'studio'>,
	{ revokedAtMs, dueAtMs }: { revokedAtMs: number | null | undefined; dueAtMs: number | undefined },
) {
	const endMs = dueAtMs ?? revokedAtMs ?? null;
	if (endMs === null) return null;
	return {
		dueAt: new Date(endMs).toISOString(),
		what: dueAtMs === undefined ? 'what rested on the consent' : `${studio.subjectWord} and all that belongs to them`,
		waitingFor: placesOf(studio),
	};
}

/** Where a studio's things may lie; its own list of processors says which of them is fal. */
function placesOf(studio: Studio): string[] {
	return studio.policy.processors.some(({ id }) => id === 'fal') ? [STORE_NAME, FAL_NAME] : [STORE_NAME];
}

function addressIfOpen(putExpiresAtMs: number, nowMs: number): string[] {
	return nowMs < putExpiresAtMs + LATE_PUT_MS ? ['the upload address to end'] : [];
}
