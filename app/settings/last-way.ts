import type { SignInWay } from '../../studios/studio';
import type { Me } from './read-me';

/**
 * Whether one way in is all that is left: the api refuses to take it away, so the page explains and does not offer. Counted
 * as the api does: a mailed code is one wherever it is offered.
 */
export function isLastWayIn({ ways, passkeys }: Pick<Me, 'ways' | 'passkeys'>, offered: readonly SignInWay[]): boolean {
	const usable = ways.filter(({ way }) => offered.includes(way)).length;
	return usable + (offered.includes('passkey') ? passkeys.length : 0) + (offered.includes('code') ? 1 : 0) <= 1;
}
