import { and, eq, ne, sql } from 'drizzle-orm';

import { consents } from '../../../schema/consents';
import { uploads } from '../../../schema/uploads';
import type { Channel } from '../../../studios/publish-rules';
import { hasStanding, refusalOfStanding } from '../accounts/standing';
import type { Actor, Whence } from '../actor';
import { auditGateStatement, isGateShut } from '../audit/audit-statement';
import type { AccessDeps, Deps } from '../deps';
import { AppError, notFound } from '../errors';
import { KEPT_UNTIL_MS } from '../uploads/upload-state';
import { isCheckedPaper } from './checked-paper';
import { completeWhile } from './complete-consent';
import { CONSENT_ELEMENTS, type ConsentElements, missingElements } from './consent-elements';
import type { Consent } from './read-consent';

export type Element = (typeof CONSENT_ELEMENTS)[number];

/**
 * Makes a draft active by its paper, for staff who compared the two: every element typed as it stands there, and each ticked as seen (DD-28).
 * From then on the paper is kept as long as the consent. Refuses (`invalid_input`) an element that is missing or was not seen, by
 * name, (`upload_incomplete`) a draft without its paper, and what `completeWhile` refuses. The same again answers the same.
 */
export async function recordPaper(
	deps: Pick<AccessDeps, 'db' | 'now' | 'newId' | 'studio' | 'vault'>,
	input: {
		actor: Actor;
		whence: Whence;
		consentId: string;
		elements: ConsentElements;
		channels?: readonly Channel[] | undefined;
		comesOfAgeAtMs?: number | null | undefined;
		checked: readonly Element[];
	},
): Promise<Consent> {
	const { actor, consentId, elements, channels, comesOfAgeAtMs, checked } = input;
	const nowMs = deps.now().getTime();
	const isOwn = and(eq(consents.id, consentId), eq(consents.accountId, actor.accountId));
	const [known] = await deps.db.select({ state: consents.state }).from(consents).where(isOwn);
	if (known === undefined) throw notFound('consent');
	requireSeen(elements, checked);

	const holds = sql`${consents.accountId} = ${actor.accountId} and ${hasStanding(deps, actor, 'consents:write')}
		and exists (select 1 from ${uploads} u where u.id = ${consents.paperUploadId}
			and u.state = 'ready' and u.delete_at_ms > ${nowMs})`;
	const signing = {
		elements,
		channels,
		comesOfAgeAtMs,
		via: 'paper' as const,
		signature: null,
		signedTextHash: null,
		checkedBy: actor.userId,
	};
	const recorded = await completeWhile(deps, { consentId, signing, holds });
	if (recorded === null) {
		throw (await refusalOfStanding(deps, actor, 'consents:write')) ?? (await whyNoPaper(deps, consentId));
	}
	await keepPaper(deps, input);
	return recorded;
}

function requireSeen(elements: ConsentElements, checked: readonly Element[]): void {
	const missing = missingElements(elements);
	if (missing.length > 0) {
		throw new AppError('invalid_input', missing.map(({ sentence }) => sentence).join(' '), {
			details: { fields: missing.map(({ element }) => element) },
		});
	}
	const isSelf = elements.signerRole === 'patient';
	const unseen = CONSENT_ELEMENTS.filter(
		(element) => !checked.includes(element) && !(isSelf && element === 'representativeAuthority'),
	);
	if (unseen.length === 0) return;
	throw new AppError(
		'invalid_input',
		`${unseen.length} of the elements ${unseen.length === 1 ? 'is' : 'are'} not ticked as seen. Look for each on the paper; have the patient add and initial what is missing.`,
		{ details: { fields: unseen, reason: 'not_seen' } },
	);
}

/** From now its paper stays; with the entry of who compared them, once. A crash before it is made good by the sweep. */
async function keepPaper(
	deps: Pick<Deps, 'db' | 'now' | 'newId'>,
	{ actor, whence, consentId }: { actor: Actor; whence: Whence; consentId: string },
): Promise<void> {
	const isPaper = and(eq(uploads.consentId, consentId), eq(uploads.state, 'ready'), isCheckedPaper());
	const isToKeep = and(isPaper, ne(uploads.deleteAtMs, KEPT_UNTIL_MS));
	const holds = sql`exists (select 1 from ${uploads} where ${isToKeep})`;
	const entry = { action: 'paper.checked', targetId: consentId } as const;
	try {
		await deps.db.batch([
			auditGateStatement(deps, { actor, whence }, entry, holds),
			deps.db.update(uploads).set({ deleteAtMs: KEPT_UNTIL_MS }).where(isToKeep),
		]);
	} catch (cause) {
		// It was kept before: the same order came twice.
		if (!isGateShut(cause)) throw cause;
	}
}

async function whyNoPaper({ db }: Pick<Deps, 'db'>, consentId: string): Promise<AppError> {
	const [consent] = await db.select({ state: consents.state }).from(consents).where(eq(consents.id, consentId));
	if (consent === undefined) return notFound('consent');
	if (consent.state !== 'draft') {
		return new AppError('conflict', 'This consent is signed or ended already. Record a new one for another paper.');
	}
	return new AppError('upload_incomplete', 'The paper is not here. Photograph it or choose its PDF first.');
}
