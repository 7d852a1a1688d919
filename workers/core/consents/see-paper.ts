import { and, eq, sql } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { uploads } from '../../../schema/uploads';
import type { Actor, Whence } from '../actor';
import { readTraceStatement } from '../audit/trace-read';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { signGet } from '../media/sign-url';
import { isServable } from '../uploads/upload-state';

const VIEW_MINUTES = 2;
const MINUTE_MS = 60_000;

export interface SeenPaper {
	uploadId: string;
	/** A picture, or `application/pdf`, which is only ever saved. */
	contentType: string;
	byteLength: number;
	/** Null of a PDF. */
	width: number | null;
	height: number | null;
	url: string;
	urlExpiresAt: string;
	/** Null: nobody has compared it with the consent yet. */
	checkedAt: string | null;
}

/**
 * The paper of one's own consent, with an address for two minutes; null while there is none. That it was asked for is in the record,
 * once an hour for each reader and consent.
 */
export async function seePaper(
	deps: Pick<Deps, 'db' | 'now' | 'newId' | 'mediaOrigin' | 'urlSigningKey'>,
	input: { actor: Actor; whence: Whence; consentId: string },
): Promise<SeenPaper | null> {
	const { db } = deps;
	const { actor, whence, consentId } = input;
	const nowMs = deps.now().getTime();
	const [row] = await db
		.select({ paper: uploads, checkedAtMs: consents.checkedAtMs })
		.from(consents)
		.leftJoin(uploads, sql`${uploads.id} = ${consents.paperUploadId} and ${uploads.accountId} = ${consents.accountId}`)
		.where(and(eq(consents.id, consentId), eq(consents.accountId, actor.accountId)));
	if (row === undefined) throw notFound('consent');
	const { paper, checkedAtMs } = row;
	if (paper === null || !isServable(paper, nowMs)) return null;
	await readTraceStatement(deps, { actor, whence }, { action: 'paper.seen', targetId: consentId });
	const { objectKey, contentType } = paper;
	const expiresAtMs = Math.min(nowMs + VIEW_MINUTES * MINUTE_MS, paper.deleteAtMs);
	const isPdf = contentType === 'application/pdf';
	const url = await signGet(deps.urlSigningKey, {
		origin: deps.mediaOrigin,
		objectKey,
		contentType,
		purpose: isPdf ? 'download' : 'view',
		...(isPdf ? { fileName: 'consent.pdf' } : {}),
		expiresAtMs,
	});
	return {
		uploadId: paper.id,
		contentType,
		byteLength: paper.byteLength ?? paper.declaredBytes,
		width: paper.width,
		height: paper.height,
		url,
		urlExpiresAt: new Date(expiresAtMs).toISOString(),
		checkedAt: checkedAtMs === null ? null : new Date(checkedAtMs).toISOString(),
	};
}
