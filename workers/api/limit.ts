import type { Context } from 'hono';

import { admitSignUp } from '../core/limits/admit-sign-up';
import type { Limit } from '../core/limits/limit-statements';
import { requireWithinLimits } from '../core/limits/require-within-limits';
import type { ApiEnv } from './bindings';

/** Where a page puts what Turnstile's widget gave it. */
const CAPTCHA_HEADER = 'x-captcha-response';

/**
 * Counts a try by the address it is about, where there is one, and by the network it comes from, before anything is looked up,
 * computed or mailed. The answer over the limit is the same whether the address is anybody's or not.
 */
export function limited(what: 'signIn' | 'code' | 'check') {
	return async (c: Context<ApiEnv>, body: object): Promise<void> => {
		const { deps, whence } = c.var;
		const limits: Limit[] = [
			{ what, by: 'address', value: 'email' in body ? String(body.email) : null },
			{ what, by: 'network', value: whence.network },
		];
		await requireWithinLimits(deps, limits);
	};
}

/** Counts what only begins a sign-in, which pages do by being looked at, so that it takes no try from anybody. */
export async function limitedVisit(c: Context<ApiEnv>): Promise<void> {
	const { deps, whence } = c.var;
	await requireWithinLimits(deps, [{ what: 'visit', by: 'network', value: whence.network }]);
}

/** Counts what anybody may read, where each reading takes rows of the database. */
export async function limitedLook(c: Context<ApiEnv>): Promise<void> {
	const { deps, whence } = c.var;
	await requireWithinLimits(deps, [{ what: 'look', by: 'network', value: whence.network }]);
}

/** Lets a sign-up pass, or refuses it: by rate, by its address, or until a challenge is passed. */
export async function admitted(c: Context<ApiEnv>, { email }: { email: string }): Promise<void> {
	const { deps, whence } = c.var;
	await admitSignUp(deps, {
		email,
		network: whence.network,
		// What Cloudflare calls Tor, in the place of a country.
		isTor: c.req.header('cf-ipcountry') === 'T1',
		token: c.req.header(CAPTCHA_HEADER) ?? null,
	});
}

/**
 * As `limited`, for a signed-in person, who is counted as themselves: tries of strangers at their address take nothing from them.
 * `address`: one that is not theirs yet, which counts as anybody's does, whoever asks. Behind what reads the person.
 */
export function limitedPerson(what: 'code' | 'check', { address = null }: { address?: string | null } = {}) {
	return async (c: Context<ApiEnv>): Promise<void> => {
		const { deps, person, whence } = c.var;
		await requireWithinLimits(deps, [
			{ what, by: 'person', value: person.userId },
			{ what, by: 'address', value: address },
			{ what, by: 'network', value: whence.network },
		]);
	};
}
