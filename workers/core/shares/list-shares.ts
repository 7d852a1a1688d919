import { and, desc, eq } from 'drizzle-orm';

import { shares } from '../../../schema/shares';
import { assets } from '../../../schema/renders';
import type { AssetKind } from '../../../studios/studio';
import type { Actor } from '../actor';
import type { Deps } from '../deps';
import { findShares, judgeShare, type FoundShare } from './find-shares';
import type { ShareState } from './share-state';

export interface Share {
	id: string;
	assetId: string;
	renderId: string;
	kind: AssetKind;
	shows: 'asset' | 'smile';
	/** At this moment, as the publish gate says. */
	state: ShareState;
	/** Why, for the practice, where it is not open because of a rule; null otherwise. */
	rule: string | null;
	hasPasscode: boolean;
	/** How often it was opened by others than the account's own people. */
	views: number;
	createdAt: string;
	expiresAt: string;
	revokedAt: string | null;
}

export const SHARES_LISTED_MAX = 100;

/** The account's links, or those to what one order made, newest first. One D1 statement. */
export async function listShares(
	deps: Pick<Deps, 'db' | 'now' | 'studio' | 'vault'>,
	input: { actor: Actor; renderId?: string | undefined },
): Promise<Share[]> {
	const { actor, renderId } = input;
	const ofRender = renderId === undefined ? undefined : eq(assets.renderId, renderId);
	const found = await findShares(deps, and(eq(shares.accountId, actor.accountId), ofRender))
		.orderBy(desc(shares.createdAtMs), desc(shares.id))
		.limit(SHARES_LISTED_MAX);
	return Promise.all(found.map((each) => toShare(deps, each)));
}

async function toShare(deps: Pick<Deps, 'now' | 'studio' | 'vault'>, found: FoundShare): Promise<Share> {
	const { share, asset } = found;
	const { state, rule } = await judgeShare(deps, found);
	const isByRule = state === 'consent_ended' || state === 'not_allowed' || state === 'paused';
	return {
		id: share.id,
		assetId: share.assetId,
		renderId: asset.renderId,
		kind: asset.kind,
		shows: share.shows,
		state,
		rule: isByRule ? rule : null,
		hasPasscode: share.passcodeHash !== null,
		views: share.views,
		createdAt: new Date(share.createdAtMs).toISOString(),
		expiresAt: new Date(share.expiresAtMs).toISOString(),
		revokedAt: share.revokedAtMs === null ? null : new Date(share.revokedAtMs).toISOString(),
	};
}
