import { z } from 'zod';

import type { Refusal } from '../api';
import { textOf } from '../form';

/** What the api asks for before it makes an account for a network that made many: a Turnstile check. */
const ChallengeTask = z.object({ siteKey: z.string(), scriptUrl: z.url() });
export type ChallengeTask = z.infer<typeof ChallengeTask>;

/** The field that the widget adds to the form around it. */
const FIELD = 'cf-turnstile-response';

/** The check that a refusal asks for, if it asks for one. */
export function challengeIn({ code, details }: Refusal): ChallengeTask | null {
	if (code !== 'challenge_required') return null;
	return ChallengeTask.safeParse(details).data ?? null;
}

/** The token of a check that was passed in this form, as the api takes it. */
export function challengeHeaders(form: FormData): Record<string, string> {
	const token = textOf(form, FIELD);
	return token === '' ? {} : { 'x-captcha-response': token };
}
