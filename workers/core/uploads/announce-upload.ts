import { sql } from 'drizzle-orm';

import { uploads } from '../../../schema/uploads';
import { retentionMs } from '../../../studios/policy/policy';
import type { Permission } from '../../../studios/roles';
import { accountIdUnder, isOverCap } from '../accounts/open-cap';
import { refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import type { AccessDeps, Deps } from '../deps';
import { AppError } from '../errors';
import { hasAccepted, refusalOfPolicy } from '../policy/accept-policy';
import { limitStatements, type Limit } from '../limits/limit-statements';
import { refusalOfLimit } from '../limits/require-within-limits';
import { newObjectKey, type ObjectPrefix } from '../media/object-keys';
import { signPut } from '../media/sign-url';
import { PUT_MINUTES } from '../media/upload-window';

const MINUTE_MS = 60_000;

/** Addresses of an account that may wait for their photo at once: each may bring 25 MB that nobody ever uses. */
export const OPEN_UPLOADS_MAX = 20;

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

type Kind = (typeof uploads.$inferSelect)['kind'];

/** Where each kind lies, and what one has to be allowed to send it. */
const KINDS: Readonly<Record<Kind, { prefix: ObjectPrefix; permission: Permission }>> = {
	source: { prefix: 'src', permission: 'uploads:write' },
	logo: { prefix: 'logo', permission: 'account:write' },
	paper: { prefix: 'pap', permission: 'consents:write' },
};

/** A file whose type, length and consent were checked. */
export interface Announcement {
	actor: Actor;
	network: string | null;
	kind: Kind;
	contentType: string;
	byteLength: number;
	/** Pixels; the media host refuses what is wider or higher. Undefined: its own limit. */
	sideMax: number | undefined;
	basis: { subjectId: string; consentId: string; reference: string } | null;
	/** Left out: as long from now as the policy keeps what is not used. */
	deleteAtMs?: number;
}

/**
 * Stores that one file may come, and signs the address that takes it. Refused, with nothing stored: beside 20 that have not
 * come yet, beyond the studio's rate, and when the actor may not any more or has not accepted the policy that holds.
 */
export async function announceUpload(
	deps: Pick<AccessDeps, 'db' | 'now' | 'newId' | 'studio' | 'mediaOrigin' | 'urlSigningKey' | 'lookupKey'>,
	announcement: Announcement,
): Promise<UploadTicket> {
	const { actor, network, kind, contentType, byteLength, basis } = announcement;
	const { prefix, permission } = KINDS[kind];
	const nowMs = deps.now().getTime();
	const row = {
		id: deps.newId('upload'),
		accountId: actor.accountId,
		subjectId: basis?.subjectId ?? null,
		consentId: basis?.consentId ?? null,
		kind,
		state: 'awaiting' as const,
		objectKey: newObjectKey(prefix, actor.accountId),
		contentType,
		declaredBytes: byteLength,
		createdAtMs: nowMs,
		putExpiresAtMs: nowMs + PUT_MINUTES * MINUTE_MS,
		deleteAtMs: announcement.deleteAtMs ?? nowMs + retentionMs(deps.studio.policy, 'source'),
		deleteClock: 'creation' as const,
		receiptId: deps.newId('receipt'),
	};
	const limits: Limit[] = [
		{ what: 'upload', by: 'account', value: actor.accountId },
		{ what: 'upload', by: 'network', value: network },
	];
	try {
		await deps.db.batch([
			deps.db.insert(uploads).values({ ...row, accountId: accountWithRoom(deps, actor, permission) }),
			...limitStatements(deps, limits),
		]);
	} catch (cause) {
		if (!isOverCap(cause, 'uploads')) throw (await refusalOfLimit(deps, cause, limits)) ?? cause;
		const refusal = await refusalOfStanding(deps, actor, permission);
		throw refusal ?? (await refusalOfPolicy(deps, actor)) ?? tooMany(cause);
	}
	return toTicket(row, basis?.reference ?? null, await signAddress(deps, row, announcement));
}

/** The account's id, unless as many of its uploads as may be wait for their photo, or the actor may send none any more or has not accepted the policy. */
function accountWithRoom(deps: Pick<Deps, 'db' | 'now' | 'studio'>, actor: Actor, permission: Permission) {
	// By state first: few wait at a time, while an account's own photos are a row each for ever.
	const open = sql`(select count(*) from ${uploads} o where o.state = 'awaiting' and +o.account_id = ${actor.accountId})`;
	return accountIdUnder(OPEN_UPLOADS_MAX, deps, { actor, permission, open, and: hasAccepted(deps, actor.userId) });
}

function tooMany(cause: unknown): AppError {
	return new AppError(
		'too_many_requests',
		`${OPEN_UPLOADS_MAX} photos are announced and have not come yet. Send them, or wait until their addresses end.`,
		{ cause, details: { openMax: OPEN_UPLOADS_MAX } },
	);
}

interface Announced {
	id: string;
	subjectId: string | null;
	consentId: string | null;
	objectKey: string;
	contentType: string;
	putExpiresAtMs: number;
	deleteAtMs: number;
	receiptId: string;
}

function signAddress(
	deps: Pick<Deps, 'mediaOrigin' | 'urlSigningKey'>,
	{ objectKey, contentType, putExpiresAtMs }: Announced,
	{ byteLength, sideMax }: Announcement,
): Promise<string> {
	return signPut(deps.urlSigningKey, {
		origin: deps.mediaOrigin,
		objectKey,
		contentType,
		byteLength,
		...(sideMax === undefined ? {} : { sideMax }),
		expiresAtMs: putExpiresAtMs,
	});
}

function toTicket(row: Announced, subjectReference: string | null, url: string): UploadTicket {
	const { id, subjectId, consentId, contentType, receiptId } = row;
	return {
		id,
		state: 'awaiting',
		subjectId,
		subjectReference,
		consentId,
		contentType,
		byteLength: null,
		width: null,
		height: null,
		deleteAt: new Date(row.deleteAtMs).toISOString(),
		deletedAt: null,
		receiptId,
		url: null,
		put: { url, headers: { 'content-type': contentType }, expiresAt: new Date(row.putExpiresAtMs).toISOString() },
	};
}
