import { z } from 'zod';

import { privateCookie, privateCookieOf } from '../private-cookie';

/*
 * What one step of a way in tells the next: the address above all, which must not stand in a page's address and would be
 * lost without script. Nothing here is a secret of ours, and nothing is believed: the api checks the code.
 */
const Pending = z.object({
	step: z.enum(['sign-up', 'sign-in', 'reset', 'email']),
	email: z.string().min(1).max(254),
	/** Where to go when it is done; '' for the usual place. */
	next: z.string(),
	sentAtMs: z.number(),
	/** How long the mailed code holds. */
	minutes: z.number(),
	/** Of a sign-up: who it is, and what is opened for them once their address is theirs. */
	name: z.string().max(120).optional(),
	/** Whether product updates are wanted. */
	wantsUpdates: z.boolean().optional(),
	account: z
		.object({ name: z.string().max(200), key: z.string().max(64), statementVersion: z.string().max(40).optional() })
		.optional(),
});

export type Pending = z.infer<typeof Pending>;

const NAME = 'step';
/** Longer than a mailed code holds, so that an ended code is still told apart from a lost step. */
const SECONDS = 60 * 30;
const NEXT_LENGTH_MAX = 500;

/** The step that this browser is in, when it is that one; null once it has ended. */
export function pendingOf(request: Request, step: Pending['step']): Pending | null {
	const value = privateCookieOf(request, NAME);
	if (value === null) return null;
	try {
		const pending = Pending.safeParse(JSON.parse(value));
		return pending.success && pending.data.step === step ? pending.data : null;
	} catch {
		return null;
	}
}

/** Read by the server alone, and gone after half an hour or with `null`. */
export function pendingCookie(pending: Pending | null, request: Request): string {
	const value = pending === null ? null : JSON.stringify({ ...pending, next: short(pending.next) });
	return privateCookie(request, NAME, value, SECONDS);
}

/** Browsers drop a cookie of more than 4 kB whole: better the usual place afterwards than no next step. */
function short(next: string): string {
	return next.length > NEXT_LENGTH_MAX ? '' : next;
}
