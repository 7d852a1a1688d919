import { sql } from 'drizzle-orm';

import type { Actor, Whence } from '../actor';
import { auditGateStatement, isGateShut } from '../audit/audit-statement';
import type { Deps } from '../deps';
import { AppError, notFound } from '../errors';
import { endMembershipStatements } from './end-membership';
import { findMember, hasNonOwner } from './member';
import { hasStanding, refusalOfStanding } from './standing';

/**
 * Leaves an account that the person belongs to, whichever their session acts in. The API keys they made there end. The owner
 * hands ownership over first, so that no account is left without one.
 */
export async function leaveAccount(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	input: { person: { userId: string; sessionId: string }; whence: Whence; accountId: string },
): Promise<{ id: string }> {
	const { accountId, whence } = input;
	const { userId, sessionId } = input.person;
	const member = await findMember(deps, { accountId, userId });
	if (member === null) throw notFound('account');
	if (member.role === 'owner') throw ownersStay();

	const actor: Actor = { userId, accountId, via: { kind: 'session', sessionId } };
	// Everybody who belongs to it may see who else does: what asks for that asks for a member.
	const mayLeave = sql`${hasStanding(deps, actor, 'members:read')} and ${hasNonOwner(deps, { accountId, userId })}`;
	const entry = { action: 'member.left', targetId: userId, facts: { role: member.role } } as const;
	try {
		await deps.db.batch([
			auditGateStatement(deps, { actor, whence }, entry, mayLeave),
			...endMembershipStatements(deps, { accountId, userId }),
		]);
	} catch (cause) {
		if (!isGateShut(cause)) throw cause;
		throw (await refusalOfStanding(deps, actor, 'members:read')) ?? ownersStay(cause);
	}
	return { id: accountId };
}

function ownersStay(cause?: unknown): AppError {
	return new AppError(
		'conflict',
		'You own this, so you cannot leave it. Hand ownership over to another member first.',
		{
			cause,
		},
	);
}
