import { and, eq } from 'drizzle-orm';

import { consents, subjects } from '../../../schema/consents';
import type { Actor } from '../actor';
import { requireValidConsent } from '../consents/require-consent';
import { openReference } from '../consents/subject-reference';
import type { AccessDeps, Deps } from '../deps';
import { announceUpload, type UploadTicket } from './announce-upload';
import { requireLength, requireUploadType } from './upload-types';

/**
 * A signed PUT for one photo: one key, one type, one exact length, ten minutes (DS-37). Where the studio's tools need
 * consent, none is given without a complete, running, unrevoked one of the same subject (DD-28), none beside 20 that wait for their
 * photo, and none beyond the studio's rate; nothing is stored then.
 */
export async function createUpload(
	deps: Pick<AccessDeps, 'db' | 'now' | 'newId' | 'studio' | 'mediaOrigin' | 'urlSigningKey' | 'lookupKey' | 'vault'>,
	input: {
		actor: Actor;
		network: string | null;
		contentType: string;
		byteLength: number;
		subjectId: string | undefined;
		consentId: string | undefined;
	},
): Promise<UploadTicket> {
	const { actor, network, byteLength } = input;
	const contentType = requireUploadType(input.contentType);
	requireLength(byteLength, deps.studio.limits.uploadBytesMax, 'photo');
	const basis = await readBasis(deps, input, deps.now().getTime());
	return announceUpload(deps, { actor, network, kind: 'source', contentType, byteLength, sideMax: undefined, basis });
}

async function readBasis(
	deps: Pick<Deps, 'db' | 'studio' | 'vault'>,
	input: { actor: Actor; subjectId: string | undefined; consentId: string | undefined },
	nowMs: number,
): Promise<{ subjectId: string; consentId: string; reference: string } | null> {
	const { db, studio } = deps;
	const isConsentNeeded = studio.tools.some((tool) => tool.needsConsent);
	if (!isConsentNeeded && input.consentId === undefined) return null;
	if (input.consentId === undefined) requireValidConsent(null, nowMs);

	const [row] = await db
		.select({
			subjectId: subjects.id,
			reference: subjects.reference,
			consentId: consents.id,
			state: consents.state,
			expiresAtMs: consents.expiresAtMs,
		})
		.from(consents)
		.innerJoin(subjects, eq(subjects.id, consents.subjectId))
		.where(and(eq(consents.id, input.consentId ?? ''), eq(consents.accountId, input.actor.accountId)));
	const isOfSubject = input.subjectId === undefined || row?.subjectId === input.subjectId;
	requireValidConsent(isOfSubject ? row : null, nowMs);
	if (row === undefined) return null;
	const { subjectId, consentId } = row;
	return { subjectId, consentId, reference: await openReference(deps, row) };
}
