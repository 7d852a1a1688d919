import type { Claim } from '../../../studios/policy/policy';
import type { ClaimResults } from './claim-results';

/**
 * `waiting`: nothing shows it yet, and nothing shows the opposite. `stale`: somebody vouched for it once, and that has ended. `broken`:
 * a test failed, or what is there is not what was promised.
 */
export const CLAIM_STATES = ['broken', 'stale', 'waiting', 'attested', 'kept'] as const;
export type ClaimState = (typeof CLAIM_STATES)[number];

/** The newest look at one class of data. */
export interface EvidencePoint {
	atMs: number;
	held: number;
	oldestAgeMs: number | null;
	late: number;
}

export interface JudgedClaim {
	state: ClaimState;
	/** Since when that is known: the end of the tests, the look, or the day of the attestation. */
	atMs: number | null;
	/** Why, in a sentence for people. */
	why: string;
}

/** A look is taken every few minutes; without one for so long nobody knows. */
export const EVIDENCE_MS_MAX = 2 * 3_600_000;

const NOT_RUN = 'The proof has not been run on this build yet.';

/**
 * Whether a claim holds, from the tests of this very build, the newest evidence and the date of an attestation. Without passed
 * tests no claim that names tests is ever kept, whatever else speaks for it.
 */
export function judgeClaim(
	claim: Claim,
	basis: { results: ClaimResults | null; evidence: EvidencePoint | undefined; nowMs: number },
): JudgedClaim {
	const { results, nowMs } = basis;
	const result = results?.claims[claim.id];
	const testedAtMs = results === null ? null : Date.parse(results.at);
	if (result?.state === 'failed') {
		return {
			state: 'broken',
			atMs: testedAtMs,
			why: `${result.ran - result.passed} of ${result.ran} tests of it failed on this build.`,
		};
	}
	const isShown = claim.tests.length === 0 ? claim.grade === 'E5' : result?.state === 'passed';
	if (claim.grade === 'E5' && isShown) return judgeAttestation(claim, nowMs);
	if (!isShown || result === undefined) return { state: 'waiting', atMs: null, why: NOT_RUN };
	const proof = `${counted(result.ran, 'test')} of it passed on this build`;
	if (claim.evidence === undefined) return { state: 'kept', atMs: testedAtMs, why: `${proof}.` };
	return judgeEvidence(basis.evidence, proof, nowMs);
}

function judgeEvidence(point: EvidencePoint | undefined, proof: string, nowMs: number): JudgedClaim {
	if (point === undefined) {
		return { state: 'waiting', atMs: null, why: `${proof}; what is there has not been looked at yet.` };
	}
	const { atMs, late } = point;
	if (late > 0) {
		return { state: 'broken', atMs, why: `${late} should be gone and ${late === 1 ? 'is' : 'are'} still here.` };
	}
	if (nowMs - atMs > EVIDENCE_MS_MAX) {
		return { state: 'broken', atMs, why: 'Nobody has looked for more than two hours, so nobody knows.' };
	}
	return { state: 'kept', atMs, why: `Nothing late at the last look; ${proof}.` };
}

function judgeAttestation({ attested, tests }: Claim, nowMs: number): JudgedClaim {
	const note = tests.length === 0 ? 'No machine can prove a contract.' : 'What a machine can check of it is tested.';
	if (attested === undefined) return { state: 'waiting', atMs: null, why: `Nobody has vouched for it yet. ${note}` };
	const { by, on, until } = attested;
	const atMs = Date.parse(on);
	// Until the end of that day.
	if (nowMs >= Date.parse(until) + 86_400_000) {
		return { state: 'stale', atMs, why: `${by} vouched for it until ${until}. Nobody has since.` };
	}
	return { state: 'attested', atMs, why: `${by} vouches for it until ${until}. ${note}` };
}

function counted(count: number, one: string): string {
	return count === 1 ? `1 ${one}` : `${count} ${one}s`;
}
