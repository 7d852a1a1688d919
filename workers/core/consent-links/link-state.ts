import type { consentLinks, consents } from '../../../schema/consents';
import type { ConsentState } from '../consents/consent-elements';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export const LINK_LIMITS = {
	/** To sign: a weekend at home. */
	hoursToSign: 72,
	/** Open links to one consent at the same time: the patient's, one that was lost, and one of a parent's. */
	openMax: 3,
	/** After the consent's end, or its revocation: as long as copies are taken down, and questions asked. */
	daysAfter: 90,
	/** The row of a link that is over, so that whoever opens it is told so; afterwards it was never there. */
	keptDays: 30,
} as const;

export type LinkState = 'waiting' | 'opened' | 'signed' | 'ended' | 'over';

type LinkTimes = Pick<typeof consentLinks.$inferSelect, 'endedAtMs' | 'expiresAtMs' | 'openedAtMs'>;

/** What the practice is shown of a link at `nowMs`. Pure. */
export function linkStateAt(link: LinkTimes, consent: { state: ConsentState }, nowMs: number): LinkState {
	if (link.endedAtMs !== null) return 'ended';
	if (link.expiresAtMs <= nowMs) return 'over';
	if (consent.state !== 'draft') return 'signed';
	return link.openedAtMs === null ? 'waiting' : 'opened';
}

/** Until when a link that is made at `nowMs` lives: short to sign, long once there is something to look after. Pure. */
export function newLinkEndMs(
	consent: Pick<typeof consents.$inferSelect, 'state' | 'expiresAtMs'>,
	nowMs: number,
): number {
	if (consent.state === 'draft') return nowMs + LINK_LIMITS.hoursToSign * HOUR_MS;
	const endMs = consent.state === 'revoked' ? nowMs : Math.max(consent.expiresAtMs ?? nowMs, nowMs);
	return endMs + LINK_LIMITS.daysAfter * DAY_MS;
}
