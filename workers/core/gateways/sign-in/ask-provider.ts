import type { z } from 'zod';

import { readAtMost } from '../read-at-most';
import { SignInFailure } from './sign-in-gateway';

/** A person waits for it in front of a blank page. */
const TIMEOUT_MS = 10_000;
/** Tokens, key sets and a person's addresses are a few KB. */
const ANSWER_BYTES_MAX = 256 * 1024;

/**
 * One request to a provider, its answer parsed. Redirects are not followed: they would carry the client's secret elsewhere.
 * `SignInFailure` is `provider_unavailable` when nothing useful came (no answer, 429, 5xx, a redirect, too much, no JSON) and
 * `provider_refused` for every other status and for JSON of another shape.
 */
export async function askProvider<Schema extends z.ZodType>(
	fetcher: typeof fetch,
	schema: Schema,
	url: string,
	init: RequestInit = {},
): Promise<z.output<Schema>> {
	const { status, text } = await send(fetcher, url, init);
	if (status >= 500 || status === 429 || (status >= 300 && status < 400)) {
		throw new SignInFailure('provider_unavailable', `The provider answered ${status}.`);
	}
	if (status !== 200) throw new SignInFailure('provider_refused', `The provider answered ${status}.`);
	const parsed = schema.safeParse(parseJson(text));
	if (parsed.success) return parsed.data;
	// Which fields are wrong, without their values.
	const fields = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
	throw new SignInFailure('provider_refused', `The provider's answer has another shape: ${fields}.`);
}

async function send(fetcher: typeof fetch, url: string, init: RequestInit): Promise<{ status: number; text: string }> {
	let bytes: Uint8Array | null;
	let status: number;
	try {
		const response = await fetcher(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
		status = response.status;
		bytes = response.body === null ? new Uint8Array() : await readAtMost(response.body, ANSWER_BYTES_MAX);
	} catch (cause) {
		throw new SignInFailure('provider_unavailable', 'The provider did not answer.', { cause });
	}
	if (bytes === null) throw new SignInFailure('provider_unavailable', 'The provider answered more than an answer has.');
	return { status, text: new TextDecoder().decode(bytes) };
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new SignInFailure('provider_unavailable', 'The provider answered no JSON.', { cause });
	}
}
