import type { MiddlewareHandler } from 'hono';

import { isAllowed, PERMISSIONS, type Permission } from '../../studios/roles';
import { AppError } from '../core/errors';
import type { ApiEnv, Caller } from './bindings';
import { readPerson } from './session';

/*
 * Every route says whom it is for, by one of these three. The OpenAPI document carries it as `x-access`, and the tenancy
 * matrix is made from there; a route that says nothing fails that test.
 */

/** About nobody: no session is asked for. */
export const OPEN_TO_ALL = { 'x-access': 'public' } as const;

/** For a signed-in person, whichever account they act in, and without one too. API keys are no person. */
export const FOR_PERSON = { 'x-access': 'person', security: [{ session: [] }], middleware: requirePerson() };

/** For whoever acts in an account and whose role, or key, allows this. */
export function needs<const Needed extends Permission>(permission: Needed) {
	return {
		'x-access': permission,
		security: [{ session: [] }, { apiKey: [permission] }],
		middleware: requirePermission(permission),
	};
}

const NOT_SIGNED_IN = 'You are not signed in, or the session has ended. Sign in again.';

function requirePerson(): MiddlewareHandler<ApiEnv> {
	return async (c, next) => {
		const person = await readPerson(c);
		if (person === null) throw new AppError('not_signed_in', NOT_SIGNED_IN);
		c.set('person', person);
		await next();
	};
}

function requirePermission(permission: Permission): MiddlewareHandler<ApiEnv> {
	return async (c, next) => {
		const person = await readPerson(c);
		if (person === null) throw new AppError('not_signed_in', NOT_SIGNED_IN);
		const { account, userId, sessionId } = person;
		if (account === null) {
			throw new AppError(
				'account_required',
				'No account is chosen, or you do not belong to it any more. Choose one first.',
			);
		}
		const caller: Caller = {
			actor: { userId, accountId: account.id, via: { kind: 'session', sessionId } },
			role: account.role,
			may: new Set(PERMISSIONS.filter((each) => isAllowed(account.role, each))),
			account: { id: account.id, name: account.name },
		};
		if (!caller.may.has(permission)) {
			throw new AppError('not_allowed', `Your role here, ${account.role}, does not include this. Ask the owner.`);
		}
		c.set('caller', caller);
		c.set('person', person);
		await next();
	};
}
