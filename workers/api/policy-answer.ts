import type { z } from '@hono/zod-openapi';

import { DATA_CLASSES, type PolicyVersion } from '../../studios/policy/policy';
import type { Studio } from '../../studios/studio';
import type { ClaimResults } from '../core/policy/claim-results';
import type { ShownClaim, ShownPolicy } from '../core/policy/read-policy';
import type { RegisteredVersion } from '../core/policy/read-registry';
import type { ClaimAnswer, PolicyAnswer } from './contract/policy';

type PolicyBody = z.infer<typeof PolicyAnswer>;

function toIso(ms: number | null): string | null {
	return ms === null ? null : new Date(ms).toISOString();
}

export function toVersion(of: PolicyVersion, row: RegisteredVersion | undefined): PolicyBody['version'] {
	const { version, announced, effective, isMaterial, changes, review } = of;
	const effectiveAt = toIso(row?.effectiveAtMs ?? null);
	return { version, announced, effective, effectiveAt, isMaterial, changes: [...changes], review };
}

function toSummary({ claim, state, why, atMs, evidence }: ShownClaim): PolicyBody['claims'][number] {
	const { id, topic, sentence, grade } = claim;
	const seen =
		evidence === undefined
			? null
			: {
					at: new Date(evidence.atMs).toISOString(),
					held: evidence.held,
					oldestAgeMs: evidence.oldestAgeMs,
					late: evidence.late,
				};
	return { id, topic, sentence, grade, state, why, at: toIso(atMs), evidence: seen };
}

export function toClaim(shown: ShownClaim, results: ClaimResults | null): z.infer<typeof ClaimAnswer> {
	const { enforcedBy, tests, attested } = shown.claim;
	const result = results?.claims[shown.claim.id];
	return {
		...toSummary(shown),
		enforcedBy: [...enforcedBy],
		tests: [...tests],
		ran: result?.ran ?? null,
		passed: result?.passed ?? null,
		attested: attested ?? null,
	};
}

export function toPolicy(
	{ slug }: Pick<Studio, 'slug'>,
	{ inForce, text, version, versions, claims }: ShownPolicy,
	results: ClaimResults | null,
): PolicyBody {
	const coming = versions.find((each) => each.version.version === inForce.announced?.version);
	const current = versions.find((each) => each.version.version === version.version);
	return {
		studio: slug,
		version: toVersion(version, current?.row),
		textHash: inForce.textHash,
		isTextChanged: inForce.changedTexts.length > 0,
		announced: coming === undefined ? null : toVersion(coming.version, coming.row),
		provedAt: results?.at ?? null,
		controller: text.controller,
		location: text.location,
		data: DATA_CLASSES.map((id) => ({ id, ...text.data[id], purposes: [...text.data[id].purposes] })),
		processors: text.processors.map((each) => ({ ...each, gets: [...each.gets], hosts: [...each.hosts] })),
		trackers: text.trackers.map(({ id, name, what, purpose, asks, cookies, tabKeys, ...hosts }) => ({
			id,
			name,
			what,
			purpose,
			asks,
			cookies: [...cookies],
			tabKeys: [...tabKeys],
			hosts: [...new Set([hosts.scriptHosts, hosts.connectHosts, hosts.imageHosts, hosts.serverHosts].flat())],
		})),
		rights: text.rights,
		noticeDays: text.changes.noticeDays,
		erasure: { deadlineHours: text.erasure.deadlineHours, residue: text.erasure.residue.map((each) => ({ ...each })) },
		children: text.children,
		staffAccess: text.staffAccess,
		history: text.history,
		claims: claims.map(toSummary),
	};
}
