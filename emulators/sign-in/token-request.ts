import { auth } from 'hono/utils/basic-auth';
import { z } from 'zod';

const Body = z.object({
	grant_type: z.string().default(''),
	code: z.string().default(''),
	redirect_uri: z.string().optional(),
	code_verifier: z.string().optional(),
	refresh_token: z.string().default(''),
	token: z.string().default(''),
	client_id: z.string().default(''),
	client_secret: z.string().default(''),
});

/** What a token endpoint was asked; what is missing is empty, so each provider refuses it in its own words. */
export type TokenRequest = z.output<typeof Body>;

/**
 * Reads the body of a token request: form-encoded, or JSON where `takesJson`. Credentials may come as HTTP Basic instead
 * (RFC 6749 §2.3.1). Anything else reads as empty.
 */
export async function readTokenRequest(request: Request, takesJson = false): Promise<TokenRequest> {
	const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
	const text = await request.text();
	const isJson = takesJson && type === 'application/json';
	const isForm = type === 'application/x-www-form-urlencoded';
	const fields: unknown = isJson ? parseJson(text) : Object.fromEntries(new URLSearchParams(isForm ? text : ''));
	const body = Body.safeParse(fields).data ?? Body.parse({});
	const basic = auth(request);
	return basic ? { ...body, client_id: basic.username, client_secret: basic.password } : body;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
