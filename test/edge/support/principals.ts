import { randomBytes, randomUUID } from 'node:crypto';

import { serializeSigned } from 'hono/utils/cookie';

import type { Edge } from '../../../scripts/edge/start-edge';
import { isAllowed, type Permission, PERMISSION_TABLE, type Role } from '../../../studios/roles';
import { sessionCookieName } from '../../../workers/core/accounts/create-auth';
import { newId } from '../../../workers/core/ids';
import { newSecret } from '../../../workers/core/keys/key-secret';

const HOUR_MS = 3_600_000;

/** How somebody stands to the account whose things are asked for. */
export interface Principal {
	readonly name: string;
	/** Sent with each of their requests. */
	headers: Record<string, string>;
	/** What a route answers them before it looks at anything; null: it goes on. */
	readonly refusedBy: (access: string, isProofAsked: boolean) => Refusal | null;
	/** Whether the account is theirs to act in. */
	readonly isInside: boolean;
	/** Puts back what a route may have ended: their session. */
	restore(): Promise<void>;
	/** Somebody who stands as they do and whom nobody needs afterwards; null for who is no person. */
	readonly givenDouble: (() => Promise<Principal>) | null;
}

/** `hidden`: as an address that is not there. */
export type Refusal = 'not_signed_in' | 'account_required' | 'not_allowed' | 'reauthentication_required' | 'hidden';

/** The rows that tests write by themselves, so that every kind of standing exists without a flow that leads to it. */
export class Cast {
	readonly #edge: Edge;

	constructor(edge: Edge) {
		this.#edge = edge;
	}

	async #run(query: string, ...values: (string | number | null)[]): Promise<void> {
		const db = await this.#edge.d1();
		await db
			.prepare(query)
			.bind(...values)
			.run();
	}

	async givenUser(): Promise<string> {
		const id = `user-${randomUUID()}`;
		const now = Date.now();
		await this.#run(
			'insert into users (id, name, email, email_verified, created_at, updated_at) values (?, ?, ?, 1, ?, ?)',
			id,
			'Somebody',
			`${id}@practice.example`,
			now,
			now,
		);
		return id;
	}

	/** An account of theirs alone, under an id as any account has one. */
	async givenOwnAccount(userId: string): Promise<string> {
		const id = newId('account');
		await this.#run('insert into accounts (id, name, created_at_ms) values (?, ?, 1)', id, 'Their own');
		await this.#run('insert into credit_accounts (id) values (?)', id);
		await this.givenMembership(id, userId, 'owner');
		return id;
	}

	async givenMembership(accountId: string, userId: string, role: Role): Promise<void> {
		await this.#run('insert into memberships values (?, ?, ?, ?)', accountId, userId, role, Date.now());
	}

	/** A session row and the cookie that a browser would send for it. */
	async givenSession(input: {
		userId: string;
		accountId: string | null;
		signedInAtMs?: number;
		endsAtMs?: number;
	}): Promise<{ id: string; cookie: string; restore: () => Promise<void> }> {
		const { userId, accountId, signedInAtMs = Date.now(), endsAtMs = Date.now() + 24 * HOUR_MS } = input;
		const id = `session-${randomUUID()}`;
		const token = randomBytes(24).toString('hex');
		const restore = () =>
			this.#run(
				`insert or replace into sessions (id, user_id, account_id, token, expires_at, created_at, updated_at)
				values (?, ?, ?, ?, ?, ?, ?)`,
				id,
				userId,
				accountId,
				token,
				endsAtMs,
				signedInAtMs,
				signedInAtMs,
			);
		await restore();
		const secret = this.#edge.secrets['AUTH_SECRET'] ?? '';
		const signed = await serializeSigned(sessionCookieName(this.#edge.appOrigin), token, secret);
		return { id, cookie: signed.split(';', 1)[0] ?? '', restore };
	}

	async givenKey(input: {
		accountId: string;
		userId: string;
		scopes: readonly Permission[];
		isRevoked?: boolean;
		isExpired?: boolean;
	}): Promise<{ id: string; key: string }> {
		const id = `key_${randomUUID()}`;
		const { key, secretHash, ending } = await newSecret();
		// A key counts under a membership that began before it, so nothing about this one may be older than some milliseconds.
		const madeAtMs = Date.now() - 10;
		await this.#run(
			`insert into api_keys (id, account_id, user_id, name, secret_hash, ending, scopes, created_at_ms, expires_at_ms, revoked_at_ms)
			values (?, ?, ?, 'of a test', ?, ?, ?, ?, ?, ?)`,
			id,
			input.accountId,
			input.userId,
			secretHash,
			ending,
			JSON.stringify(input.scopes),
			madeAtMs,
			input.isExpired === true ? madeAtMs + 5 : madeAtMs + 24 * HOUR_MS,
			input.isRevoked === true ? madeAtMs : null,
		);
		return { id, key };
	}

	/** Who holds a session: what refuses them follows from the role table. */
	async givenHolder(
		name: string,
		session: Parameters<Cast['givenSession']>[0],
		standing: { role: Role | null; isInside: boolean; isProofOld?: boolean },
	): Promise<Principal> {
		const { cookie, restore } = await this.givenSession(session);
		const { role, isInside, isProofOld = false } = standing;
		return {
			name,
			headers: { cookie, origin: this.#edge.appOrigin },
			isInside,
			restore,
			givenDouble: async () => {
				const userId = await this.givenUser();
				const accountId = await this.#givenPlace(userId, session.accountId, role);
				return this.givenHolder(name, { ...session, userId, accountId }, standing);
			},
			refusedBy: (access, isProofAsked) => {
				if (access === 'operator') return 'hidden';
				if (access === 'public') return null;
				if (isPermission(access)) {
					if (role === null) return 'account_required';
					if (!isAllowed(role, access)) return 'not_allowed';
				}
				return isProofAsked && isProofOld ? 'reauthentication_required' : null;
			},
		};
	}

	/** Where a double acts: as the same in the same account; an owner, of whom an account has one, in an account of their own. */
	async #givenPlace(userId: string, accountId: string | null, role: Role | null): Promise<string | null> {
		if (role === 'owner') return this.givenOwnAccount(userId);
		if (role !== null && accountId !== null) await this.givenMembership(accountId, userId, role);
		return accountId;
	}
}

/** Somebody whom the API does not know: without a cookie, or with one, or a key, that is good for nothing. */
export function stranger(name: string, headers: Record<string, string>): Principal {
	return {
		name,
		headers,
		isInside: false,
		restore: () => Promise.resolve(),
		givenDouble: null,
		refusedBy: (access) => (access === 'operator' ? 'hidden' : access === 'public' ? null : 'not_signed_in'),
	};
}

/** Whoever runs the studio: their key opens operations, and to everything else it is a key that nobody knows. */
export function operator(name: string, operatorKey: string): Principal {
	return {
		name,
		headers: { authorization: `Bearer ${operatorKey}` },
		isInside: true,
		restore: () => Promise.resolve(),
		givenDouble: null,
		refusedBy: (access) => (access === 'operator' || access === 'public' ? null : 'not_signed_in'),
	};
}

/** A program with a key. */
export function program(
	name: string,
	input: { key: string; scopes: readonly Permission[]; role: Role; isInside: boolean },
): Principal {
	const { key, scopes, role, isInside } = input;
	return {
		name,
		headers: { authorization: `Bearer ${key}` },
		isInside,
		restore: () => Promise.resolve(),
		givenDouble: null,
		refusedBy: (access, isProofAsked) => {
			if (access === 'operator') return 'hidden';
			if (access === 'public') return null;
			// A proof is a person's.
			return !isProofAsked && isPermission(access) && scopes.includes(access) && isAllowed(role, access)
				? null
				: 'not_allowed';
		},
	};
}

function isPermission(access: string): access is Permission {
	return access in PERMISSION_TABLE;
}
