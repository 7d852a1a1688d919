import { redirect } from '@remix-run/cloudflare';
import { hc } from 'hono/client';
import { z } from 'zod';

import type { Api } from '../workers/api/index';
import type { LoadContext } from './load-context';
import { accountsPath, signInPath } from './paths';

const RefusalBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

export interface Refusal {
	readonly code: string;
	readonly message: string;
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

/** The app's only way to data. The caller's cookie and origin travel; the binding, not the URL, decides the target. */
export function apiFor(context: LoadContext, request: Request) {
	return hc<Api>('https://api', {
		fetch: (input: RequestInfo | URL, init?: RequestInit) => context.api.fetch(input, init),
		headers: {
			cookie: request.headers.get('cookie') ?? '',
			origin: originOf(request),
		},
	});
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
		return body.success ? body.data.error : UNREADABLE;
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
 * is chosen or opened, anything else becomes
 * the page for that status with the api's sentence in it.
 */
export async function turnedAway(answer: Answer, request: Request): Promise<Response> {
	if (isSignedOut(answer)) return redirect(signInPath(request));
	const { code, message } = await refusalOf(answer);
	if (code === 'account_required') return redirect(accountsPath(request));
	return new Response(message, { status: answer.status >= 500 ? 503 : answer.status });
}
