import { and, eq } from 'drizzle-orm';

import { consents, subjects } from '../../../schema/consents';
import { uploads } from '../../../schema/uploads';
import type { Actor } from '../actor';
import { openReferenceOf } from '../consents/subject-reference';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { signGet } from '../media/sign-url';
import { isServable, KEPT_UNTIL_MS, type UploadState } from './upload-state';

const VIEW_MINUTES = 5;

export interface Upload {
	id: string;
	state: UploadState;
	subjectId: string | null;
	subjectReference: string | null;
	consentId: string | null;
	contentType: string;
	byteLength: number | null;
	width: number | null;
	height: number | null;
	/** Null for what is kept: a logo, and a paper that was checked. */
	deleteAt: string | null;
	deletedAt: string | null;
	receiptId: string;
	/** Null once it is gone, and of a paper: that is seen through its consent, which notes who saw it. */
	url: string | null;
}

export type UploadRow = typeof uploads.$inferSelect;

/** One's own upload, with a view that ends in minutes and never after the photo's own end. */
export async function readUpload(
	deps: Pick<Deps, 'db' | 'now' | 'mediaOrigin' | 'urlSigningKey' | 'vault'>,
	input: { actor: Actor; uploadId: string },
): Promise<Upload> {
	const found = await findUpload(deps, input);
	return toUpload(deps, found.upload, found.subjectReference);
}

/** The stored row with what it rests on; somebody else's is not found. */
export async function findUpload(
	deps: Pick<Deps, 'db' | 'vault'>,
	input: { actor: Actor; uploadId: string },
): Promise<{
	upload: UploadRow;
	subjectReference: string | null;
	consent: { state: 'draft' | 'active' | 'expired' | 'revoked'; expiresAtMs: number | null } | null;
}> {
	const [row] = await deps.db
		.select({
			upload: uploads,
			subjectReference: subjects.reference,
			consent: { state: consents.state, expiresAtMs: consents.expiresAtMs },
		})
		.from(uploads)
		.leftJoin(subjects, eq(subjects.id, uploads.subjectId))
		.leftJoin(consents, eq(consents.id, uploads.consentId))
		.where(and(eq(uploads.id, input.uploadId), eq(uploads.accountId, input.actor.accountId)));
	if (row === undefined) throw notFound('upload');
	const { upload, subjectReference: reference, consent } = row;
	const subjectReference = await openReferenceOf(deps, { subjectId: upload.subjectId, reference });
	return { upload, subjectReference, consent };
}

export async function toUpload(
	deps: Pick<Deps, 'now' | 'mediaOrigin' | 'urlSigningKey'>,
	row: UploadRow,
	subjectReference: string | null,
): Promise<Upload> {
	const nowMs = deps.now().getTime();
	return {
		id: row.id,
		state: row.state,
		subjectId: row.subjectId,
		subjectReference,
		consentId: row.consentId,
		contentType: row.contentType,
		byteLength: row.byteLength,
		width: row.width,
		height: row.height,
		deleteAt: row.deleteAtMs === KEPT_UNTIL_MS ? null : new Date(row.deleteAtMs).toISOString(),
		deletedAt: row.deletedAtMs === null ? null : new Date(row.deletedAtMs).toISOString(),
		receiptId: row.receiptId,
		url: row.kind !== 'paper' && isServable(row, nowMs) ? await signView(deps, row, nowMs) : null,
	};
}

/** For minutes, and never past the end of what it shows. */
export function signView(
	deps: Pick<Deps, 'mediaOrigin' | 'urlSigningKey'>,
	row: Pick<UploadRow, 'objectKey' | 'contentType' | 'deleteAtMs'>,
	nowMs: number,
): Promise<string> {
	return signGet(deps.urlSigningKey, {
		origin: deps.mediaOrigin,
		objectKey: row.objectKey,
		contentType: row.contentType,
		purpose: 'view',
		expiresAtMs: Math.min(nowMs + VIEW_MINUTES * 60_000, row.deleteAtMs),
	});
}
