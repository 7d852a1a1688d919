import { asc } from 'drizzle-orm';

import { policyVersions } from '../../../schema/policy';
import { firstVersion } from '../../../studios/policy/policy';
import type { Deps } from '../deps';
import { textHashOf } from './policy-text';

export type RegisteredVersion = typeof policyVersions.$inferSelect;

export interface PolicyInForce {
	version: string;
	textHash: string;
	/** Null before the first sweep saw it: the first version holds from the first request on. */
	effectiveAtMs: number | null;
	/** The next one, of which people are being told; it holds from its day on, and not before its notice is over. */
	announced: { version: string; isMaterial: boolean; plannedAtMs: number } | null;
	/** Versions whose words in the code are not those that were announced under their name. */
	changedTexts: string[];
}

/** Which version of the policy holds now, and which is announced. One D1 statement. */
export async function policyInForce(deps: Pick<Deps, 'db' | 'now' | 'studio'>): Promise<PolicyInForce> {
	const rows = await deps.db.select().from(policyVersions).orderBy(asc(policyVersions.version));
	return inForceOf(deps, rows);
}

/** The same from rows that were read with something else. */
export async function inForceOf(
	{ now, studio }: Pick<Deps, 'now' | 'studio'>,
	rows: readonly RegisteredVersion[],
): Promise<PolicyInForce> {
	const nowMs = now().getTime();
	const current = rows.findLast(({ effectiveAtMs }) => effectiveAtMs !== null && effectiveAtMs <= nowMs);
	const first = firstVersion(studio.policy);
	const coming = rows.find(
		({ version, effectiveAtMs }) => effectiveAtMs === null && version > (current?.version ?? ''),
	);
	const hashes = new Map<string, string>();
	for (const version of studio.policy.versions) hashes.set(version.version, await textHashOf(studio, version));
	return {
		version: current?.version ?? first.version,
		textHash: current?.textHash ?? (await textHashOf(studio, first)),
		effectiveAtMs: current?.effectiveAtMs ?? null,
		announced:
			coming === undefined
				? null
				: { version: coming.version, isMaterial: coming.isMaterial, plannedAtMs: holdsFrom(coming) },
		changedTexts: rows
			.filter(({ version, textHash }) => hashes.has(version) && hashes.get(version) !== textHash)
			.map(({ version }) => version),
	};
}

/** The moment before which a version cannot hold. */
export function holdsFrom(row: Pick<RegisteredVersion, 'plannedAtMs' | 'notifiedAtMs' | 'noticeMs'>): number {
	return Math.max(row.plannedAtMs, row.notifiedAtMs === null ? 0 : row.notifiedAtMs + row.noticeMs);
}
