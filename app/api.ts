import { redirect } from '@remix-run/cloudflare';
import { hc } from 'hono/client';
import { z } from 'zod';

import type { Api } from '../workers/api/index';
import type { LoadContext } from './load-context';
import { accountsPath, provePath, signInPath } from './paths';

const RefusalBody = z.object({
	error: z.object({
		code: z.string(),
		message: z.string(),
		details: z
			.object({
				reason: z.string().optional(),
				fields: z.array(z.string()).optional(),
				siteKey: z.string().optional(),
				scriptUrl: z.string().optional(),
				credits: z.number().optional(),
				creditsMax: z.number().optional(),
				available: z.number().optional(),
				required: z.number().optional(),
			})
			.optional(),
	}),
});

export interface Refusal {
	readonly code: string;
	/** A sentence for people: what happened, why, what to do. */
	readonly message: string;
	readonly details?:
		| {
				/** A word for programs: which of several refusals of the same code. */
				readonly reason?: string | undefined;
				/** The fields that the sentence is about; none: the whole form. */
				readonly fields?: readonly string[] | undefined;
				/** Of a check that is asked for before an account is made. */
				readonly siteKey?: string | undefined;
				readonly scriptUrl?: string | undefined;
				/** Of an order that costs more than was allowed: what it costs now, and what was allowed. */
				readonly credits?: number | undefined;
				readonly creditsMax?: number | undefined;
				/** Of an order for which there is too little: what there is, and what it costs. */
				readonly available?: number | undefined;
				readonly required?: number | undefined;
		  }
		| undefined;
}

/** What is read of an answer: a typed client's answers and plain ones both fit. */
interface Answer {
	readonly status: number;
	json(): Promise<unknown>;
}

const UNREADABLE: Refusal = {
	code: 'unavailable',
	message: 'This could not be done just now. Nothing was changed. Try again in a minute.',
};

/** The app's only way to data. What tells the caller travels; the binding, not the URL, decides the target. */
export function apiFor(context: LoadContext, request: Request) {
	return hc<Api>('https://api', {
		fetch: (input: RequestInfo | URL, init?: RequestInit) => context.api.fetch(input, init),
		headers: callerHeaders(request),
	});
}

/** What Cloudflare says of where a request comes from, and the browser of itself: the api counts, records and decides by these. */
const WHENCE_HEADERS = ['cf-connecting-ip', 'cf-ipcountry', 'user-agent', 'sec-gpc'] as const;

/**
 * What the api checks and counts a caller by. Cloudflare writes its `cf-` headers over what a client sends under these names;
 * one that it did not write is left out, so that the app's own request does not stand for a browser's.
 */
export function callerHeaders(request: Request): Record<string, string> {
	const headers: Record<string, string> = {
		cookie: request.headers.get('cookie') ?? '',
		origin: originOf(request),
	};
	for (const name of WHENCE_HEADERS) {
		const value = request.headers.get(name);
		if (value !== null) headers[name] = value;
	}
	const region = regionOf(request);
	if (region !== null) headers['cf-region-code'] = region;
	return headers;
}

const AtTheEdge = z.object({ cf: z.object({ regionCode: z.string().regex(/^[A-Z0-9]{1,3}$/) }) });

/** The state that Cloudflare tells a Worker beside the request; the country alone has a header by itself. */
function regionOf(request: Request): string | null {
	const told = AtTheEdge.safeParse(request);
	return told.success ? told.data.cf.regionCode : request.headers.get('cf-region-code');
}

/**
 * Where the form that was sent stands. The browser's word when it gives one, so that the api refuses another site's form
 * here as it does at its own door; a plain visit gives none.
 */
export function originOf(request: Request): string {
	return request.headers.get('origin') ?? new URL(request.url).origin;
}

/** The api's own sentence for a refusal; a general one when the answer is not in its shape. */
export async function refusalOf(answer: Answer): Promise<Refusal> {
	try {
		const body = RefusalBody.safeParse(await answer.json());
		if (!body.success) return UNREADABLE;
		const { code, message, details } = body.data.error;
		return { code, message, ...(details === undefined ? {} : { details }) };
	} catch {
		return UNREADABLE;
	}
}

/** Whether the session ended meanwhile; the typed client knows a route's own answers only. */
export function isSignedOut(answer: Pick<Answer, 'status'>): boolean {
	return answer.status === 401;
}

/**
 * What a page does with an answer it cannot show: 401 leads to sign-in and back here, a session without an account to where one
 * is chosen or opened, a step that wants a fresh proof to where that is given, anything else becomes the page for that
 * status with the api's sentence in it.
 */
export async function turnedAway(answer: Answer, request: Request): Promise<Response> {
	if (isSignedOut(answer)) return redirect(signInPath(request));
	const { code, message } = await refusalOf(answer);
	if (code === 'account_required') return redirect(accountsPath(request));
	if (code === 'reauthentication_required') return redirect(provePath(request));
	return new Response(message, { status: answer.status >= 500 ? 503 : answer.status });
}

const NEEDS_ANOTHER_PAGE = new Set(['account_required', 'reauthentication_required']);

/**
 * A refusal to show where the person is looking. Whoever has to sign in, to choose an account or to show again that it is
 * them is led there instead, and comes back.
 */
export async function refusalOrAway(
	answer: Answer & { clone(): { json(): Promise<unknown> } },
	request: Request,
): Promise<Refusal> {
	const refusal = await refusalOf({ status: answer.status, json: () => answer.clone().json() });
	if (isSignedOut(answer) || NEEDS_ANOTHER_PAGE.has(refusal.code)) throw await turnedAway(answer, request);
	return refusal;
}
