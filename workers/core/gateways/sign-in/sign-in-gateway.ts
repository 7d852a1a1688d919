/** Who signs people in for us. The ids are also the paths of the callbacks and the values stored as `provider_id`. */
export const SIGN_IN_PROVIDERS = ['google', 'apple', 'github'] as const;
export type SignInProvider = (typeof SIGN_IN_PROVIDERS)[number];

export const PROVIDER_NAMES: Readonly<Record<SignInProvider, string>> = {
	google: 'Google',
	apple: 'Apple',
	github: 'GitHub',
};

/** Somebody as a provider vouches for them. */
export interface ProviderIdentity {
	/** Stable and never given to somebody else: the only thing that a person is known by (ASVS 10.3.3). */
	subject: string;
	/** In lower case, and only when the provider says that it verified it; else null. */
	email: string | null;
	name: string | null;
}

export interface AuthorizationOrder {
	state: string;
	codeVerifier: string;
	/** Null for a provider without id_tokens. */
	nonce: string | null;
	redirectUri: string;
}

/** What came back with the callback, and what it has to match. */
export interface AuthorizationGrant {
	code: string;
	codeVerifier: string;
	nonce: string | null;
	redirectUri: string;
}

/** One provider: where its page is, and who came back from there. No token of it leaves the gateway. */
export interface SignInGateway {
	readonly id: SignInProvider;
	/** Whether its answer is tied to the request by an id_token's nonce. */
	readonly hasNonce: boolean;
	authorizationUrl(order: AuthorizationOrder): Promise<URL>;
	/** Refuses with `SignInFailure`. */
	identify(grant: AuthorizationGrant): Promise<ProviderIdentity>;
}

/** The provider did not vouch for anybody: it is not there, or what it says is not what a right answer says. */
export class SignInFailure extends Error {
	override readonly name = 'SignInFailure';
	readonly reason: 'provider_unavailable' | 'provider_refused';

	constructor(reason: SignInFailure['reason'], message: string, options: { cause?: unknown } = {}) {
		super(message, options);
		this.reason = reason;
	}
}
