import { and, eq, inArray } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { assets } from '../../../schema/renders';
import { judgedClass, type JudgedClass } from '../../../studios/publish-rules';
import { sourceTypeOf, sourceTypeUri } from '../../../studios/source-types';
import { toolOf, type AssetKind, type Processor } from '../../../studios/studio';
import type { Actor } from '../actor';
import { judgePlace } from '../assets/publish-gate';
import { findAsset, gateFacts, procedureOf } from '../assets/read-asset';
import type { Deps } from '../deps';
import { AppError, notFound } from '../errors';
import { restricted } from '../restriction/require-unrestricted';

/** What can be said of an exported file, of nobody in it. */
export interface FileFacts {
	kind: AssetKind;
	class: JudgedClass;
	/** What has to be readable inside the picture; null: nothing. */
	label: string | null;
	/** IPTC's address of how it came to be. */
	digitalSourceType: string;
	/** Who computed it, by stage; nobody where it is photos alone. */
	tools: { processor: string; model: string }[];
	/** The practice's or workspace's name; null where an account is a person. */
	madeBy: string | null;
	studio: string;
}

export interface StatedFile {
	facts: FileFacts;
	subjectId: string | null;
}

const PROCESSOR_NAMES: Readonly<Record<Processor, string>> = { fal: 'fal.ai', openai: 'OpenAI' };

/** What a device makes of the picture after. */
const DERIVED: ReadonlySet<AssetKind> = new Set(['reel', 'still', 'pair']);

/**
 * What a file of this kind, made of one's own order, has to say. A reel, poster or pair counts as what it was saved as, and else as the
 * picture after that it shows. Refuses (`publish_refused`) what may not be downloaded, and who is restricted; what was deleted is
 * not found.
 */
export async function readFileFacts(
	deps: Pick<Deps, 'db' | 'now' | 'studio' | 'vault'>,
	input: { actor: Actor; renderId: string; kind: AssetKind },
): Promise<StatedFile> {
	const { actor, kind } = input;
	const found = await findAsset(deps, { actor, assetId: await basisOf(deps, input) });
	const { asset, render, basis } = found;
	const procedure = await procedureOf(deps, found);
	const verdict = judgePlace('patient_copy', gateFacts(deps, asset, { ...basis, procedure }));
	if (!verdict.isAllowed) {
		if (verdict.ruleId === 'restricted') throw restricted();
		throw new AppError('publish_refused', `${verdict.rule} Nothing was signed for a copy of it.`, {
			details: { rule: verdict.ruleId, source: verdict.source },
		});
	}
	const judged = judgedClass(asset.assetClass, asset.madeOf);
	const facts: FileFacts = {
		kind,
		class: judged,
		label: verdict.label,
		digitalSourceType: sourceTypeUri(sourceTypeOf(kind, asset.assetClass, asset.madeOf)),
		tools:
			judged === 'simulation' || judged === 'generated'
				? toolsOf(deps, render.tool, { kind, stageId: asset.stage })
				: [],
		madeBy: deps.studio.tenancy.kind === 'personal' ? null : await nameOf(deps, actor.accountId),
		studio: deps.studio.name,
	};
	return { facts, subjectId: render.subjectId };
}

async function basisOf(
	{ db }: Pick<Deps, 'db'>,
	{ actor, renderId, kind }: { actor: Actor; renderId: string; kind: AssetKind },
): Promise<string> {
	// A pair of two photos has no picture after: what was kept of it speaks for the rest.
	const kinds: AssetKind[] = DERIVED.has(kind) ? [kind, 'after', 'pair'] : [kind];
	const rows = await db
		.select({ id: assets.id, kind: assets.kind })
		.from(assets)
		.where(
			and(
				eq(assets.renderId, renderId),
				eq(assets.accountId, actor.accountId),
				eq(assets.state, 'ready'),
				inArray(assets.kind, kinds),
			),
		);
	const [basis] = rows.toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
	if (basis === undefined) throw notFound('asset');
	return basis.id;
}

/** The stages up to the one it came from; what a device made, it made of the picture after. */
function toolsOf(
	{ studio }: Pick<Deps, 'studio'>,
	toolId: string,
	{ kind, stageId }: { kind: AssetKind; stageId: string },
): FileFacts['tools'] {
	const stages = toolOf(studio, toolId)?.stages ?? [];
	const last = stages.findIndex(({ id, asset }) => (DERIVED.has(kind) ? asset === 'after' : id === stageId));
	return stages
		.slice(0, last + 1)
		.map(({ processor, endpoint }) => ({ processor: PROCESSOR_NAMES[processor], model: endpoint }));
}

async function nameOf({ db }: Pick<Deps, 'db'>, accountId: string): Promise<string | null> {
	const [row] = await db.select({ name: accounts.name }).from(accounts).where(eq(accounts.id, accountId));
	return row?.name ?? null;
}
