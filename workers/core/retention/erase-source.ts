import { and, eq, isNull } from 'drizzle-orm';

import { renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import type { JobDeps } from '../deps';
import { AppError } from '../errors';
import { log } from '../log';
import { issueReceipt } from '../receipts/issue-receipt';
import type { ReceiptFacts } from '../receipts/receipt-facts';
import { forgetRender } from '../renders/forget-render';
import { FAL_NAME, STORE_NAME } from './places';

export type SourceRow = typeof uploads.$inferSelect;

/**
 * Deletes a marked photo here and at the processor, reads both places again, and only then signs the receipt and
 * closes the row, in one batch (R1–R3, E3). While a place is not found empty the receipt is withheld, the row stays
 * `deleting`, and the photo is unreachable all the same.
 */
export async function eraseSource(
	deps: JobDeps,
	{ uploadId }: { uploadId: string },
): Promise<'deleted' | 'nothing_to_do'> {
	const { db, blobs } = deps;
	const [upload] = await db
		.select()
		.from(uploads)
		.where(and(eq(uploads.id, uploadId), eq(uploads.state, 'deleting')));
	if (upload === undefined) return 'nothing_to_do';

	await blobs.delete([upload.objectKey]);
	if (await blobs.has(upload.objectKey)) {
		throw new AppError('upstream_unavailable', 'The store still holds this photo after deleting it.');
	}
	const wasSent = await forgetAtProcessors(deps, upload.id);
	const deletedAtMs = deps.now().getTime();
	await issueReceipt(deps, {
		receiptId: upload.receiptId,
		accountId: upload.accountId,
		facts: factsOf(deps, upload, wasSent, deletedAtMs),
		alongside: [
			db
				.update(uploads)
				.set({ state: 'deleted', deletedAtMs })
				.where(and(eq(uploads.id, upload.id), eq(uploads.state, 'deleting'))),
		],
	});
	log('photo_deleted', { uploadId: upload.id, lateMs: Math.max(0, deletedAtMs - upload.deleteAtMs) });
	return 'deleted';
}

/** Whether the photo was ever handed to a processor; every render of it that is not forgotten yet is forgotten now. */
async function forgetAtProcessors(deps: JobDeps, uploadId: string): Promise<boolean> {
	const { db } = deps;
	const made = await db.select({ id: renders.id }).from(renders).where(eq(renders.uploadId, uploadId));
	const open = await db
		.select({ id: renders.id })
		.from(renders)
		.where(and(eq(renders.uploadId, uploadId), isNull(renders.forgottenAtMs)));
	for (const { id } of open) await forgetRender(deps, { renderId: id });
	return made.length > 0;
}

function factsOf(
	{ studio }: Pick<JobDeps, 'studio'>,
	upload: SourceRow,
	wasSent: boolean,
	deletedAtMs: number,
): ReceiptFacts {
	const deletedAt = new Date(deletedAtMs).toISOString();
	return {
		kind: 'source_deleted',
		objectId: upload.id,
		deleted: [{ what: `${studio.subjectWord} photo`, count: 1 }],
		places: [
			{ name: STORE_NAME, state: 'deleted', checkedAt: deletedAt },
			{ name: FAL_NAME, state: wasSent ? 'deleted' : 'nothing_held', checkedAt: deletedAt },
		],
		kept: [
			...(wasSent ? [{ what: 'the video and its after picture', why: 'you asked for them', until: null }] : []),
			...(upload.consentId === null
				? []
				: [{ what: 'the signed consent, without any picture', why: 'proof that the photo was allowed', until: null }]),
		],
		reason: upload.deleteClock === 'request' ? 'requested' : 'window_ended',
		dueAt: new Date(upload.deleteAtMs).toISOString(),
		deletedAt,
	};
}
