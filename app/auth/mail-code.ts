import { z } from 'zod';

import { refusalOf } from '../api';
import { postAuth, redirectWithCookies } from '../auth';
import type { LoadContext } from '../load-context';
import { pendingCookie, type Pending } from './pending';

const TYPES = { 'sign-up': 'email-verification', 'sign-in': 'sign-in', reset: 'forget-password' } as const;

const Sent = z.object({ minutes: z.number() });

type Step = Omit<Pending, 'sentAtMs' | 'minutes' | 'step'> & { readonly step: keyof typeof TYPES };

/** Mails a code to whoever is at this step: the redirect to where it is typed, or the api's refusal when it is not mailed. */
export async function mailCode(context: LoadContext, request: Request, step: Step, to: string) {
	const body = { email: step.email, type: TYPES[step.step] };
	const answer = await postAuth(context, request, 'email-otp/send-verification-otp', body);
	if (!answer.ok) return { isMailed: false as const, refusal: await refusalOf(answer) };
	const { minutes } = Sent.parse(await answer.json());
	const pending = pendingCookie({ ...step, sentAtMs: Date.now(), minutes }, request);
	return { isMailed: true as const, led: redirectWithCookies(to, answer, pending) };
}
