import { and, eq } from 'drizzle-orm';

import { rateWindows } from '../../../schema/limits';
import { isBelowAnotherDomain, refuseDisposable } from '../accounts/disposable-mail';
import { AppError } from '../errors';
import type { ChallengeGateway } from '../gateways/turnstile';
import { windowsOf, type Limit, type LimitDeps } from './limit-statements';
import { requireWithinLimits } from './require-within-limits';

/** What the widget on the sign-up page says it is for. */
export const SIGN_UP_ACTION = 'sign-up';

export interface AdmitDeps extends LimitDeps {
	challenge: ChallengeGateway;
}

/**
 * Lets a sign-up pass before anything is hashed or mailed: refused are throw-away mailboxes, more than the studio's rate, and,
 * where something looks suspicious, whoever brings no token of a passed challenge. What is refused for want of one is not
 * counted, so that who is asked has as many tries as who is not. Two D1 statements.
 */
export async function admitSignUp(
	deps: AdmitDeps,
	input: { email: string; network: string | null; isTor: boolean; token: string | null },
): Promise<void> {
	const { email, network, token } = input;
	refuseDisposable(email);
	const isSuspect = await isSuspicious(deps, input);
	if (isSuspect && token === null)
		throw challengeRequired(deps.challenge, 'This sign-up needs a check. Show that you are a person.');
	await requireWithinLimits(deps, [
		{ what: 'signUp', by: 'address', value: email },
		{ what: 'signUp', by: 'network', value: network },
		// A sign-up mails a code.
		{ what: 'code', by: 'address', value: email },
		{ what: 'code', by: 'network', value: network },
	]);
	if (!isSuspect || token === null) return;
	const isPassed = await deps.challenge.isPassed({ token, action: SIGN_UP_ACTION });
	if (!isPassed) throw challengeRequired(deps.challenge, 'The check did not pass, or is too old. Do it once more.');
}

/** Tor, a domain below another one, or a network that used up half of its sign-ups. */
async function isSuspicious(
	deps: LimitDeps,
	{ email, network, isTor }: { email: string; network: string | null; isTor: boolean },
): Promise<boolean> {
	if (isTor || isBelowAnotherDomain(email)) return true;
	const limit: Limit = { what: 'signUp', by: 'network', value: network };
	const [window] = windowsOf(deps, [limit]);
	if (window === undefined) return false;
	const [row] = await deps.db
		.select({ count: rateWindows.count })
		.from(rateWindows)
		.where(and(eq(rateWindows.key, window.key), eq(rateWindows.startsAtMs, window.startsAtMs)));
	return (row?.count ?? 0) >= window.max / 2;
}

/** The page needs both to show the widget. */
function challengeRequired({ siteKey, scriptUrl }: ChallengeGateway, sentence: string): AppError {
	return new AppError('challenge_required', sentence, { details: { siteKey, scriptUrl } });
}
