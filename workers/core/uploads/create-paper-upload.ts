import { and, eq } from 'drizzle-orm';

import { consents, subjects } from '../../../schema/consents';
import { retentionMs } from '../../../studios/policy/policy';
import type { Actor } from '../actor';
import { openReference } from '../consents/subject-reference';
import type { AccessDeps, Deps } from '../deps';
import { AppError, notFound, violatesReference } from '../errors';
import { PDF_BYTES_MAX } from '../media/pdf-bytes';
import { announceUpload, type UploadTicket } from './announce-upload';
import { requireLength, requirePaperType } from './upload-types';

/**
 * A signed PUT for the paper that a consent was signed on: a picture or a PDF, for a consent that is a draft and belongs to the account.
 * What is not checked goes with its draft; once somebody has checked it, it stays as long as the consent does. Refuses (`conflict`) a
 * consent that is signed or ended: what was signed is not exchanged.
 */
export async function createPaperUpload(
	deps: Pick<AccessDeps, 'db' | 'now' | 'newId' | 'studio' | 'mediaOrigin' | 'urlSigningKey' | 'lookupKey' | 'vault'>,
	input: { actor: Actor; network: string | null; contentType: string; byteLength: number; consentId: string },
): Promise<UploadTicket> {
	const { actor, network, byteLength } = input;
	const contentType = requirePaperType(input.contentType);
	requireLength(
		byteLength,
		contentType === 'application/pdf' ? PDF_BYTES_MAX : deps.studio.limits.uploadBytesMax,
		'paper',
	);
	const { deleteAtMs, ...basis } = await readDraft(deps, input);
	try {
		return await announceUpload(deps, {
			actor,
			network,
			kind: 'paper',
			contentType,
			byteLength,
			sideMax: undefined,
			basis,
			deleteAtMs,
		});
	} catch (cause) {
		// The draft's time ended between the two looks.
		throw violatesReference(cause) ? draftGone(cause) : cause;
	}
}

async function readDraft(
	deps: Pick<Deps, 'db' | 'now' | 'studio' | 'vault'>,
	{ actor, consentId }: { actor: Actor; consentId: string },
): Promise<{ subjectId: string; consentId: string; reference: string; deleteAtMs: number }> {
	const [row] = await deps.db
		.select({
			subjectId: subjects.id,
			reference: subjects.reference,
			state: consents.state,
			createdAtMs: consents.createdAtMs,
		})
		.from(consents)
		.innerJoin(subjects, eq(subjects.id, consents.subjectId))
		.where(and(eq(consents.id, consentId), eq(consents.accountId, actor.accountId)));
	if (row === undefined) throw notFound('consent');
	if (row.state !== 'draft') throw notDraft();
	const deleteAtMs = row.createdAtMs + retentionMs(deps.studio.policy, 'source');
	if (deleteAtMs <= deps.now().getTime()) throw draftGone(undefined);
	const { subjectId } = row;
	return { subjectId, consentId, reference: await openReference(deps, row), deleteAtMs };
}

/** Also for who completes a paper of such a consent. */
export function notDraft(): AppError {
	return new AppError(
		'conflict',
		'This consent is signed or ended, and its paper is not exchanged. Record a new consent for a new paper.',
	);
}

function draftGone(cause: unknown): AppError {
	return new AppError('gone', 'The time of this draft is over. Begin the consent anew, then send the paper.', {
		cause,
	});
}
