import { z } from 'zod';

import type { Deps } from '../deps';
import { notFound } from '../errors';
import {
	SIGN_IN_PROVIDERS,
	SignInFailure,
	type ProviderIdentity,
	type SignInGateway,
	type SignInProvider,
} from '../gateways/sign-in/sign-in-gateway';
import { addToKept, keepOnce, newSecret, takeOnce } from './one-time';
import { SignInRefusal } from './sign-in-refusal';

/** How long somebody may take at the provider. */
export const VISIT_MINUTES = 10;

export interface VisitDeps extends Pick<Deps, 'db' | 'studio' | 'appOrigin'> {
	/** The providers that are configured. */
	signInGateways: readonly SignInGateway[];
}

/** One visit to a provider: kept here while the person is there, and good for one return of the same browser. */
const Visit = z.object({
	provider: z.enum(SIGN_IN_PROVIDERS),
	codeVerifier: z.string(),
	nonce: z.string().nullable(),
	/** The path on our own site that they go to afterwards. */
	next: z.string(),
	/** Who connects the provider; null: somebody signs in. */
	link: z.object({ userId: z.string(), sessionId: z.string() }).nullable(),
	/** Apple tells it beside the code, the first time only. */
	name: z.string().optional(),
});
export type Visit = z.output<typeof Visit>;

/**
 * Begins a visit: the provider's address, and the state that the browser has to bring back both there and in a cookie. Refused:
 * a provider that is not offered.
 */
export async function beginVisit(
	deps: VisitDeps,
	{ provider, next, link }: Pick<Visit, 'provider' | 'next' | 'link'>,
): Promise<{ url: string; state: string }> {
	const gateway = gatewayOf(deps, provider);
	const state = newSecret();
	const codeVerifier = newSecret();
	const nonce = gateway.hasNonce ? newSecret() : null;
	const value: Visit = { provider, codeVerifier, nonce, next, link };
	await keepOnce(deps, { kind: 'provider', secret: state, value, minutes: VISIT_MINUTES });
	const url = await gateway.authorizationUrl({
		state,
		codeVerifier,
		nonce,
		redirectUri: redirectUriOf(deps, provider),
	});
	return { url: url.href, state };
}

/** Keeps a name that came beside the code until the visit ends. It is the person's own word, as one typed at sign-up is. */
export function noteName(deps: Pick<Deps, 'db'>, { state, name }: { state: string; name: string }): Promise<void> {
	return addToKept(deps, { kind: 'provider', secret: state, field: 'name', text: name });
}

/**
 * Takes the visit that a return belongs to, once. Refused as `expired`: an unknown, finished or old one, one that began in
 * another browser (so nobody is signed in as somebody else by a link, ASVS 10.2.1) or at another provider (RFC 9700, 4.4).
 */
export async function takeVisit(
	deps: Pick<Deps, 'db'>,
	{ provider, state, cookie }: { provider: SignInProvider; state: string; cookie: string },
): Promise<Visit> {
	if (state === '' || state !== cookie) throw new SignInRefusal('expired');
	const kept = await takeOnce(deps, { kind: 'provider', secret: state, provider });
	if (kept === null) throw new SignInRefusal('expired');
	return Visit.parse(kept);
}

/** What providers call it when somebody presses Cancel. */
const CANCELLED = new Set(['access_denied', 'user_cancelled_authorize']);

/** Who came back. Refused with a `SignInRefusal`: nobody, or nobody that the provider vouches for. */
export async function identifyVisitor(
	deps: VisitDeps,
	visit: Visit,
	returned: { code: string | undefined; error: string | undefined },
): Promise<ProviderIdentity> {
	const { code, error } = returned;
	if (error !== undefined) throw new SignInRefusal(CANCELLED.has(error) ? 'cancelled' : 'provider_refused');
	if (code === undefined || code === '') throw new SignInRefusal('provider_refused');
	const { provider, codeVerifier, nonce } = visit;
	try {
		const redirectUri = redirectUriOf(deps, provider);
		const identity = await gatewayOf(deps, provider).identify({ code, codeVerifier, nonce, redirectUri });
		return { ...identity, name: identity.name ?? visit.name ?? null };
	} catch (cause) {
		if (cause instanceof SignInFailure) throw new SignInRefusal(cause.reason, { cause });
		throw cause;
	}
}

/** What is registered with the provider, to the letter. */
function redirectUriOf({ appOrigin }: Pick<Deps, 'appOrigin'>, provider: SignInProvider): string {
	return `${appOrigin}/api/auth/callback/${provider}`;
}

function gatewayOf(deps: VisitDeps, provider: SignInProvider): SignInGateway {
	const gateway = deps.signInGateways.find(({ id }) => id === provider);
	if (gateway === undefined || !deps.studio.signIn.includes(provider)) throw notFound('way to sign in');
	return gateway;
}
