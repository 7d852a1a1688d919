import { and, eq } from 'drizzle-orm';

import { consents, subjects } from '../../../schema/consents';
import type { Channel } from '../../../studios/publish-rules';
import { accountIdWhile, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import type { AccessDeps } from '../deps';
import { AppError, lacks, notFound } from '../errors';
import { firstChannels } from './channels';
import { type ConsentElements, missingElements } from './consent-elements';
import { type Consent, toConsent } from './read-consent';
import { sealElements } from './sealed-elements';
import { openReference } from './subject-reference';

/** California's CMIA ends an authorization after a year unless the signer asks for longer; ten years is past any use. */
const LIFETIME_DAYS_MAX = 3653;
const DAY_MS = 86_400_000;

/**
 * Records an authorization: `active` when every element is there, else `draft` with what is missing named. Words and names in it
 * are sealed under the subject's key.
 * `channels`: fewer uses than the purposes mean, if the signer chose so.
 * Refuses an end date that is past or over ten years away, a signature dated tomorrow, a foreign subject, and
 * (`conflict`) one who was erased.
 */
export async function createConsent(
	deps: Pick<AccessDeps, 'db' | 'now' | 'newId' | 'studio' | 'vault'>,
	input: { actor: Actor; subjectId: string; elements: ConsentElements; channels?: readonly Channel[] | undefined },
): Promise<Consent> {
	const { db, newId, studio } = deps;
	const { actor, elements } = input;
	const nowMs = deps.now().getTime();
	refuseImpossibleDates(elements, nowMs);

	const [subject] = await db
		.select({ id: subjects.id, reference: subjects.reference })
		.from(subjects)
		.where(and(eq(subjects.id, input.subjectId), eq(subjects.accountId, actor.accountId)));
	if (subject === undefined) throw notFound('patient');

	const [sealed, subjectReference] = await Promise.all([
		sealElements(deps, { subjectId: subject.id, elements }),
		openReference(deps, { subjectId: subject.id, reference: subject.reference }),
	]);
	const row = {
		...elements,
		...sealed,
		purposes: [...elements.purposes],
		channels: firstChannels(elements.purposes, input.channels),
		id: newId('consent'),
		accountId: actor.accountId,
		subjectId: subject.id,
		state: missingElements(elements).length === 0 ? ('active' as const) : ('draft' as const),
		textVersion: studio.consentTextVersion,
		createdAtMs: nowMs,
		revokedAtMs: null,
		narrowedAtMs: null,
	};
	try {
		await db.insert(consents).values({ ...row, accountId: accountIdWhile(deps, actor, 'consents:write') });
	} catch (cause) {
		if (!lacks(cause, 'consents.account_id')) throw cause;
		throw (await refusalOfStanding(deps, actor, 'consents:write')) ?? cause;
	}
	return toConsent({ ...row, subjectReference }, nowMs);
}

function refuseImpossibleDates(elements: ConsentElements, nowMs: number): void {
	if (elements.expiresAtMs !== null) {
		if (elements.expiresAtMs <= nowMs) {
			throw new AppError('invalid_input', 'The end date is past. Choose one that lies ahead.');
		}
		if (elements.expiresAtMs > nowMs + LIFETIME_DAYS_MAX * DAY_MS) {
			throw new AppError('invalid_input', 'The end date is more than 10 years away. Choose an earlier one.');
		}
	}
	if (elements.signedAtMs !== null && elements.signedAtMs > nowMs + DAY_MS) {
		throw new AppError('invalid_input', 'The signature is dated in the future. Use the day it was signed.');
	}
}
