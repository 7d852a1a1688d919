import { and, eq, gt, isNotNull, sql } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { assets, renders } from '../../../schema/renders';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import { type Asset, readAsset } from '../assets/read-asset';
import type { Deps, StoredObjects } from '../deps';
import { AppError, notFound } from '../errors';
import { BODY_GRACE_MS } from '../media/upload-window';
import { isUnrestricted, refusalOfRestriction } from '../restriction/require-unrestricted';
import { consentHolds, requireConsentToKeep } from './consent-to-keep';

type CompleteDeps = Pick<Deps, 'db' | 'now' | 'studio' | 'mediaOrigin' | 'urlSigningKey' | 'vault'>;

/**
 * Makes a composition `ready` once the media Worker holds a file that it has proved. Repeating it answers the same; one that
 * never arrived is `upload_incomplete`, one whose time is over is `gone`, and a consent that ended meanwhile refuses.
 */
export async function completeComposition(
	deps: CompleteDeps & { objects: StoredObjects },
	input: { actor: Actor; compositionId: string },
): Promise<Asset> {
	const { actor, compositionId } = input;
	const found = await findComposition(deps, input);
	const { asset, subjectId, consentId } = found;
	const nowMs = deps.now().getTime();
	if (asset.state === 'ready') return readAsset(deps, { actor, assetId: compositionId });
	if (asset.state !== 'pending' || nowMs >= asset.putExpiresAtMs + BODY_GRACE_MS) throw over();
	if (consentId !== null) requireConsentToKeep(found.consent, nowMs);

	const facts = await deps.objects.head(asset.objectKey);
	if (facts === null) {
		throw new AppError(
			'upload_incomplete',
			'The file has not arrived yet. Send it to the address you were given first.',
		);
	}
	const { byteLength, width, height, durationMs = null } = facts;
	const worked = { accountId: actor.accountId, subjectId };
	const [ready] = await deps.db
		.update(assets)
		.set({ state: 'ready', byteLength, width, height, durationMs })
		.where(
			and(
				eq(assets.id, asset.id),
				eq(assets.state, 'pending'),
				gt(assets.putExpiresAtMs, nowMs - BODY_GRACE_MS),
				hasStanding(deps, actor, 'renders:write'),
				isUnrestricted(worked),
				consentId === null ? sql`true` : consentHolds({ accountId: actor.accountId, consentId, nowMs }),
			),
		)
		.returning({ id: assets.id });
	if (ready === undefined) {
		const refusal =
			(await refusalOfStanding(deps, actor, 'renders:write')) ?? (await refusalOfRestriction(deps, worked));
		if (refusal !== null) throw refusal;
		// Another call was quicker, or it ended meanwhile: what is left now is the answer.
		const now = await findComposition(deps, input);
		if (now.consentId !== null) requireConsentToKeep(now.consent, nowMs);
		if (now.asset.state !== 'ready') throw over();
	}
	return readAsset(deps, { actor, assetId: compositionId });
}

function over(): AppError {
	return new AppError('gone', 'The time for this is over, and nothing of it is kept. Keep it again from the start.');
}

/** One's own composition with the consent it rests on; what a processor made is none. One D1 statement. */
async function findComposition(
	{ db }: Pick<Deps, 'db'>,
	{ actor, compositionId }: { actor: Actor; compositionId: string },
) {
	const [row] = await db
		.select({
			asset: {
				id: assets.id,
				state: assets.state,
				objectKey: assets.objectKey,
				putExpiresAtMs: sql<number>`${assets.putExpiresAtMs}`,
			},
			subjectId: renders.subjectId,
			consentId: renders.consentId,
			consent: { state: consents.state, expiresAtMs: consents.expiresAtMs },
		})
		.from(assets)
		.innerJoin(renders, eq(renders.id, assets.renderId))
		.leftJoin(consents, eq(consents.id, renders.consentId))
		.where(and(eq(assets.id, compositionId), eq(assets.accountId, actor.accountId), isNotNull(assets.putExpiresAtMs)));
	if (row === undefined) throw notFound('composition');
	return row;
}
