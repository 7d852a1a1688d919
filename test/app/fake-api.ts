import { NO_TRACKERS } from '../../app/measure/tracker-config';
import type { AppLoadContext } from '@remix-run/cloudflare';

import type { StudioSlug } from '../../studios/studio';

export interface Called {
	readonly method: string;
	readonly path: string;
	readonly headers: Headers;
	readonly body: unknown;
}

type Answers = Readonly<Record<string, () => Response | Promise<Response>>>;

/**
 * A load context whose api answers by "METHOD /path" and remembers what it was asked. What it does not know throws, so
 * that a page cannot make a call its test did not expect.
 */
export function givenApi(
	answers: Answers,
	studio: StudioSlug = 'dental',
): { context: AppLoadContext; called: Called[] } {
	const called: Called[] = [];
	const context: AppLoadContext = {
		studio,
		mediaOrigin: 'https://media.example',
		trackers: NO_TRACKERS,
		api: {
			async fetch(input, init) {
				const request = new Request(input, init);
				const { pathname } = new URL(request.url);
				const text = await request.text();
				called.push({
					method: request.method,
					path: pathname,
					headers: request.headers,
					body: text === '' ? null : JSON.parse(text),
				});
				const answer = answers[`${request.method} ${pathname}`];
				if (answer === undefined) throw new Error(`unexpected call: ${request.method} ${pathname}`);
				return answer();
			},
		},
	};
	return { context, called };
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
	return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

export function refusal(status: number, code: string, message: string, details?: Record<string, unknown>): Response {
	return json({ error: { code, message, ...(details === undefined ? {} : { details }) } }, status);
}

export function get(path: string, headers: Record<string, string> = {}): Request {
	return new Request(`https://app.example${path}`, { headers });
}

export function post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Request {
	return new Request(`https://app.example${path}`, { method: 'POST', body: new URLSearchParams(fields), headers });
}

/** What a loader or action throws or returns as a Response; fails the test when it is something else. */
export async function responseOf(work: Promise<unknown>): Promise<Response> {
	const result = await work.catch((thrown: unknown) => thrown);
	if (result instanceof Response) return result;
	throw new Error('no response', { cause: result });
}
