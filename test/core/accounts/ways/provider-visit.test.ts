import { like } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { verifications } from '../../../../schema/users';
import { STUDIOS } from '../../../../studios/all';
import { offeredWays } from '../../../../workers/core/accounts/offered-ways';
import {
	beginVisit,
	identifyVisitor,
	noteName,
	takeVisit,
	type VisitDeps,
} from '../../../../workers/core/accounts/provider-visit';
import {
	SignInFailure,
	type AuthorizationGrant,
	type SignInGateway,
	type SignInProvider,
} from '../../../../workers/core/gateways/sign-in/sign-in-gateway';
import { freshDeps } from '../../../support/deps';
import { anIdentity } from './given-ways';

const IDENTITY = anIdentity({ name: null });

/** A provider that vouches for one person, and keeps what it was asked. */
function aGateway(id: SignInProvider, failure: SignInFailure | null = null) {
	const asked: AuthorizationGrant[] = [];
	const gateway: SignInGateway = {
		id,
		hasNonce: id !== 'github',
		authorizationUrl: ({ state, nonce, redirectUri }) => {
			const query = new URLSearchParams({ state, nonce: nonce ?? '', redirect_uri: redirectUri });
			return Promise.resolve(new URL(`https://${id}.test/authorize?${query.toString()}`));
		},
		identify: (grant) => {
			asked.push(grant);
			return failure === null ? Promise.resolve(IDENTITY) : Promise.reject(failure);
		},
	};
	return { gateway, asked };
}

function visitDeps(signInGateways: readonly SignInGateway[]): VisitDeps & ReturnType<typeof freshDeps> {
	return { ...freshDeps(), signInGateways };
}

const IS_VISIT = like(verifications.id, 'provider.%');

function visitsOf({ db }: Pick<VisitDeps, 'db'>) {
	return db.select().from(verifications).where(IS_VISIT);
}

const ORDER = { next: '/smiles', link: null } as const;

function take(deps: VisitDeps, provider: SignInProvider, state: string, cookie = state) {
	return takeVisit(deps, { provider, state, cookie });
}

test('a visit goes to the provider with a redirect address of ours, and is stored under its state’s hash', async () => {
	const { gateway } = aGateway('google');
	const deps = visitDeps([gateway]);
	const { url, state } = await beginVisit(deps, { provider: 'google', ...ORDER });

	const query = new URL(url).searchParams;
	expect(query.get('state')).toBe(state);
	expect(query.get('redirect_uri')).toBe('https://app.test/api/auth/callback/google');
	expect(query.get('nonce')).toMatch(/^[\w-]{43}$/);
	const rows = await visitsOf(deps);
	expect(JSON.stringify(rows)).not.toContain(state);
});

test('a visit ends once, with what was kept for it', async () => {
	const { gateway, asked } = aGateway('google');
	const deps = visitDeps([gateway]);
	const { url, state } = await beginVisit(deps, { provider: 'google', ...ORDER });

	const visit = await take(deps, 'google', state);
	expect(await identifyVisitor(deps, visit, { code: 'c', error: undefined })).toEqual(IDENTITY);

	expect(visit).toMatchObject({ next: '/smiles', link: null });
	expect(asked).toEqual([
		{
			code: 'c',
			codeVerifier: visit.codeVerifier,
			nonce: new URL(url).searchParams.get('nonce'),
			redirectUri: 'https://app.test/api/auth/callback/google',
		},
	]);
	await expect(take(deps, 'google', state)).rejects.toMatchObject({ code: 'expired' });
});

test('of two returns at once one is taken', async () => {
	const deps = visitDeps([aGateway('google').gateway]);
	const { state } = await beginVisit(deps, { provider: 'google', ...ORDER });
	const both = await Promise.allSettled([1, 2].map(() => take(deps, 'google', state)));
	expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('a return in another browser, or with another state, is refused and leaves the visit as it was', async () => {
	const deps = visitDeps([aGateway('google').gateway]);
	const { state } = await beginVisit(deps, { provider: 'google', ...ORDER });
	const expired = { code: 'expired' };

	await expect(take(deps, 'google', state, '')).rejects.toMatchObject(expired);
	await expect(take(deps, 'google', state, 'of another visit')).rejects.toMatchObject(expired);
	await expect(take(deps, 'google', '', '')).rejects.toMatchObject(expired);
	await expect(take(deps, 'google', 'a guess', 'a guess')).rejects.toMatchObject(expired);
	expect(await take(deps, 'google', state)).toMatchObject({ provider: 'google' });
});

test('a code for one provider is never taken to another one', async () => {
	const [google, github] = [aGateway('google'), aGateway('github')];
	const deps = visitDeps([google.gateway, github.gateway]);
	const { state } = await beginVisit(deps, { provider: 'github', ...ORDER });

	await expect(take(deps, 'google', state)).rejects.toMatchObject({ code: 'expired' });
	expect([google.asked, github.asked]).toEqual([[], []]);
	expect(await take(deps, 'github', state)).toMatchObject({ provider: 'github', nonce: null });
});

test('a visit is over after ten minutes', async () => {
	const deps = visitDeps([aGateway('google').gateway]);
	const { state } = await beginVisit(deps, { provider: 'google', ...ORDER });
	const rows = await visitsOf(deps);
	for (const { createdAt, expiresAt } of rows) expect(expiresAt.getTime() - createdAt.getTime()).toBe(600_000);
	expect(rows.length).toBeGreaterThan(0);

	// The machine's clock cannot be moved here, so the row is.
	await deps.db
		.update(verifications)
		.set({ expiresAt: new Date(Date.now() - 1) })
		.where(IS_VISIT);
	await expect(take(deps, 'google', state)).rejects.toMatchObject({ code: 'expired' });
});

test('a name that came beside the code is kept for that visit alone', async () => {
	const deps = visitDeps([aGateway('apple').gateway]);
	const { state } = await beginVisit(deps, { provider: 'apple', ...ORDER });
	const other = await beginVisit(deps, { provider: 'apple', ...ORDER });
	const before = await visitsOf(deps);
	await noteName(deps, { state: 'of nobody', name: 'Eve' });
	expect(await visitsOf(deps)).toEqual(before);

	await noteName(deps, { state, name: 'Ada "L" Lovelace' });
	const visits = [await take(deps, 'apple', state), await take(deps, 'apple', other.state)];
	const returned = { code: 'c', error: undefined };
	const identities = await Promise.all(visits.map((visit) => identifyVisitor(deps, visit, returned)));
	expect(identities.map(({ name }) => name)).toEqual(['Ada "L" Lovelace', null]);
});

test.each([
	[{ error: 'access_denied' }, 'cancelled'],
	[{ error: 'user_cancelled_authorize' }, 'cancelled'],
	[{ error: 'server_error' }, 'provider_refused'],
	[{}, 'provider_refused'],
	[{ code: '' }, 'provider_refused'],
	[{ error: 'access_denied', code: 'c' }, 'cancelled'],
] as const)('a return with %j is %s, and the provider is not asked', async (returned, code) => {
	const { gateway, asked } = aGateway('google');
	const deps = visitDeps([gateway]);
	const { state } = await beginVisit(deps, { provider: 'google', ...ORDER });
	const visit = await take(deps, 'google', state);

	const ended = identifyVisitor(deps, visit, { code: undefined, error: undefined, ...returned });
	await expect(ended).rejects.toMatchObject({ code });
	expect(asked).toEqual([]);
});

test.each(['provider_unavailable', 'provider_refused'] as const)('a provider’s failure is %s', async (reason) => {
	const deps = visitDeps([aGateway('google', new SignInFailure(reason, 'as it is')).gateway]);
	const { state } = await beginVisit(deps, { provider: 'google', ...ORDER });
	const visit = await take(deps, 'google', state);
	const ended = identifyVisitor(deps, visit, { code: 'c', error: undefined });
	await expect(ended).rejects.toMatchObject({ code: reason });
});

test('a provider that is not configured, or not the studio’s, is not visited and not offered', async () => {
	const { gateway } = aGateway('google');
	const none = visitDeps([]);
	const other = { ...visitDeps([gateway]), studio: { ...STUDIOS.dental, signIn: ['password'] as const } };
	const before = await visitsOf(none);

	for (const deps of [none, other]) {
		const visit = beginVisit(deps, { provider: 'google', ...ORDER });
		await expect(visit).rejects.toMatchObject({ code: 'not_found' });
	}
	expect(await visitsOf(none)).toEqual(before);
	expect(offeredWays(none)).toEqual(['password', 'code', 'passkey']);
	expect(offeredWays(other)).toEqual(['password']);
	expect(offeredWays(visitDeps([gateway]))).toEqual(['password', 'code', 'passkey', 'google']);
});

test.each(['http://127.0.0.1:8788', 'http://[::1]:8788'])('at %s no passkey is offered', (appOrigin) => {
	expect(offeredWays({ ...visitDeps([]), appOrigin })).toEqual(['password', 'code']);
	expect(offeredWays({ ...visitDeps([]), appOrigin: 'http://localhost:8788' })).toContain('passkey');
});
