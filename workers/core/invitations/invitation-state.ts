import { and, gt, isNull, type SQL } from 'drizzle-orm';

import { invitations } from '../../../schema/memberships';

/** How long a mailed link works. */
export const INVITATION_DAYS = 7;

export type InvitationState = 'open' | 'accepted' | 'revoked' | 'expired';

export function invitationStateOf(
	row: Pick<typeof invitations.$inferSelect, 'acceptedAtMs' | 'revokedAtMs' | 'expiresAtMs'>,
	nowMs: number,
): InvitationState {
	if (row.acceptedAtMs !== null) return 'accepted';
	if (row.revokedAtMs !== null) return 'revoked';
	return nowMs < row.expiresAtMs ? 'open' : 'expired';
}

/** Neither accepted nor revoked; its time may be over. */
export function isPending(): SQL | undefined {
	return and(isNull(invitations.acceptedAtMs), isNull(invitations.revokedAtMs));
}

export function isOpenAt(nowMs: number): SQL | undefined {
	return and(isPending(), gt(invitations.expiresAtMs, nowMs));
}
