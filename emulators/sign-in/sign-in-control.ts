import { type Failure, failureSchema } from '../fail-next';
import { ID_TOKEN_FAULTS } from './signing-keys';

/**
 * How Google and Apple fail: the token endpoint's own refusal, a 503 of the token endpoint or of the key set, or an id_token of
 * the token endpoint that is wrong in one way.
 */
export const OPEN_ID_FAILURES = ['token_error', 'token_unavailable', 'keys_unavailable', ...ID_TOKEN_FAULTS] as const;
export type OpenIdFailure = (typeof OPEN_ID_FAILURES)[number];
export const OpenIdFailureInput = failureSchema(OPEN_ID_FAILURES);

/** How GitHub fails: the token endpoint's refusal (a 200), a 503 of it, or a 503 of one of the two API calls. */
export const GITHUB_FAILURES = ['token_error', 'token_unavailable', 'user_unavailable', 'emails_unavailable'] as const;
export type GitHubFailure = (typeof GITHUB_FAILURES)[number];
export const GitHubFailureInput = failureSchema(GITHUB_FAILURES);

/** The hand on a sign-in provider, for tests and for `/control`. */
export interface SignInControl<Kind extends string> {
	/** The next requests that it concerns fail in this way. */
	failNext(failure: Failure<Kind>): void;
	/** Forgets codes, tokens, people and failures. Keys and registered clients stay. */
	reset(): void;
}

export interface OpenIdControl extends SignInControl<OpenIdFailure> {
	/** Signs with a new key from now on; the old one stays published, unless `dropOld`. */
	rotateKeys(how?: { dropOld?: boolean }): Promise<void>;
}
