import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { isRedirectUri } from './clients';
import { consentPage, type ExtraField } from './consent-page';
import { refusalPage } from './page';
import { ConsentForm, type Person } from './people';

/** The query of an authorize request, as far as the three providers agree. */
export const AuthorizeQuery = z.object({
	client_id: z.string().min(1),
	redirect_uri: z.string().refine(isRedirectUri),
	response_type: z.string().optional(),
	response_mode: z.string().optional(),
	scope: z.string().default(''),
	state: z.string().optional(),
	nonce: z.string().optional(),
	login_hint: z.string().optional(),
	code_challenge: z.string().min(43).max(128).optional(),
	code_challenge_method: z.string().optional(),
});
export type AuthorizeQuery = z.output<typeof AuthorizeQuery>;

export interface Refusal {
	readonly status: 400 | 401 | 404;
	readonly code: string;
	readonly sentence: string;
}

const KNOWN_MAX = 5;

export interface ConsentProvider {
	readonly name: string;
	readonly extras: readonly ExtraField[];
	/** The provider's own reason to refuse what is otherwise a right request. */
	refuse(query: AuthorizeQuery): Refusal | undefined;
	/** Shows a refusal otherwise than on a page. */
	showRefusal?(refusal: Refusal): Response;
	/** Where the page's form is posted to, when not to the request's own address. */
	actionFor?(requestUrl: URL, query: AuthorizeQuery): string;
	onContinue(query: AuthorizeQuery, person: Person): Response | Promise<Response>;
	onCancel(query: AuthorizeQuery): Response | Promise<Response>;
}

/** The authorize page of a provider: GET asks who signs in, POST to the same address answers. */
export function consentRoutes(
	path: string,
	provider: ConsentProvider,
): { routes: Hono; people: () => readonly Person[]; reset: () => void } {
	let known: Person[] = [];
	const routes = new Hono();
	const show = (c: Context, query: AuthorizeQuery, typed: Record<string, string>, problem?: string) => {
		const url = new URL(c.req.url);
		const content = consentPage({
			provider: provider.name,
			clientId: query.client_id,
			scopes: query.scope.split(/[ ,]+/).filter(Boolean),
			redirectUri: query.redirect_uri,
			action: provider.actionFor?.(url, query) ?? `${url.pathname}${url.search}`,
			extras: provider.extras,
			known,
			typed,
			problem,
		});
		return c.html(content, problem === undefined ? 200 : 422);
	};
	const refuse = (c: Context, refusal: Refusal) =>
		provider.showRefusal?.(refusal) ??
		c.html(refusalPage(provider.name, refusal.code, refusal.sentence), refusal.status);
	routes.get(path, (c) => {
		const read = readQuery(c, provider);
		if ('refusal' in read) return refuse(c, read.refusal);
		const { query } = read;
		return show(c, query, query.login_hint === undefined ? {} : { email: query.login_hint });
	});
	routes.post(path, async (c) => {
		const read = readQuery(c, provider);
		if ('refusal' in read) return refuse(c, read.refusal);
		const { query } = read;
		const typed = z
			.record(z.string(), z.string())
			.catch({})
			.parse(await c.req.parseBody());
		if (typed['decision'] === 'cancel') return provider.onCancel(query);
		const form = ConsentForm.safeParse(typed);
		if (!form.success) return show(c, query, typed, form.error.issues[0]?.message);
		const { decision: _, ...person } = form.data;
		known = [person, ...known.filter(({ email }) => email !== person.email)].slice(0, KNOWN_MAX);
		return provider.onContinue(query, person);
	});
	return {
		routes,
		people: () => known,
		reset() {
			known = [];
		},
	};
}

/** The request as parsed, or why the provider shows nobody a page for it. */
function readQuery(c: Context, provider: ConsentProvider): { query: AuthorizeQuery } | { refusal: Refusal } {
	const parsed = AuthorizeQuery.safeParse(c.req.query());
	if (!parsed.success) return { refusal: malformed(parsed.error) };
	const refusal = refusalOf(parsed.data, provider);
	return refusal ? { refusal } : { query: parsed.data };
}

function refusalOf(query: AuthorizeQuery, provider: ConsentProvider): Refusal | undefined {
	if (query.code_challenge !== undefined && query.code_challenge_method !== 'S256') {
		return { status: 400, code: 'invalid_request', sentence: 'code_challenge_method has to be S256.' };
	}
	return provider.refuse(query);
}

function malformed(error: z.ZodError): Refusal {
	const field = error.issues[0]?.path.join('.') ?? 'unknown';
	return { status: 400, code: 'invalid_request', sentence: `Missing or wrong parameter: ${field}.` };
}

/** The answer that takes the browser back to the client with these parameters. */
export function redirectBack(redirectUri: string, parameters: Readonly<Record<string, string | undefined>>): Response {
	const target = new URL(redirectUri);
	for (const [name, value] of Object.entries(parameters)) {
		if (value !== undefined) target.searchParams.set(name, value);
	}
	return new Response(null, { status: 302, headers: { location: target.href, 'cache-control': 'no-store' } });
}
