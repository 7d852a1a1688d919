import type { SignInWay, Studio } from '../../../studios/studio';
import { SIGN_IN_PROVIDERS, type SignInGateway } from '../gateways/sign-in/sign-in-gateway';

/**
 * How people can sign in here: the studio's list without providers that are not configured, and without passkeys at an
 * address of numbers, for which browsers make none (WebAuthn, 5.1.3: the party's id is a domain).
 */
export function offeredWays(deps: {
	studio: Pick<Studio, 'signIn'>;
	appOrigin: string;
	signInGateways: readonly SignInGateway[];
}): SignInWay[] {
	const { studio, appOrigin, signInGateways } = deps;
	return studio.signIn.filter((way) => {
		if (way === 'passkey') return isDomain(new URL(appOrigin).hostname);
		return !SIGN_IN_PROVIDERS.some((provider) => provider === way) || signInGateways.some(({ id }) => id === way);
	});
}

function isDomain(hostname: string): boolean {
	return !/^[\d.]+$/.test(hostname) && !hostname.startsWith('[');
}
