import { asc, max } from 'drizzle-orm';

import { evidencePoints } from '../../../schema/evidence';
import { policyVersions } from '../../../schema/policy';
import { CLAIMS } from '../../../studios/policy/claims/all';
import { policyAt, type Claim, type PolicyVersion, type ProductPolicy } from '../../../studios/policy/policy';
import type { Deps } from '../deps';
import { notFound } from '../errors';
import type { ClaimResults } from './claim-results';
import { judgeClaim, type EvidencePoint, type JudgedClaim } from './claim-state';
import { inForceOf, type PolicyInForce, type RegisteredVersion } from './read-registry';

type PolicyDeps = Pick<Deps, 'db' | 'now' | 'studio'>;

export interface ShownClaim extends JudgedClaim {
	claim: Claim;
	evidence: EvidencePoint | undefined;
}

export interface ShownPolicy {
	inForce: PolicyInForce;
	/** What holds now, in whole. */
	text: ProductPolicy;
	version: PolicyVersion;
	/** Every version of the code with when it held, newest first. */
	versions: { version: PolicyVersion; row: RegisteredVersion | undefined }[];
	claims: ShownClaim[];
}

/**
 * The policy in force with the state of each of its claims, in one batch of two statements. A claim on versions is broken while the
 * text is another one than was registered under its name.
 */
export async function readPolicy(deps: PolicyDeps, results: ClaimResults | null): Promise<ShownPolicy> {
	const { db, studio, now } = deps;
	const [rows, points] = await db.batch([
		db.select().from(policyVersions).orderBy(asc(policyVersions.version)),
		// SQLite gives the other columns of the row that has the newest time.
		db
			.select({
				dataClass: evidencePoints.dataClass,
				atMs: max(evidencePoints.atMs),
				held: evidencePoints.held,
				oldestAgeMs: evidencePoints.oldestAgeMs,
				late: evidencePoints.late,
			})
			.from(evidencePoints)
			.groupBy(evidencePoints.dataClass),
	]);
	const inForce = await inForceOf(deps, rows);
	const text = policyAt(studio.policy, inForce.version);
	const known = new Map(rows.map((row) => [row.version, row]));
	const newest = new Map(points.map(({ dataClass, atMs, ...point }) => [dataClass, { ...point, atMs: atMs ?? 0 }]));
	const nowMs = now().getTime();
	const versions = studio.policy.versions.map((version) => ({ version, row: known.get(version.version) })).toReversed();
	const version = versions.find((each) => each.version.version === inForce.version)?.version;
	if (version === undefined) throw new Error('The version in force is not one of the code');
	const claims = CLAIMS[studio.slug].map((claim): ShownClaim => {
		const evidence = claim.evidence === undefined ? undefined : newest.get(claim.evidence);
		const judged = judgeClaim(claim, { results, evidence, nowMs });
		const isOnVersions = claim.enforcedBy.includes('workers/core/policy/policy-text.ts');
		return isOnVersions && inForce.changedTexts.length > 0
			? {
					claim,
					evidence,
					state: 'broken',
					atMs: nowMs,
					why: 'The text is another one than was registered under its name.',
				}
			: { claim, evidence, ...judged };
	});
	return { inForce, text, version, versions, claims };
}

/** One claim with all that proves it. Refused: an id of no claim of this studio. */
export async function readClaim(
	deps: PolicyDeps,
	results: ClaimResults | null,
	input: { id: string },
): Promise<ShownClaim> {
	// Before anything is read: most of what is tried here is no claim.
	if (!CLAIMS[deps.studio.slug].some(({ id }) => id === input.id)) throw notFound('claim');
	const { claims } = await readPolicy(deps, results);
	const found = claims.find(({ claim }) => claim.id === input.id);
	if (found === undefined) throw notFound('claim');
	return found;
}
