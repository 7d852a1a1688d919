import { and, asc, eq, isNull, ne, sql } from 'drizzle-orm';

import { memberships } from '../../../schema/memberships';
import { assets } from '../../../schema/renders';
import { shares } from '../../../schema/shares';
import type { AssetKind } from '../../../studios/studio';
import { verifyPassword } from '../accounts/password';
import type { PasswordDeps } from '../accounts/password-rule';
import { judgePlace } from '../assets/publish-gate';
import { type AssetRow, gateFacts, procedureOf } from '../assets/read-asset';
import type { AccessDeps } from '../deps';
import { AppError, notFound } from '../errors';
import { requireWithinLimits } from '../limits/require-within-limits';
import { signGet } from '../media/sign-url';
import { isServable } from '../uploads/upload-state';
import { findShares, judgeShare, type FoundShare } from './find-shares';
import type { ShareEnd } from './share-state';
import { shareTokenHash } from './share-token';

/** An address that somebody copies out of a page is worth nothing after so long, and so is one given out just before a link ended. */
export const SHARED_MEDIA_MINUTES = 2;

export interface SharedMedia {
	kind: AssetKind;
	url: string;
	width: number | null;
	height: number | null;
	/** Shown inside the picture. */
	label: string | null;
}

export type OpenedShare =
	| { state: 'passcode' }
	| {
			state: 'open';
			accountName: string;
			items: SharedMedia[];
			/** The photo of before, while it is here. */
			before: Omit<SharedMedia, 'kind' | 'label'> | null;
			expiresAt: string;
	  };

type OpenDeps = Pick<AccessDeps, 'db' | 'now' | 'studio' | 'vault' | 'lookupKey' | 'mediaOrigin' | 'urlSigningKey'> &
	Pick<PasswordDeps, 'authSecrets'>;

/**
 * What a link shows at this moment, to whoever holds it. The publish gate is asked each time, so what ended is over at once: `gone`, with
 * the reason in its details. An unknown token is not found. A passcode is asked for where there is one; a wrong one is
 * `not_allowed`, and tries are counted by link and by network. `viewerId`: who is signed in; the account's own people are not counted.
 */
export async function openShare(
	deps: OpenDeps,
	input: { token: string; passcode: string | null; network: string | null; viewerId: string | null },
): Promise<OpenedShare> {
	const tokenHash = await shareTokenHash(deps, input.token);
	const [found] = tokenHash === null ? [] : await findShares(deps, eq(shares.tokenHash, tokenHash));
	if (found === undefined) throw notFound('link');
	const { state, label } = await judgeShare(deps, found);
	if (state !== 'open') throw new AppError('gone', OVER[state], { details: { reason: state } });
	const { passcodeHash } = found.share;
	if (passcodeHash !== null) {
		if (input.passcode === null) return { state: 'passcode' };
		await requirePasscode(deps, { ...input, passcode: input.passcode, passcodeHash, shareId: found.share.id });
	}
	await countView(deps, found, input.viewerId);
	return {
		state: 'open',
		accountName: found.accountName,
		items: await Promise.all([
			toMedia(deps, found.asset, label),
			...(found.share.shows === 'smile' ? await othersOf(deps, found) : []),
		]),
		before: await photoOf(deps, found),
		expiresAt: new Date(found.share.expiresAtMs).toISOString(),
	};
}

const OVER: Readonly<Record<ShareEnd, string>> = {
	revoked: 'The practice has ended this link. Ask it for another.',
	ended: 'This link has ended. Ask the practice for another.',
	deleted: 'What this link showed is deleted.',
	consent_ended: 'The patient’s consent does not cover this any more, so it is not shown.',
	not_allowed: 'This may not be shown by link any more.',
	paused: 'This is not shown at the moment. Ask the practice.',
};

async function requirePasscode(
	deps: OpenDeps,
	input: { passcode: string; passcodeHash: string; shareId: string; network: string | null },
): Promise<void> {
	await requireWithinLimits(deps, [
		{ what: 'passcode', by: 'share', value: input.shareId },
		{ what: 'passcode', by: 'network', value: input.network },
	]);
	if (await verifyPassword(deps.authSecrets.passwordPepper, input.passcode, input.passcodeHash)) return;
	throw new AppError('not_allowed', 'This passcode does not open the link. Type it as the practice gave it to you.', {
		details: { reason: 'wrong_passcode' },
	});
}

/** One more, unless it is somebody of the account; nothing is kept of who it was. */
async function countView({ db }: OpenDeps, { share }: FoundShare, viewerId: string | null): Promise<void> {
	const isOwn = db
		.select({ one: sql`1` })
		.from(memberships)
		.where(and(eq(memberships.accountId, share.accountId), eq(memberships.userId, viewerId ?? '')));
	await db
		.update(shares)
		.set({ views: sql`${shares.views} + 1` })
		.where(and(eq(shares.id, share.id), sql`not exists ${isOwn}`));
}

/** What else the order's own stages made, each as far as the gate lets it: what somebody kept later was never meant by the link. */
async function othersOf(deps: OpenDeps, found: FoundShare): Promise<Promise<SharedMedia>[]> {
	const { asset } = found;
	const rows = await deps.db
		.select()
		.from(assets)
		.where(
			and(
				eq(assets.renderId, asset.renderId),
				eq(assets.state, 'ready'),
				isNull(assets.putExpiresAtMs),
				ne(assets.id, asset.id),
			),
		)
		.orderBy(asc(assets.createdAtMs));
	const judged = await Promise.all(
		rows.map(async (row) => {
			const procedure = await procedureOf(deps, { asset: row, render: found.render });
			return { row, verdict: judgePlace('share_link', gateFacts(deps, row, { ...found, procedure })) };
		}),
	);
	return judged.flatMap(({ row, verdict }) => (verdict.isAllowed ? [toMedia(deps, row, verdict.label)] : []));
}

async function toMedia(deps: OpenDeps, row: AssetRow, label: string | null): Promise<SharedMedia> {
	const { kind, width, height } = row;
	return { kind, width, height, label, url: await signShared(deps, row, Number.POSITIVE_INFINITY) };
}

/** The photo beside its after picture, where that is shown; it has a verdict and an end of its own. */
async function photoOf(deps: OpenDeps, found: FoundShare): Promise<Omit<SharedMedia, 'kind' | 'label'> | null> {
	const { asset, photo, share } = found;
	if (photo === null || !isServable(photo, deps.now().getTime())) return null;
	if (asset.kind !== 'after' && share.shows !== 'smile') return null;
	const facts = gateFacts(deps, { assetClass: 'source', madeOf: null }, { ...found, procedure: null });
	if (!judgePlace('share_link', facts).isAllowed) return null;
	return { url: await signShared(deps, photo, photo.deleteAtMs), width: photo.width, height: photo.height };
}

function signShared(
	{ now, mediaOrigin, urlSigningKey }: OpenDeps,
	{ objectKey, contentType }: { objectKey: string; contentType: string },
	untilMs: number,
): Promise<string> {
	const expiresAtMs = Math.min(now().getTime() + SHARED_MEDIA_MINUTES * 60_000, untilMs);
	return signGet(urlSigningKey, { origin: mediaOrigin, objectKey, contentType, purpose: 'view', expiresAtMs });
}
