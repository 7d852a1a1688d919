import { and, eq } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { assets, renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import type { JobDeps } from '../deps';
import { AppError } from '../errors';
import { log } from '../log';
import { issueReceipt } from '../receipts/issue-receipt';
import type { ReceiptFacts } from '../receipts/receipt-facts';
import { forgetRender } from '../renders/forget-render';
import { FAL_NAME, LATE_PUT_MS, STORE_NAME } from './places';

type UploadRow = typeof uploads.$inferSelect;

export type SourceErasure = 'deleted' | 'was_never_there' | 'address_still_open' | 'nothing_to_do';

/**
 * Deletes a marked photo here and at the processor, reads both places again, and only then signs the receipt and
 * closes the row, in one batch (R1–R3, E3). While a place is not found empty the receipt is withheld, the row stays
 * `deleting`, and the photo is unreachable all the same.
 */
export async function eraseSource(deps: JobDeps, { uploadId }: { uploadId: string }): Promise<SourceErasure> {
	const { db, blobs } = deps;
	const [found] = await db
		.select({ upload: uploads, consentState: consents.state })
		.from(uploads)
		.leftJoin(consents, eq(consents.id, uploads.consentId))
		.where(and(eq(uploads.id, uploadId), eq(uploads.state, 'deleting')));
	if (found === undefined) return 'nothing_to_do';
	const { upload } = found;

	const hadBytes = upload.byteLength !== null || (await blobs.has(upload.objectKey));
	await blobs.delete([upload.objectKey]);
	if (await blobs.has(upload.objectKey)) {
		throw new AppError('upstream_unavailable', 'The store still holds this photo after deleting it.');
	}
	const processing = await forgetAtProcessors(deps, upload.id);
	const deletedAtMs = deps.now().getTime();
	// Until its address has ended the same photo could be put there again, and a receipt would be wrong: the sweep
	// deletes once more after that, and then signs.
	if (deletedAtMs < upload.putExpiresAtMs + LATE_PUT_MS) return 'address_still_open';

	const isMarked = and(eq(uploads.id, upload.id), eq(uploads.state, 'deleting'));
	if (!hadBytes) {
		await db.update(uploads).set({ state: 'expired' }).where(isMarked);
		return 'was_never_there';
	}
	await issueReceipt(deps, {
		receiptId: upload.receiptId,
		accountId: upload.accountId,
		facts: {
			...whatWasDeleted(deps, upload, processing, deletedAtMs),
			reason: reasonOf(upload, found.consentState),
		},
		alongside: [db.update(uploads).set({ state: 'deleted', deletedAtMs }).where(isMarked)],
	});
	log('photo_deleted', { uploadId: upload.id, lateMs: Math.max(0, deletedAtMs - upload.deleteAtMs) });
	return 'deleted';
}

interface Processing {
	/** Whether a processor was ever given the photo. */
	wasSent: boolean;
	/** Whether something made from it is still here. */
	isWorkKept: boolean;
}

/** Has every render of the photo forgotten; refuses to go on while one of them is open or leaves a copy somewhere. */
async function forgetAtProcessors(deps: JobDeps, uploadId: string): Promise<Processing> {
	const { db } = deps;
	const ofPhoto = eq(renders.uploadId, uploadId);
	const made = await db.select({ id: renders.id, forgottenAtMs: renders.forgottenAtMs }).from(renders).where(ofPhoto);
	for (const { id, forgottenAtMs } of made) if (forgottenAtMs === null) await forgetRender(deps, { renderId: id });

	const after = await db.select({ forgottenAtMs: renders.forgottenAtMs }).from(renders).where(ofPhoto);
	if (after.some(({ forgottenAtMs }) => forgottenAtMs === null)) {
		throw new AppError('upstream_unavailable', 'A render of this photo has not ended or is not forgotten yet.');
	}
	const [kept] = await db
		.select({ id: assets.id })
		.from(assets)
		.innerJoin(renders, eq(renders.id, assets.renderId))
		.where(and(ofPhoto, eq(assets.state, 'ready')))
		.limit(1);
	return { wasSent: made.length > 0, isWorkKept: kept !== undefined };
}

function whatWasDeleted(
	{ studio }: Pick<JobDeps, 'studio'>,
	upload: UploadRow,
	processing: Processing,
	deletedAtMs: number,
): Omit<ReceiptFacts, 'reason'> {
	const deletedAt = new Date(deletedAtMs).toISOString();
	const kept = [];
	if (processing.isWorkKept) {
		kept.push({ what: `what was made from it`, why: 'it stays until you delete it', until: null });
	}
	if (upload.consentId !== null) {
		kept.push({
			what: 'the signed consent, without any picture',
			why: 'it proves that the photo was allowed',
			until: null,
		});
	}
	return {
		kind: 'source_deleted',
		objectId: upload.id,
		deleted: [{ what: `${studio.subjectWord} photo`, count: 1 }],
		places: [
			{ name: STORE_NAME, state: 'deleted', checkedAt: deletedAt },
			{ name: FAL_NAME, state: processing.wasSent ? 'deleted' : 'nothing_held', checkedAt: deletedAt },
		],
		kept,
		dueAt: new Date(upload.deleteAtMs).toISOString(),
		deletedAt,
	};
}

function reasonOf(upload: UploadRow, consentState: string | null): ReceiptFacts['reason'] {
	if (consentState === 'revoked') return 'consent_revoked';
	return upload.deleteClock === 'request' ? 'requested' : 'window_ended';
}
