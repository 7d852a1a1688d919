import { and, eq, gt, sql } from 'drizzle-orm';

import { staffAccesses } from '../../../schema/incidents';
import { renders } from '../../../schema/renders';
import type { Whence } from '../actor';
import { VIEW_MINUTES } from '../assets/read-asset';
import { isGateShut } from '../audit/audit-statement';
import { operatorGateStatement, OPERATOR } from '../audit/operator-entry';
import { inOneBatch } from '../credits/post-entry';
import { withD1Retry } from '../d1-retry';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import { isUnrestricted, refusalOfRestriction } from '../restriction/require-unrestricted';
import { readRenderView, type RenderView } from '../renders/read-render';

export interface StaffLook {
	accessId: string;
	expiresAt: string;
	/** How often it was looked, this time included. */
	looks: number;
	render: Pick<
		RenderView['render'],
		'id' | 'tool' | 'state' | 'stages' | 'input' | 'error' | 'createdAt' | 'finishedAt'
	>;
	media: { kind: string; url: string }[];
}

type LookDeps = Pick<Deps, 'db' | 'now' | 'newId' | 'studio' | 'mediaOrigin' | 'urlSigningKey' | 'vault'>;

/**
 * What an access shows while it lasts: the order's words and settings, how its stages went, and addresses of its media that end with
 * it or after five minutes. No name and no reference. Each look is counted and stands in the owner's record (DD-16); nothing is
 * found once it is over, and what is restricted by now is refused (Art. 18).
 */
export async function lookAtRender(
	deps: LookDeps,
	{ whence, accessId }: { whence: Whence; accessId: string },
): Promise<StaffLook> {
	const access = await countLook(deps, whence, accessId);
	const { accountId, renderId, expiresAtMs } = access;
	// Views are signed for minutes from now on: an earlier now ends them with the access.
	const lastMs = expiresAtMs - VIEW_MINUTES * 60_000;
	const now = () => new Date(Math.min(deps.now().getTime(), lastMs));
	const actor = { userId: OPERATOR.id, accountId, via: { kind: 'key', keyId: accessId } } as const;
	const view = await readRenderView({ ...deps, now }, { actor, renderId });
	const { id, tool, state, stages, input, error, createdAt, finishedAt } = view.render;
	const source = view.source?.url ?? null;
	return {
		accessId,
		expiresAt: new Date(expiresAtMs).toISOString(),
		looks: access.looks,
		render: { id, tool, state, stages, input, ...(error === undefined ? {} : { error }), createdAt, finishedAt },
		media: [
			...(source === null ? [] : [{ kind: 'source', url: source }]),
			...view.assets.map(({ kind, url }) => ({ kind, url })),
		],
	};
}

async function countLook(deps: LookDeps, whence: Whence, accessId: string): Promise<typeof staffAccesses.$inferSelect> {
	const { db } = deps;
	const runs = and(eq(staffAccesses.id, accessId), gt(staffAccesses.expiresAtMs, deps.now().getTime()));
	const [row] = await withD1Retry(() =>
		db
			.select({ found: staffAccesses, subjectId: renders.subjectId })
			.from(staffAccesses)
			.innerJoin(renders, eq(renders.id, staffAccesses.renderId))
			.where(runs),
	);
	if (row === undefined) throw notFound('access');
	const { found, subjectId } = row;
	const { accountId, renderId } = found;
	const worked = { accountId, subjectId };
	const mayLook = sql`exists (select 1 from ${staffAccesses} where ${runs}) and ${isUnrestricted(worked)}`;
	const entry = { accountId, action: 'content.looked_at', targetId: renderId, facts: { access: accessId } } as const;
	const rows = inOneBatch([
		operatorGateStatement(deps, { whence, ...entry }, mayLook),
		db
			.update(staffAccesses)
			.set({ looks: sql`${staffAccesses.looks} + 1` })
			.where(runs),
	]);
	try {
		await db.batch(rows);
	} catch (cause) {
		if (isGateShut(cause)) throw (await refusalOfRestriction(deps, worked)) ?? notFound('access');
		throw cause;
	}
	return { ...found, looks: found.looks + 1 };
}
