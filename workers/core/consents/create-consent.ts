import { and, eq } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { consents, subjects } from '../../../schema/consents';
import type { Channel } from '../../../studios/publish-rules';
import { accountIdWhile, refusalOfStanding } from '../accounts/standing';
import type { Actor } from '../actor';
import type { AccessDeps } from '../deps';
import { lacks, notFound } from '../errors';
import { firstChannels } from './channels';
import { requireDates } from './consent-dates';
import { type ConsentElements, missingElements } from './consent-elements';
import { type Consent, toConsent } from './read-consent';
import { sealElements } from './sealed-elements';
import { openReference } from './subject-reference';

/**
 * Records an authorization: `active` when every element is there, else `draft` with what is missing named. Words and names in it
 * are sealed under the subject's key.
 * `channels`: fewer uses than the purposes mean, if the signer chose so.
 * Refuses dates that the rules of the practice's place do not allow (`requireDates`), a foreign subject, and (`conflict`) one who
 * was erased.
 */
export async function createConsent(
	deps: Pick<AccessDeps, 'db' | 'now' | 'newId' | 'studio' | 'vault'>,
	input: {
		actor: Actor;
		subjectId: string;
		elements: ConsentElements;
		channels?: readonly Channel[] | undefined;
		/** As in `requireDates`. */
		comesOfAgeAtMs?: number | null | undefined;
	},
): Promise<Consent> {
	const { db, newId, studio } = deps;
	const { actor, elements } = input;
	const nowMs = deps.now().getTime();

	const [subject] = await db
		.select({ id: subjects.id, reference: subjects.reference, jurisdiction: accounts.jurisdiction })
		.from(subjects)
		.innerJoin(accounts, eq(accounts.id, subjects.accountId))
		.where(and(eq(subjects.id, input.subjectId), eq(subjects.accountId, actor.accountId)));
	if (subject === undefined) throw notFound('patient');
	requireDates(deps, { ...input, jurisdiction: subject.jurisdiction });

	const [sealed, subjectReference] = await Promise.all([
		sealElements(deps, { subjectId: subject.id, elements }),
		openReference(deps, { subjectId: subject.id, reference: subject.reference }),
	]);
	const isSigned = missingElements(elements).length === 0;
	const row = {
		...elements,
		...sealed,
		purposes: [...elements.purposes],
		channels: firstChannels(elements.purposes, input.channels),
		id: newId('consent'),
		accountId: actor.accountId,
		subjectId: subject.id,
		state: isSigned ? ('active' as const) : ('draft' as const),
		textVersion: studio.consentTextVersion,
		signedVia: isSigned ? ('staff' as const) : null,
		signature: null,
		signedTextHash: null,
		paperUploadId: null,
		checkedBy: null,
		checkedAtMs: null,
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
