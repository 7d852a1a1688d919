import type { JWK } from 'jose';

/** What the local edge signs in with at the stand-ins. The secret is no secret: nothing outside this machine takes it. */
export const LOCAL_GOOGLE = { clientId: 'local-google', clientSecret: 'local-emulator-no-secret' } as const;
export const LOCAL_GITHUB = { clientId: 'local-github', clientSecret: 'local-emulator-no-secret' } as const;
/** The public half of the key is made by whoever holds the private one, hence it is not here. */
export const LOCAL_APPLE = { clientId: 'local.afterglow.signin', teamId: 'LOCALTEAM1', keyId: 'LOCALKEY01' } as const;

/** A client as registered with Google or GitHub. */
export interface OAuthClient {
	readonly clientId: string;
	readonly clientSecret: string;
}

/** A client as registered with Apple, with the public half of the key that signs its `client_secret`. */
export interface AppleClient {
	/** The services id. */
	readonly clientId: string;
	readonly teamId: string;
	/** The `kid` that a `client_secret` names. */
	readonly keyId: string;
	/** P-256, as PEM (SPKI) or as JWK. */
	readonly publicKey: string | JWK;
}

/**
 * Who may sign people in. A provider without a registered client takes any client id with any secret that is not empty;
 * Apple without one takes any `client_secret` that is right but for its signature.
 */
export interface SignInClients {
	readonly google?: OAuthClient | undefined;
	readonly github?: OAuthClient | undefined;
	readonly apple?: AppleClient | undefined;
}

/** Whether the two are the registered client's, or, without one, whether both are there. */
export function isClient(registered: OAuthClient | undefined, given: OAuthClient): boolean {
	if (!registered) return given.clientId !== '' && given.clientSecret !== '';
	return given.clientId === registered.clientId && given.clientSecret === registered.clientSecret;
}

/**
 * Google's rule for redirect addresses, which holds for all three here: https, or http on loopback; no fragment, no user.
 * Apple takes no loopback at all, and then there would be nothing to try.
 */
export function isRedirectUri(address: string): boolean {
	if (!URL.canParse(address)) return false;
	const { protocol, hostname, hash, username } = new URL(address);
	const isLocal = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
	return hash === '' && username === '' && (protocol === 'https:' || (protocol === 'http:' && isLocal));
}
