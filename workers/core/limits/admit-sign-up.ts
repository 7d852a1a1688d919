import { and, eq, exists, gte, not, sql } from 'drizzle-orm';

import { rateWindows } from '../../../schema/limits';
import { isBelowAnotherDomain, refuseDisposable } from '../accounts/disposable-mail';
import { AppError } from '../errors';
import type { ChallengeGateway } from '../gateways/turnstile';
import { limitStatementWhile, windowsOf, type Limit, type LimitDeps } from './limit-statements';
import { refusalOfLimit, requireWithinLimits } from './require-within-limits';

/** What the widget on the sign-up page says it is for. */
export const SIGN_UP_ACTION = 'sign-up';

export interface AdmitDeps extends LimitDeps {
	challenge: ChallengeGateway;
}

/**
 * Lets a sign-up pass before anything is hashed or mailed: refused are throw-away mailboxes, more than the studio's rate, and,
 * where something looks suspicious, whoever brings no token of a passed challenge. What is refused for want of one is not
 * counted, so that who is asked has as many tries as who is not; a token that does not pass counts for the network alone, so
 * that nobody uses up somebody else's address with made-up ones. One D1 statement without suspicion, three at most.
 */
export async function admitSignUp(
	deps: AdmitDeps,
	input: { email: string; network: string | null; isTor: boolean; token: string | null },
): Promise<void> {
	const { email, network, isTor, token } = input;
	refuseDisposable(email);
	const ofNetwork: Limit = { what: 'signUp', by: 'network', value: network };
	const others: Limit[] = [
		{ what: 'signUp', by: 'address', value: email },
		// A sign-up mails a code.
		{ what: 'code', by: 'address', value: email },
		{ what: 'code', by: 'network', value: network },
	];
	const isOdd = isTor || isBelowAnotherDomain(email);
	if (!isOdd && (await isCountedBelowHalf(deps, ofNetwork, others))) return;
	if (token === null)
		throw challengeRequired(deps.challenge, 'This sign-up needs a check. Show that you are a person.');
	await requireWithinLimits(deps, [ofNetwork]);
	const isPassed = await deps.challenge.isPassed({ token, action: SIGN_UP_ACTION });
	if (!isPassed) throw challengeRequired(deps.challenge, 'The check did not pass, or is too old. Do it once more.');
	await requireWithinLimits(deps, others);
}

/**
 * Counts a sign-up while its network has not used up half of its own; false, with nothing counted, when it has. Without a network
 * there is no half.
 */
async function isCountedBelowHalf(deps: LimitDeps, ofNetwork: Limit, others: readonly Limit[]): Promise<boolean> {
	const limits = [ofNetwork, ...others];
	const [window] = windowsOf(deps, [ofNetwork]);
	if (window === undefined) {
		await requireWithinLimits(deps, limits);
		return true;
	}
	const { key, startsAtMs, max } = window;
	const isThis = and(eq(rateWindows.key, key), eq(rateWindows.startsAtMs, startsAtMs));
	const isPastHalf = exists(
		deps.db
			.select({ one: sql`1` })
			.from(rateWindows)
			.where(and(isThis, gte(rateWindows.count, max / 2))),
	);
	try {
		const counted = await limitStatementWhile(deps, limits, not(isPastHalf));
		return counted.length > 0;
	} catch (cause) {
		throw (await refusalOfLimit(deps, cause, limits)) ?? cause;
	}
}

/** The page needs both to show the widget. */
function challengeRequired({ siteKey, scriptUrl }: ChallengeGateway, sentence: string): AppError {
	return new AppError('challenge_required', sentence, { details: { siteKey, scriptUrl } });
}
