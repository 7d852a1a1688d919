import { createHash, randomBytes } from 'node:crypto';

/** What an authorization code stands for until a token is asked for it. */
export interface Grant<Person> {
	readonly clientId: string;
	readonly redirectUri: string;
	/** Of PKCE, S256. */
	readonly codeChallenge: string | undefined;
	readonly nonce: string | undefined;
	readonly scopes: readonly string[];
	readonly person: Person;
}

export interface Grants<Person> {
	/** A fresh code, good for one token. */
	issue(grant: Grant<Person>): string;
	/** What the code stands for, once; undefined for a code that is unknown, spent or too old. */
	take(code: string): Grant<Person> | undefined;
	/** What is not spent yet. */
	all(): Grant<Person>[];
	reset(): void;
}

/** Authorization codes that live for `lifetimeSeconds` and are spent by the first request that shows them. */
export function createGrants<Person>(lifetimeSeconds: number): Grants<Person> {
	const grants = new Map<string, { grant: Grant<Person>; expiresAtMs: number }>();
	return {
		issue(grant) {
			const code = randomBytes(32).toString('base64url');
			grants.set(code, { grant, expiresAtMs: Date.now() + lifetimeSeconds * 1000 });
			return code;
		},
		take(code) {
			const found = grants.get(code);
			grants.delete(code);
			return found && found.expiresAtMs > Date.now() ? found.grant : undefined;
		},
		all: () => [...grants.values()].map(({ grant }) => grant),
		reset: () => grants.clear(),
	};
}

export type PkceAnswer = 'right' | 'missing' | 'wrong';

/** Whether the verifier is the one whose hash the authorize request carried (RFC 7636, S256 alone). */
export function checkPkce(codeChallenge: string | undefined, codeVerifier: string | undefined): PkceAnswer {
	if (codeChallenge === undefined) return codeVerifier === undefined ? 'right' : 'wrong';
	if (codeVerifier === undefined) return 'missing';
	return createHash('sha256').update(codeVerifier).digest('base64url') === codeChallenge ? 'right' : 'wrong';
}
