import { and, eq, type SQL } from 'drizzle-orm';

import { accounts } from '../../../schema/accounts';
import { consents, subjects } from '../../../schema/consents';
import type { Channel } from '../../../studios/publish-rules';
import type { AccessDeps } from '../deps';
import { AppError } from '../errors';
import { firstChannels } from './channels';
import { requireDates } from './consent-dates';
import { type ConsentElements, missingElements } from './consent-elements';
import { type Consent, toConsent } from './read-consent';
import { openElements, openSignature, sealElements, sealSignature } from './sealed-elements';
import { openReference } from './subject-reference';

type SigningDeps = Pick<AccessDeps, 'db' | 'now' | 'studio' | 'vault'>;
type ConsentRow = typeof consents.$inferSelect;

/** What makes a draft a signed authorization. */
export interface Signing {
	elements: ConsentElements;
	/** Fewer uses than the purposes mean, if the signer chose so; left out: all that they mean. */
	channels?: readonly Channel[] | undefined;
	via: 'staff' | 'link' | 'paper';
	/** Drawn by finger, JSON strokes; null: the name was typed, or stands on paper. */
	signature: string | null;
	/** SHA-256 of the words that were shown to whoever signed, hex; null: not signed on a page of ours. */
	signedTextHash: string | null;
	/** The id of whoever compared the paper with its elements; null: nobody had to. */
	checkedBy: string | null;
	/** As in `requireDates`. */
	comesOfAgeAtMs?: number | null | undefined;
}

/**
 * Makes a draft active, once, with everything it was signed with, for whoever `holds` says may: true in the statement that writes, for
 * the row of `consents` that it is about. Null where it is not, with nothing written. Refuses (`invalid_input`) missing elements by
 * name, dates that the rules do not allow and channels beyond the purposes or none, and (`conflict`) a consent that is no draft any
 * more: what was signed is never written over. The same signing again answers the same.
 */
export async function completeWhile(
	deps: SigningDeps,
	input: { consentId: string; signing: Signing; holds: SQL },
): Promise<Consent | null> {
	const { db } = deps;
	const { signing } = input;
	const nowMs = deps.now().getTime();
	const isMeant = and(eq(consents.id, input.consentId), input.holds);
	const [row] = await db.select().from(consents).where(isMeant);
	if (row === undefined) return null;
	const [place] = await db
		.select({ reference: subjects.reference, jurisdiction: accounts.jurisdiction })
		.from(subjects)
		.innerJoin(accounts, eq(accounts.id, subjects.accountId))
		.where(eq(subjects.id, row.subjectId));
	if (place === undefined) return null;
	const { subjectId } = row;
	const subjectReference = await openReference(deps, { subjectId, reference: place.reference });
	if (row.state !== 'draft') {
		if (!(await isSameSigning(deps, row, signing))) throw signedAlready(row);
		return toConsent({ ...row, subjectReference }, nowMs);
	}

	const [changed] = await db
		.update(consents)
		.set(await signedColumns(deps, { subjectId, jurisdiction: place.jurisdiction, signing }))
		.where(and(isMeant, eq(consents.state, 'draft')))
		.returning();
	// Another was faster, or it does not hold any more: what is there now decides.
	return changed === undefined ? completeWhile(deps, input) : toConsent({ ...changed, subjectReference }, nowMs);
}

async function signedColumns(
	deps: SigningDeps,
	order: { subjectId: string; jurisdiction: (typeof accounts.$inferSelect)['jurisdiction']; signing: Signing },
): Promise<Partial<ConsentRow>> {
	const { subjectId, jurisdiction, signing } = order;
	const { elements, via, signature, signedTextHash, checkedBy, comesOfAgeAtMs } = signing;
	const missing = missingElements(elements);
	if (missing.length > 0) {
		throw new AppError('invalid_input', missing.map(({ sentence }) => sentence).join(' '), {
			details: { fields: missing.map(({ element }) => element) },
		});
	}
	requireDates(deps, { elements, jurisdiction, comesOfAgeAtMs });
	const channels = firstChannels(elements.purposes, signing.channels);
	if (channels.length === 0) {
		throw new AppError('invalid_input', 'No use is left. Choose at least one, or do not sign.', {
			details: { fields: ['channels'] },
		});
	}
	const [sealed, sealedSignature] = await Promise.all([
		sealElements(deps, { subjectId, elements }),
		sealSignature(deps, { subjectId, signature }),
	]);
	return {
		...elements,
		...sealed,
		purposes: [...elements.purposes],
		channels,
		state: 'active',
		// The words that were read are those of now, not those of when the draft was begun.
		textVersion: deps.studio.consentTextVersion,
		signedVia: via,
		signature: sealedSignature,
		signedTextHash,
		checkedBy,
		checkedAtMs: checkedBy === null ? null : deps.now().getTime(),
	};
}

/** Whether it is the very signature that is stored: over the same words where they have a hash, else over the same elements. */
async function isSameSigning(deps: SigningDeps, row: ConsentRow, signing: Signing): Promise<boolean> {
	if (row.state === 'revoked') return false;
	const { elements, via, signature, signedTextHash, checkedBy } = signing;
	const isAlike =
		row.signedVia === via &&
		row.signedTextHash === signedTextHash &&
		row.checkedBy === checkedBy &&
		row.signerRole === elements.signerRole;
	if (!isAlike) return false;
	const { subjectId } = row;
	const [opened, openedSignature] = await Promise.all([
		openElements(deps, { subjectId, elements: row }),
		openSignature(deps, { subjectId, signature: row.signature }),
	]);
	if (opened.signerName !== elements.signerName || openedSignature !== signature) return false;
	if (signedTextHash !== null) return true;
	return (
		opened.description === elements.description &&
		opened.discloser === elements.discloser &&
		opened.recipient === elements.recipient &&
		opened.representativeAuthority === elements.representativeAuthority &&
		row.expiresAtMs === elements.expiresAtMs &&
		row.signedAtMs === elements.signedAtMs &&
		JSON.stringify(row.purposes) === JSON.stringify(elements.purposes)
	);
}

function signedAlready({ state }: Pick<ConsentRow, 'state'>): AppError {
	return new AppError(
		'conflict',
		state === 'revoked'
			? 'This consent was revoked, so it cannot be signed any more. Ask the practice for a new one.'
			: 'This consent is signed already, and what was signed is not changed. Ask the practice for a new one.',
	);
}
