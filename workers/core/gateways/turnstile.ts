import { z } from 'zod';

import { AppError, ConfigError } from '../errors';
import { readAtMost } from './read-at-most';

/** Cloudflare's own address; its script and its frame come from there too, and are not to be served by anybody else. */
export const TURNSTILE_ADDRESS = 'https://challenges.cloudflare.com/turnstile';

/** No real token is longer (facts: protocols §10.2). */
const TOKEN_LENGTH_MAX = 2048;
/** Somebody waits for it, at a form. */
const MILLISECONDS_MAX = 3000;
const ANSWER_BYTES_MAX = 16 * 1024;
const TRIES_MAX = 2;

const Verdict = z.object({
	success: z.boolean(),
	hostname: z.string().optional(),
	action: z.string().optional(),
	'error-codes': z.array(z.string()).default([]),
});

/** Tells people from programs, by a widget on the page. */
export interface ChallengeGateway {
	/** What the page shows the widget with; no secret. */
	siteKey: string;
	scriptUrl: string;
	/** Whether the widget gave this token for this action, on a page of ours, and nobody brought it before. */
	isPassed(input: { token: string; action: string }): Promise<boolean>;
}

/**
 * Cloudflare Turnstile. It is not told from where somebody asks. A token is checked for its page and its action, since one
 * from another site of the same widget would pass otherwise. Without an answer in 3 seconds it throws `upstream_unavailable`:
 * only who looked suspicious is asked, so nobody else waits for it.
 */
export function createTurnstile(
	config: { siteKey: string; secret: string; baseUrl: string; hostname: string },
	{ fetcher, newKey = () => crypto.randomUUID() }: { fetcher: typeof fetch; newKey?: () => string },
): ChallengeGateway {
	const { siteKey, secret, baseUrl, hostname } = config;
	return {
		siteKey,
		scriptUrl: `${baseUrl}/v0/api.js`,
		async isPassed({ token, action }) {
			if (token === '' || token.length > TOKEN_LENGTH_MAX) return false;
			const order = { secret, response: token, idempotency_key: newKey() };
			const verdict = await ask(`${baseUrl}/v0/siteverify`, JSON.stringify(order), fetcher);
			if (verdict['error-codes'].some((code) => code.endsWith('-secret'))) {
				throw new ConfigError('TURNSTILE_SECRET is not the secret of TURNSTILE_SITE_KEY.');
			}
			return verdict.success && verdict.hostname === hostname && verdict.action === action;
		},
	};
}

/** Asks once more when no answer came: under the same idempotency key a token counts once. */
async function ask(url: string, body: string, fetcher: typeof fetch): Promise<z.output<typeof Verdict>> {
	const signal = AbortSignal.timeout(MILLISECONDS_MAX);
	for (let attempt = 1; ; attempt += 1) {
		try {
			return await askOnce(
				url,
				{ method: 'POST', headers: { 'content-type': 'application/json' }, body, signal },
				fetcher,
			);
		} catch (cause) {
			if (attempt < TRIES_MAX && !signal.aborted) continue;
			throw new AppError(
				'upstream_unavailable',
				'Whether you are a person could not be checked just now. Nothing was changed. Try again in a minute.',
				{ cause },
			);
		}
	}
}

async function askOnce(url: string, init: RequestInit, fetcher: typeof fetch): Promise<z.output<typeof Verdict>> {
	const response = await fetcher(url, init);
	const bytes = response.body === null ? null : await readAtMost(response.body, ANSWER_BYTES_MAX);
	if (!response.ok || bytes === null) throw new Error(`Turnstile answered ${response.status}.`);
	const verdict = Verdict.parse(JSON.parse(new TextDecoder().decode(bytes)));
	if (verdict['error-codes'].includes('internal-error')) throw new Error('Turnstile could not check the token.');
	return verdict;
}
