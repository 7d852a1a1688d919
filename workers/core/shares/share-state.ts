import type { Verdict } from '../assets/publish-gate';

/** Why a link shows nothing any more, or, for `paused`, not now. */
export type ShareEnd = 'revoked' | 'ended' | 'deleted' | 'consent_ended' | 'not_allowed' | 'paused';
export type ShareState = 'open' | ShareEnd;

/** What a link's own rows and the gate say of it at `nowMs`. Pure. */
export function shareStateAt(
	share: { revokedAtMs: number | null; expiresAtMs: number; assetState: string },
	verdict: Pick<Verdict, 'isAllowed' | 'ruleId'>,
	nowMs: number,
): ShareState {
	// A revocation ends links itself, which is not the practice's doing.
	if (share.revokedAtMs !== null) return verdict.ruleId === 'consent-revoked' ? 'consent_ended' : 'revoked';
	if (share.expiresAtMs <= nowMs) return 'ended';
	if (share.assetState !== 'ready') return 'deleted';
	if (verdict.isAllowed) return 'open';
	if (verdict.ruleId === 'restricted') return 'paused';
	return verdict.ruleId.startsWith('consent-') ? 'consent_ended' : 'not_allowed';
}
