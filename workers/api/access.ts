import type { Context, MiddlewareHandler } from 'hono';

import { isAllowed, PERMISSION_TABLE, PERMISSIONS, type Permission } from '../../studios/roles';
import type { Person } from '../core/accounts/resolve-person';
import { AppError, notFound } from '../core/errors';
import { isUseUnnoted, noteKeyUse } from '../core/keys/note-key-use';
import { isOperatorKey } from '../core/keys/operator-key';
import { resolveKey, type ResolvedKey } from '../core/keys/resolve-key';
import { requireWithinLimits } from '../core/limits/require-within-limits';
import { logError } from '../core/log';
import { afterwards, bearerOf } from './bearer';
import type { ApiEnv, Caller } from './bindings';
import { readPerson } from './session';

/*
 * Every route says whom it is for, by one of these five. The OpenAPI document carries it as `x-access`, and the tenancy
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
		security: [
			{ session: [] },
			...(PERMISSION_TABLE[permission].isScope && !isProved ? [{ apiKey: [permission] }] : []),
		],
		middleware: requirePermission(permission, isProved),
	};
}

/** For whoever holds the operator's key (`requireOperator`); everybody else is told that there is no such address. */
export const FOR_OPERATOR = { 'x-access': 'operator', security: [{ operatorKey: [] }], middleware: requireOperator() };

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
const DEAD_KEY = 'This API key is not known, or it has expired or was revoked. Make a new one in the settings.';
const NOT_FOR_KEYS = 'No API key may do this: it takes a person who is signed in. Do it in the web app.';

function requirePerson({ isProved = false } = {}): MiddlewareHandler<ApiEnv> {
	return async (c, next) => {
		// Whoever sends a key asks as the key, and a cookie beside it is not looked at.
		if ((await readKey(c)) !== null) throw new AppError('not_allowed', NOT_FOR_KEYS);
		const person = await readPerson(c);
		if (person === null) throw new AppError('not_signed_in', NOT_SIGNED_IN);
		if (isProved) requireProof(person);
		c.set('person', person);
		await next();
	};
}

function requirePermission(permission: Permission, isProved: boolean): MiddlewareHandler<ApiEnv> {
	return async (c, next) => {
		const key = await readKey(c);
		if (key === null) await admitPerson(c, permission, isProved);
		else admitKey(c, key, permission, isProved);
		await next();
	};
}

async function admitPerson(c: Context<ApiEnv>, permission: Permission, isProved: boolean): Promise<void> {
	const person = await readPerson(c);
	if (person === null) {
		// RFC 9110, 15.5.2: a 401 names a way to be let in. The cookie has no name among those ways.
		if (PERMISSION_TABLE[permission].isScope) c.header('www-authenticate', 'Bearer');
		throw new AppError('not_signed_in', NOT_SIGNED_IN);
	}
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
}

/** What asks for a proof asks for a person, whatever the key carries, and so does what no key can carry. */
function admitKey(c: Context<ApiEnv>, key: ResolvedKey, permission: Permission, isProved: boolean): void {
	if (isProved || !PERMISSION_TABLE[permission].isScope) throw new AppError('not_allowed', NOT_FOR_KEYS);
	if (!key.may.has(permission)) {
		c.header('www-authenticate', `Bearer error="insufficient_scope", scope="${permission}"`);
		throw new AppError('not_allowed', `This key may not do this: it lacks ${permission}.`);
	}
	const { keyId, userId, account, role, may } = key;
	c.set('caller', { actor: { userId, accountId: account.id, via: { kind: 'key', keyId } }, role, may, account });
}

/** The key that the request carries, null when it carries none; one that is not, or not any more, valid is refused. */
async function readKey(c: Context<ApiEnv>): Promise<ResolvedKey | null> {
	const presented = bearerOf(c.req.raw.headers);
	if (presented === null) return null;
	const { deps } = c.var;
	const key = await resolveKey(deps, { key: presented });
	if (key === null) {
		c.header('www-authenticate', 'Bearer error="invalid_token"');
		throw new AppError('not_signed_in', DEAD_KEY);
	}
	if (isUseUnnoted(deps, key)) {
		const { keyId } = key;
		await afterwards(
			c,
			noteKeyUse(deps, { keyId }).catch((error: unknown) => logError('key_use_unnoted', error, { keyId })),
		);
	}
	return key;
}

/**
 * Without the key, with another, and where none is set, the answer is that of an address that is not there, so that nothing tells
 * that it is. Each try of a network counts before it is compared; above the limit the right key answers the same, so that
 * guessing gains nothing. No session and no account's key is looked at.
 */
function requireOperator(): MiddlewareHandler<ApiEnv> {
	return async (c, next) => {
		const { deps, whence } = c.var;
		const presented = bearerOf(c.req.raw.headers);
		const hidden = notFound('address');
		if (deps.operatorKey === null || presented === null) throw hidden;
		await requireWithinLimits(deps, [{ what: 'operate', by: 'network', value: whence.network }]).catch(
			(cause: unknown) => {
				throw cause instanceof AppError ? hidden : cause;
			},
		);
		if (!isOperatorKey({ presented, operatorKey: deps.operatorKey })) throw hidden;
		await next();
	};
}
