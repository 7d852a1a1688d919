import { and, eq, sql } from 'drizzle-orm';

import { consents, subjects } from '../../../schema/consents';
import { uploads } from '../../../schema/uploads';
import type { Studio } from '../../../studios/studio';
import { accountIdUnder, isOverCap } from '../accounts/open-cap';
import { refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import { requireValidConsent } from '../consents/require-consent';
import type { AccessDeps, Deps } from '../deps';
import { AppError } from '../errors';
import { limitStatements, type Limit } from '../limits/limit-statements';
import { refusalOfLimit } from '../limits/require-within-limits';
import { newObjectKey } from '../media/object-keys';
import { signPut } from '../media/sign-url';
import { PUT_MINUTES } from '../media/upload-window';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Addresses of an account that may wait for their photo at once: each may bring 25 MB that nobody ever uses. */
export const OPEN_UPLOADS_MAX = 20;

export const UPLOAD_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;
export type UploadType = (typeof UPLOAD_TYPES)[number];

export interface UploadTicket {
	id: string;
	state: 'awaiting';
	subjectId: string | null;
	subjectReference: string | null;
	consentId: string | null;
	contentType: string;
	byteLength: null;
	width: null;
	height: null;
	deleteAt: string;
	deletedAt: null;
	receiptId: string;
	url: null;
	put: { url: string; headers: Record<string, string>; expiresAt: string };
}

/**
 * A signed PUT for one photo: one key, one type, one exact length, ten minutes (DS-37). Where the studio's tools need
 * consent, none is given without a complete, running, unrevoked one of the same subject (DD-28), none beside 20 that wait for their
 * photo, and none beyond the studio's rate; nothing is stored then.
 */
export async function createUpload(
	deps: Pick<AccessDeps, 'db' | 'now' | 'newId' | 'studio' | 'mediaOrigin' | 'urlSigningKey' | 'lookupKey'>,
	input: {
		actor: Actor;
		network: string | null;
		contentType: string;
		byteLength: number;
		subjectId: string | undefined;
		consentId: string | undefined;
	},
): Promise<UploadTicket> {
	const contentType = requireUploadType(input.contentType);
	requireUploadLength(input.byteLength, deps.studio);
	const nowMs = deps.now().getTime();
	const basis = await readBasis(deps, input, nowMs);

	const row = {
		id: deps.newId('upload'),
		accountId: input.actor.accountId,
		subjectId: basis?.subjectId ?? null,
		consentId: basis?.consentId ?? null,
		kind: 'source' as const,
		state: 'awaiting' as const,
		objectKey: newObjectKey('src', input.actor.accountId),
		contentType,
		declaredBytes: input.byteLength,
		createdAtMs: nowMs,
		putExpiresAtMs: nowMs + PUT_MINUTES * MINUTE_MS,
		deleteAtMs: nowMs + deps.studio.retention.sourceHours * HOUR_MS,
		deleteClock: 'creation' as const,
		receiptId: deps.newId('receipt'),
	};
	const limits: Limit[] = [
		{ what: 'upload', by: 'account', value: input.actor.accountId },
		{ what: 'upload', by: 'network', value: input.network },
	];
	try {
		await deps.db.batch([
			deps.db.insert(uploads).values({ ...row, accountId: accountWithRoom(deps, input.actor) }),
			...limitStatements(deps, limits),
		]);
	} catch (cause) {
		if (!isOverCap(cause, 'uploads')) throw (await refusalOfLimit(deps, cause, limits)) ?? cause;
		throw (await refusalOfStanding(deps, input.actor, 'uploads:write')) ?? tooMany(cause);
	}

	const url = await signPut(deps.urlSigningKey, {
		origin: deps.mediaOrigin,
		objectKey: row.objectKey,
		contentType,
		byteLength: input.byteLength,
		expiresAtMs: row.putExpiresAtMs,
	});
	return {
		id: row.id,
		state: row.state,
		subjectId: row.subjectId,
		subjectReference: basis?.reference ?? null,
		consentId: row.consentId,
		contentType,
		byteLength: null,
		width: null,
		height: null,
		deleteAt: new Date(row.deleteAtMs).toISOString(),
		deletedAt: null,
		receiptId: row.receiptId,
		url: null,
		put: { url, headers: { 'content-type': contentType }, expiresAt: new Date(row.putExpiresAtMs).toISOString() },
	};
}

/** The account's id, unless as many of its uploads as may be wait for their photo, or the actor may send none any more. */
function accountWithRoom(deps: Pick<Deps, 'db' | 'now'>, actor: Actor) {
	// By state first: few wait at a time, while an account's own photos are a row each for ever.
	const open = sql`(select count(*) from ${uploads} o where o.state = 'awaiting' and +o.account_id = ${actor.accountId})`;
	return accountIdUnder(OPEN_UPLOADS_MAX, deps, { actor, permission: 'uploads:write', open });
}

function tooMany(cause: unknown): AppError {
	return new AppError(
		'too_many_requests',
		`${OPEN_UPLOADS_MAX} photos are announced and have not come yet. Send them, or wait until their addresses end.`,
		{ cause, details: { openMax: OPEN_UPLOADS_MAX } },
	);
}

function requireUploadType(contentType: string): UploadType {
	const type = UPLOAD_TYPES.find((candidate) => candidate === contentType.toLowerCase());
	if (type !== undefined) return type;
	if (/^image\/hei[cf]/i.test(contentType)) {
		throw new AppError(
			'unsupported_media_type',
			'This file is HEIC. Choose it in the web app, which turns it into JPEG on your device, or export it as JPEG.',
		);
	}
	throw new AppError('unsupported_media_type', 'This file is not a photo we can take. Choose JPEG, PNG or WebP.');
}

function requireUploadLength(byteLength: number, studio: Studio): void {
	const max = studio.limits.uploadBytesMax;
	if (byteLength <= max) return;
	throw new AppError(
		'payload_too_large',
		`This photo has ${megabytes(byteLength)} MB, and ${megabytes(max)} MB is the most. Save it smaller and choose it again.`,
	);
}

function megabytes(bytes: number): number {
	return Math.ceil(bytes / 1024 / 1024);
}

async function readBasis(
	{ db, studio }: Pick<Deps, 'db' | 'studio'>,
	input: { actor: Actor; subjectId: string | undefined; consentId: string | undefined },
	nowMs: number,
): Promise<{ subjectId: string; consentId: string; reference: string } | null> {
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
	return row ?? null;
}
