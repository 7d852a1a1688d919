import type { MiddlewareHandler } from 'hono';

import { isAllowed, PERMISSION_TABLE, PERMISSIONS, type Permission } from '../../studios/roles';
import type { Person } from '../core/accounts/resolve-person';
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

/** For a signed-in person who proved within the last minutes that it is them: for steps that could lock somebody out. */
export const FOR_PROVED_PERSON = {
	'x-access': 'proved person',
	security: [{ session: [] }],
	middleware: requirePerson({ isProved: true }),
};

/** For whoever acts in an account and whose role, or key, allows this. */
export function needs<const Needed extends Permission>(permission: Needed, { isProved = false } = {}) {
	return {
		'x-access': permission,
		...(isProved ? { 'x-proved': true } : {}),
		security: [{ session: [] }, ...(PERMISSION_TABLE[permission].isScope ? [{ apiKey: [permission] }] : [])],
		middleware: requirePermission(permission, isProved),
	};
}

/** How long a sign-in, or a later proof, counts for dangerous steps (ASVS 7.5). */
export const PROOF_MINUTES = 10;

function requireProof(person: Person): void {
	// Sessions are written by the machine's clock.
	if (Date.now() - person.provedAtMs < PROOF_MINUTES * 60_000) return;
	throw new AppError(
		'reauthentication_required',
		`This step asks you to show again that it is you. That counts for ${PROOF_MINUTES} minutes.`,
	);
}

const NOT_SIGNED_IN = 'You are not signed in, or the session has ended. Sign in again.';

function requirePerson({ isProved = false } = {}): MiddlewareHandler<ApiEnv> {
	return async (c, next) => {
		const person = await readPerson(c);
		if (person === null) throw new AppError('not_signed_in', NOT_SIGNED_IN);
		if (isProved) requireProof(person);
		c.set('person', person);
		await next();
	};
}

function requirePermission(permission: Permission, isProved: boolean): MiddlewareHandler<ApiEnv> {
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
		if (isProved) requireProof(person);
		c.set('caller', caller);
		c.set('person', person);
		await next();
	};
}
