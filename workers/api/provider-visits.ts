import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';

import { cookieName } from '../core/accounts/create-auth';
import { enterByProvider } from '../core/accounts/enter-by-provider';
import { linkWay } from '../core/accounts/link-way';
import { beginVisit, identifyVisitor, takeVisit, VISIT_MINUTES, type Visit } from '../core/accounts/provider-visit';
import { SignInRefusal } from '../core/accounts/sign-in-refusal';
import { AppError } from '../core/errors';
import type { SignInProvider } from '../core/gateways/sign-in/sign-in-gateway';
import { requireWithinLimits } from '../core/limits/require-within-limits';
import { enter } from './auth-answer';
import type { ApiEnv } from './bindings';
import { readPerson } from './session';

interface Returned {
	state: string;
	code?: string | undefined;
	error?: string | undefined;
}

/** Begins a visit and ties it to this browser; the provider's address. */
export async function visitProvider(
	c: Context<ApiEnv>,
	order: Pick<Visit, 'provider' | 'next' | 'link'>,
): Promise<string> {
	const { url, state } = await beginVisit(c.var.deps, order);
	setCookie(c, visitCookie(c), state, { ...cookieAttributes(c), maxAge: VISIT_MINUTES * 60 });
	return url;
}

/**
 * Where a browser goes that comes back from a provider: signed in or connected to where it wanted to, to the second factor, or to
 * the page that says why not.
 */
export async function endVisit(c: Context<ApiEnv>, provider: SignInProvider, returned: Returned): Promise<string> {
	const cookie = getCookie(c, visitCookie(c)) ?? '';
	let visit: Visit | null = null;
	try {
		const { deps, whence } = c.var;
		await requireWithinLimits(deps, [{ what: 'signIn', by: 'network', value: whence.network }]);
		visit = await takeVisit(deps, { provider, state: returned.state, cookie });
		deleteCookie(c, visitCookie(c), cookieAttributes(c));
		const { code, error } = returned;
		const identity = await identifyVisitor(deps, visit, { code, error });
		if (visit.link !== null) {
			const changer = { person: await personOf(c, visit.link), whence };
			await linkWay(deps, { changer, provider, identity });
			return withQuery(visit.next, { connected: provider });
		}
		const { userId } = await enterByProvider(deps, { provider, identity, whence });
		const { twoFactorRedirect } = await enter(c, { userId, by: 'provider' });
		return twoFactorRedirect ? withQuery('/sign-in/second-factor', { next: visit.next }) : visit.next;
	} catch (error) {
		return refusedAt(visit, wordOf(error));
	}
}

/** Only who began it, in the session that they began it in: the browser may be somebody else's by now. */
async function personOf(c: Context<ApiEnv>, link: NonNullable<Visit['link']>) {
	const person = await readPerson(c);
	if (person?.userId === link.userId && person.sessionId === link.sessionId) return person;
	throw new SignInRefusal('another_person');
}

function refusedAt(visit: Visit | null, error: string): string {
	if (visit !== null && visit.link !== null) return withQuery(visit.next, { error });
	return withQuery('/sign-in', { error, ...(visit === null || visit.next === '/' ? {} : { next: visit.next }) });
}

/** What the page knows a sentence for; a bug is thrown on. */
function wordOf(error: unknown): string {
	if (error instanceof SignInRefusal) return error.code;
	if (error instanceof AppError && error.code === 'too_many_requests') return 'too_many_requests' satisfies Word;
	if (error instanceof AppError && error.code === 'not_found') return 'expired' satisfies Word;
	throw error;
}

type Word = SignInRefusal['code'];

function withQuery(path: string, query: Readonly<Record<string, string>>): string {
	const url = new URL(path, 'https://own.invalid');
	for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
	return `${url.pathname}${url.search}${url.hash}`;
}

function visitCookie(c: Context<ApiEnv>): string {
	return cookieName(c.var.deps.appOrigin, 'visit');
}

/**
 * `Lax`, not `None`: Apple posts its answer from its own site, and a cookie is not sent with that. The post is answered with a
 * redirect to the same address (`routes/providers.ts`), a navigation with which it is.
 */
function cookieAttributes(c: Context<ApiEnv>) {
	const secure = c.var.deps.appOrigin.startsWith('https://');
	return { httpOnly: true, sameSite: 'Lax', secure, path: '/' } as const;
}
