import { eq, type SQL } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { consents, subjects } from '../../../schema/consents';
import { assets, renders } from '../../../schema/renders';
import { shares } from '../../../schema/shares';
import { uploads } from '../../../schema/uploads';
import { judgePlace } from '../assets/publish-gate';
import { GATE_BASIS, gateFacts, procedureOf } from '../assets/read-asset';
import type { Deps } from '../deps';
import { shareStateAt, type ShareState } from './share-state';

export type FoundShare = Awaited<ReturnType<typeof findShares>>[number];

/** Links with everything that decides what they show at this moment. One D1 statement. */
export function findShares({ db }: Pick<Deps, 'db'>, where: SQL | undefined) {
	return db
		.select({
			share: shares,
			asset: assets,
			render: {
				tool: renders.tool,
				input: renders.input,
				accountId: renders.accountId,
				subjectId: renders.subjectId,
				consentId: renders.consentId,
			},
			accountName: accounts.name,
			photo: uploads,
			...GATE_BASIS,
		})
		.from(shares)
		.innerJoin(assets, eq(assets.id, shares.assetId))
		.innerJoin(renders, eq(renders.id, assets.renderId))
		.innerJoin(accounts, eq(accounts.id, shares.accountId))
		.leftJoin(subjects, eq(subjects.id, renders.subjectId))
		.leftJoin(consents, eq(consents.id, renders.consentId))
		.leftJoin(uploads, eq(uploads.id, renders.uploadId))
		.where(where);
}

/** What the publish gate, asked now, makes of a link. */
export async function judgeShare(
	deps: Pick<Deps, 'now' | 'studio' | 'vault'>,
	found: FoundShare,
): Promise<{ state: ShareState; rule: string; source: string; label: string | null }> {
	const { share, asset } = found;
	const procedure = await procedureOf(deps, found);
	const verdict = judgePlace('share_link', gateFacts(deps, asset, { ...found, procedure }));
	const state = shareStateAt({ ...share, assetState: asset.state }, verdict, deps.now().getTime());
	return { state, rule: verdict.rule, source: verdict.source, label: verdict.label };
}
