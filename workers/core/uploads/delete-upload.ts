import { and, eq, inArray, isNull, not, notExists, sql } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { renders } from '../../../schema/renders';
import { uploads } from '../../../schema/uploads';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import { isCheckedPaper } from '../consents/checked-paper';
import type { Deps } from '../deps';
import { AppError } from '../errors';
import { tellQueue } from '../tell-queue';
import { findUpload } from './read-upload';

/**
 * Ends a photo's time now: it is unreachable from this moment and its receipt follows. Repeating it answers the same
 * receipt. Refused while a render is at work on it: cancel that first; for a logo, which `removeLogo` takes away; and for
 * a paper that was checked, which is what proves its consent.
 */
export async function deleteUpload(
	deps: Pick<Deps, 'db' | 'now' | 'queue' | 'vault'>,
	input: { actor: Actor; uploadId: string },
): Promise<{ receiptId: string }> {
	const { upload } = await findUpload(deps, input);
	if (upload.kind === 'logo') {
		throw new AppError('conflict', 'This is a logo. Change or remove it in the profile.');
	}
	const isPaper = upload.kind === 'paper';
	const permission = isPaper ? 'consents:write' : 'uploads:write';
	if (upload.state === 'deleting' || upload.state === 'deleted') return { receiptId: upload.receiptId };
	if (upload.state === 'expired' || upload.state === 'rejected') {
		throw new AppError('gone', 'Nothing ever arrived here, so there is nothing to delete.');
	}

	const nowMs = deps.now().getTime();
	const openRender = deps.db
		.select({ one: sql`1` })
		.from(renders)
		.where(and(eq(renders.uploadId, upload.id), inArray(renders.state, ['queued', 'running'])));
	const [[marked]] = await deps.db.batch([
		deps.db
			.update(uploads)
			.set({ state: 'deleting', deleteAtMs: Math.min(nowMs, upload.deleteAtMs), deleteClock: 'request' })
			.where(
				and(
					eq(uploads.id, upload.id),
					inArray(uploads.state, ['awaiting', 'ready']),
					notExists(openRender),
					not(isCheckedPaper()),
					hasStanding(deps, input.actor, permission),
				),
			)
			.returning({ id: uploads.id }),
		// The draft whose paper it was has none any more.
		deps.db
			.update(consents)
			.set({ paperUploadId: null })
			.where(
				and(
					eq(consents.id, upload.consentId ?? ''),
					eq(consents.paperUploadId, upload.id),
					isNull(consents.checkedAtMs),
					hasStanding(deps, input.actor, permission),
				),
			),
	]);
	if (marked === undefined) {
		throw (await refusalOfStanding(deps, input.actor, permission)) ?? (isPaper ? isProof() : isInUse());
	}
	await tellQueue(deps, { type: 'upload.delete', uploadId: upload.id });
	return { receiptId: upload.receiptId };
}

function isProof(): AppError {
	return new AppError(
		'conflict',
		'This paper was checked and proves its consent. It goes when the patient or the account is erased.',
	);
}

function isInUse(): AppError {
	return new AppError('conflict', 'A video is being made from this photo. Cancel it first, or wait until it is ready.');
}
