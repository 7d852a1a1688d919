import { createHash, randomBytes } from 'node:crypto';

export const CALLBACK = 'http://127.0.0.1:8788/v1/auth/callback';

/** A client's half of PKCE. */
export function newPkce(): { verifier: string; query: { code_challenge: string; code_challenge_method: string } } {
	const verifier = randomBytes(32).toString('base64url');
	const challenge = createHash('sha256').update(verifier).digest('base64url');
	return { verifier, query: { code_challenge: challenge, code_challenge_method: 'S256' } };
}

/** Answers the consent page as a browser's form would, and stops at the redirect. */
export function consent(authorizeUrl: string | URL, form: Record<string, string>): Promise<Response> {
	return fetch(authorizeUrl, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
}

export function withQuery(address: string, query: Record<string, string | undefined>): URL {
	const url = new URL(address);
	for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
	return url;
}

/** The parameters that a redirect takes back to the client. */
export function sentBack(answer: Response): Record<string, string> {
	return Object.fromEntries(new URL(answer.headers.get('location')!).searchParams);
}

export function postForm(
	address: string,
	form: Record<string, string | undefined>,
	headers: Record<string, string> = {},
) {
	const body = new URLSearchParams();
	for (const [name, value] of Object.entries(form)) if (value !== undefined) body.set(name, value);
	return fetch(address, { method: 'POST', body, headers });
}

export async function jsonOf(answer: Response | Promise<Response>): Promise<Record<string, unknown>> {
	return (await answer).json() as Promise<Record<string, unknown>>;
}
