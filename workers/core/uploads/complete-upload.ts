import { and, eq } from 'drizzle-orm';

import { uploads } from '../../../schema/uploads';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import { requireValidConsent } from '../consents/require-consent';
import type { Deps, StoredObjects } from '../deps';
import { AppError } from '../errors';
import { completePaper } from './complete-paper';
import { findUpload, toUpload, type Upload } from './read-upload';

/**
 * Makes an upload `ready` once the media Worker holds a photo it has proved. Repeating it answers the same; a photo
 * that never arrived is `upload_incomplete`, one whose time is over is `gone`, and a consent revoked meanwhile refuses. A paper becomes
 * the paper of its draft.
 */
export async function completeUpload(
	deps: Pick<Deps, 'db' | 'now' | 'queue' | 'mediaOrigin' | 'urlSigningKey' | 'vault'> & { objects: StoredObjects },
	input: { actor: Actor; uploadId: string },
): Promise<Upload> {
	const found = await findUpload(deps, input);
	const { upload } = found;
	const nowMs = deps.now().getTime();
	if (upload.state === 'ready') return toUpload(deps, upload, found.subjectReference);
	if (upload.state !== 'awaiting' || nowMs >= upload.deleteAtMs) {
		throw new AppError('gone', 'The time for this upload is over, and nothing of it is kept. Start a new one.');
	}
	const isPaper = upload.kind === 'paper';
	if (upload.consentId !== null && !isPaper) requireValidConsent(found.consent, nowMs);

	const facts = await deps.objects.head(upload.objectKey);
	if (facts === null) {
		throw new AppError(
			'upload_incomplete',
			`The ${isPaper ? 'paper' : 'photo'} has not arrived yet. Send it to the address you were given first.`,
		);
	}
	if (isPaper) {
		const ready = await completePaper(deps, { actor: input.actor, upload, facts });
		const row = ready ?? (await findUpload(deps, input)).upload;
		return toUpload(deps, row, found.subjectReference);
	}
	const measured = { byteLength: facts.byteLength, width: facts.width, height: facts.height };
	const [ready] = await deps.db
		.update(uploads)
		.set({ state: 'ready', ...measured })
		.where(
			and(eq(uploads.id, upload.id), eq(uploads.state, 'awaiting'), hasStanding(deps, input.actor, 'uploads:write')),
		)
		.returning();
	if (ready !== undefined) return toUpload(deps, ready, found.subjectReference);
	const refusal = await refusalOfStanding(deps, input.actor, 'uploads:write');
	if (refusal !== null) throw refusal;
	// Another call was quicker: what it left is the answer.
	return toUpload(deps, (await findUpload(deps, input)).upload, found.subjectReference);
}
