/**
 * Why somebody who came back from a provider is not signed in, or what they wanted to connect is not connected. Ends in the
 * address of a page (`?error=`), which has a sentence for each of these and for nothing else.
 */
export const SIGN_IN_ERRORS = [
	/** They pressed Cancel at the provider. */
	'cancelled',
	/** What they began is over, was finished already, or was begun in another browser or with another provider. */
	'expired',
	'provider_unavailable',
	'provider_refused',
	/** The provider gives no address that it verified. */
	'address_unverified',
	/** The address is a user's who never connected this provider. */
	'address_taken',
	/** The address is one that is thrown away. */
	'disposable_address',
	/** Somebody else connected it. */
	'linked_elsewhere',
	/** One account of this provider is connected already. */
	'linked_another',
	/** Who wanted to connect it is not who is signed in now. */
	'another_person',
	'too_many_requests',
] as const;
export type SignInError = (typeof SIGN_IN_ERRORS)[number];

export class SignInRefusal extends Error {
	override readonly name = 'SignInRefusal';
	readonly code: SignInError;

	constructor(code: SignInError, options: { cause?: unknown } = {}) {
		super(code, options);
		this.code = code;
	}
}
