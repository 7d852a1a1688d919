import { POSTING_LIMITS, type PostingPlace } from '../../../studios/publish-rules';
import { judgePlace, type GateFacts, type Place } from '../assets/publish-gate';

export type PostingState = 'kept' | 'due' | 'overdue' | 'removed';

export interface PostingClock {
	state: PostingState;
	/** When the copy has to be gone; null: it may stay, or is gone. */
	dueAtMs: number | null;
	/** The rule that it may not stay by; null: it may, or is gone. */
	rule: string | null;
	source: string | null;
}

const HOUR_MS = 3_600_000;

/** What the gate is asked for each: what is neither is allowed when either is. */
const PLACES_OF: Readonly<Record<PostingPlace, readonly Place[]>> = {
	website: ['website'],
	google: ['website'],
	instagram: ['social_media'],
	facebook: ['social_media'],
	tiktok: ['social_media'],
	youtube: ['social_media'],
	print: ['website', 'social_media'],
	other: ['website', 'social_media'],
};

/**
 * Whether a copy that was posted may stay, by the same gate that let it leave; else since when not, and until when it has to be gone
 * (N2). A restriction of processing says nothing about what lies elsewhere. Pure, so no write can be lost.
 */
export function postingClock(
	posting: { place: PostingPlace; createdAtMs: number; removedAtMs: number | null },
	facts: GateFacts,
): PostingClock {
	if (posting.removedAtMs !== null) return { state: 'removed', dueAtMs: null, rule: null, source: null };
	const verdicts = PLACES_OF[posting.place].map((place) => judgePlace(place, { ...facts, isRestricted: false }));
	const [refused] = verdicts;
	if (refused === undefined || verdicts.some(({ isAllowed }) => isAllowed)) {
		return { state: 'kept', dueAtMs: null, rule: null, source: null };
	}
	const sinceMs = Math.max(posting.createdAtMs, endedAtMs(facts) ?? 0);
	const dueAtMs = sinceMs + POSTING_LIMITS.removalHours * HOUR_MS;
	const state = facts.nowMs < dueAtMs ? 'due' : 'overdue';
	return { state, dueAtMs, rule: refused.rule, source: refused.source };
}

/** When the consent stopped covering it: revoked, past its end, or narrowed; null: it did not, and something else forbids it. */
function endedAtMs({ consent, nowMs }: GateFacts): number | null {
	if (consent === null) return null;
	const { revokedAtMs, expiresAtMs, narrowedAtMs, channels } = consent;
	const ends = [
		revokedAtMs,
		expiresAtMs !== null && expiresAtMs <= nowMs ? expiresAtMs : null,
		channels.includes('publish') ? null : narrowedAtMs,
	].filter((atMs) => atMs !== null);
	return ends.length === 0 ? null : Math.min(...ends);
}
