import { STUDIOS, isStudioSlug } from '../../studios/all';
import { CLAIMS } from '../../studios/policy/claims/all';
import { versionOn, type PolicyVersion } from '../../studios/policy/policy';
import type { ClaimResults } from '../../workers/core/policy/claim-results';
import { missingProof } from '../checks/claim-results';
import { DEPLOYABLES } from '../edge/workers';

/** Why a text may not be published as it is; null when somebody has read it, or its studio says that a draft will do. */
export function missingReview(slug: string, version: PolicyVersion, allowed: unknown): string | null {
	if (version.review.state === 'reviewed' || allowed === 'yes') return null;
	return `Policy ${version.version} of ${slug} is a draft. Have it read and write by whom into studios/policy/${slug}.ts, or set POLICY_DRAFT_ALLOWED = "yes" in ${DEPLOYABLES.api.config}.`;
}

/** Sentences on what would be promised and not kept, or not read by anybody; empty when the policy may be published. */
export function missingPolicy(
	vars: Readonly<Record<string, unknown>>,
	{ results, nowMs }: { results: ClaimResults | null; nowMs: number },
): string[] {
	const slug = typeof vars['STUDIO'] === 'string' ? vars['STUDIO'] : '';
	if (!isStudioSlug(slug)) return [`${DEPLOYABLES.api.config} has STUDIO = "${slug}", which is no studio.`];
	const version = versionOn(STUDIOS[slug].policy, nowMs);
	const unread = missingReview(slug, version, vars['POLICY_DRAFT_ALLOWED']);
	return [...(unread === null ? [] : [unread]), ...missingProof(CLAIMS[slug], results)];
}
