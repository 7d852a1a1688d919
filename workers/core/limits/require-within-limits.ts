import { and, gt, gte, inArray, max } from 'drizzle-orm';

import { rateWindows } from '../../../schema/limits';
import type { Rates } from '../../../studios/studio';
import { AppError, violates } from '../errors';
import { limitStatements, windowsOf, type Limit, type LimitDeps } from './limit-statements';

/**
 * Counts one more of each before something is tried that no batch of ours does: a password that is hashed, a code that is
 * mailed. One D1 statement. Refused over the limit of any of them, and then none is counted.
 */
export async function requireWithinLimits(deps: LimitDeps, limits: readonly Limit[]): Promise<void> {
	const [statement] = limitStatements(deps, limits);
	if (statement === undefined) return;
	try {
		await statement;
	} catch (cause) {
		throw (await refusalOfLimit(deps, cause, limits)) ?? cause;
	}
}

/**
 * Why a batch with the statements of these limits failed, when one of them is the reason, with the seconds to wait in its
 * details (RFC 9110, 10.2.3); else null. One D1 statement, and none when it was something else.
 */
export async function refusalOfLimit(
	deps: LimitDeps,
	cause: unknown,
	limits: readonly Limit[],
): Promise<AppError | null> {
	if (!violates(cause, 'within_limit')) return null;
	const keys = windowsOf(deps, limits).map(({ key }) => key);
	const nowMs = deps.now().getTime();
	const isFull = and(
		inArray(rateWindows.key, keys),
		gt(rateWindows.endsAtMs, nowMs),
		gte(rateWindows.count, rateWindows.max),
	);
	const [full] = await deps.db
		.select({ untilMs: max(rateWindows.endsAtMs) })
		.from(rateWindows)
		.where(isFull);
	// None is full any more when its window ended between the two statements.
	const waitMs = Math.max((full?.untilMs ?? nowMs) - nowMs, 1000);
	const what = limits[0]?.what ?? 'signIn';
	return new AppError('too_many_requests', `${TOO_MANY[what]} ${waitSentence(waitMs)}`, {
		cause,
		details: { retryAfterSeconds: Math.ceil(waitMs / 1000) },
	});
}

const TRIES = 'Too many tries from here.';

const TOO_MANY: Readonly<Record<keyof Rates, string>> = {
	signUp: TRIES,
	signIn: TRIES,
	code: 'Too many codes were asked for.',
	check: TRIES,
	visit: TRIES,
	invite: 'Too many invitations in a short time.',
	upload: 'Too many photos in a short time.',
	order: 'Too many orders in a short time.',
	checkout: 'The till was opened too often in a short time.',
	invoice: 'Too many invoices were opened in a short time.',
	contact: 'Too many messages in a short time.',
	answer: 'Too many messages in a short time.',
	export: 'Too many copies in a day.',
	rights: 'Too many requests in a short time.',
	look: 'Too many questions in a short time.',
	provenance: 'Too many files were signed in a short time.',
	passcode: 'Too many passcodes were tried.',
	patientLink: 'This link was asked too often.',
	patientCopy: 'Three copies a day are the most by one link.',
	choose: 'Choices were made too often from here.',
	operate: TRIES,
};

/** Without a clock's time: whose clock it would be is not known. */
function waitSentence(waitMs: number): string {
	const minutes = Math.ceil(waitMs / 60_000);
	return `Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`}, then try again.`;
}
