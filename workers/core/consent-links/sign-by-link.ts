import { eq, sql } from 'drizzle-orm';

import { consentLinks, consents } from '../../../schema/consents';
import type { Channel } from '../../../studios/publish-rules';
import { completeWhile } from '../consents/complete-consent';
import { openElements } from '../consents/sealed-elements';
import type { Consent } from '../consents/read-consent';
import type { AccessDeps } from '../deps';
import { AppError } from '../errors';
import { isUnrestricted, restricted } from '../restriction/require-unrestricted';
import { offeredWords, textHashOf } from './authorization-words';
import { endedMeanwhile, findLink, isLinkOpen, type FindDeps, type FoundLink, type LinkHolder } from './find-link';
import { LINK_LIMITS } from './link-state';
import { patientStatement } from './note-by-patient';

const DAY_MS = 86_400_000;

type SignDeps = FindDeps & Pick<AccessDeps, 'newId' | 'vault'>;

export interface PatientSigning {
	signerName: string;
	/** Why somebody may sign for the patient; of a patient who signs it is not asked. */
	representativeAuthority: string | null;
	toldOfRevocation: boolean;
	toldTreatmentNotConditioned: boolean;
	toldOfRedisclosure: boolean;
	channels: readonly Channel[];
	expiresAtMs: number;
	/** JSON strokes; null: the name is typed. */
	signature: string | null;
	/** SHA-256 of the words that were shown, hex. */
	textHash: string;
}

export interface SignedByLink {
	signedAt: string;
	channels: Channel[];
	expiresAt: string;
	linkExpiresAt: string;
}

/**
 * The patient, or who may sign for them, signs by their link (N11, 45 CFR 164.508(c)). The words are made here once more: what was shown
 * has to be what would be kept, else it is refused (`conflict`). Signing again the same answers the same; another signature on what is
 * signed is refused (`conflict`). Refuses (`invalid_input`) a later end or more uses than were offered, and what is missing by name;
 * (`processing_restricted`) where nothing may begin. From then on the link lives as long as the consent, and 90 days.
 */
export async function signByLink(
	deps: SignDeps,
	input: { holder: LinkHolder; signing: PatientSigning },
): Promise<SignedByLink> {
	const found = await findLink(deps, input.holder);
	const { link, consent } = found;
	if (consent.state === 'draft') requireMayBegin(found);
	const elements = await elementsOf(deps, found, input.signing);
	const { channels, signature, textHash } = input.signing;
	const isFree = isUnrestricted({ accountId: link.accountId, subjectId: link.subjectId });
	const signed = await completeWhile(deps, {
		consentId: consent.id,
		signing: { elements, channels, via: 'link', signature, signedTextHash: textHash, checkedBy: null },
		// Whoever repeats what they signed before a restriction is answered; nothing new is signed under one.
		holds: sql`${isLinkOpen(deps, found)} and (consents.state <> 'draft' or ${isFree})`,
	});
	if (signed === null) throw endedMeanwhile();
	return keepLink(deps, found, signed);
}

function requireMayBegin({ restrictedAtMs, erasedAtMs }: FoundLink): void {
	if (restrictedAtMs !== null) throw restricted();
	if (erasedAtMs === null) return;
	throw new AppError('gone', 'Everything about this is being deleted at this moment, so there is nothing to sign.', {
		details: { reason: 'erased' },
	});
}

/** What will be kept as signed. Of a draft, no more than it offers, in the very words that were shown. */
async function elementsOf(deps: SignDeps, found: FoundLink, signing: PatientSigning) {
	const { consent } = found;
	const { signerName, expiresAtMs, toldOfRevocation, toldTreatmentNotConditioned, toldOfRedisclosure } = signing;
	const opened = await openElements(deps, { subjectId: consent.subjectId, elements: consent });
	const signerRole = consent.signerRole ?? ('patient' as const);
	const authority = signerRole === 'representative' ? (signing.representativeAuthority?.trim() ?? '') : '';
	const representativeAuthority = authority === '' ? null : authority;
	if (consent.state === 'draft') await requireOffered(deps, found, { ...signing, representativeAuthority });
	return {
		description: opened.description,
		discloser: opened.discloser,
		recipient: opened.recipient,
		purposes: consent.purposes,
		expiresAtMs,
		signerName: signerName.trim(),
		signerRole,
		representativeAuthority,
		signedAtMs: deps.now().getTime(),
		toldOfRevocation,
		toldTreatmentNotConditioned,
		toldOfRedisclosure,
	};
}

async function requireOffered(deps: SignDeps, found: FoundLink, signing: PatientSigning): Promise<void> {
	const { words } = await offeredWords(deps, found);
	if (signing.expiresAtMs > Date.parse(words.expiresAt)) {
		throw new AppError('invalid_input', 'This end is later than the practice offers. Choose an earlier day.', {
			details: { fields: ['expiresAt'] },
		});
	}
	if (signing.channels.some((channel) => !words.channels.includes(channel))) {
		throw new AppError('invalid_input', 'This allows more than the practice asks for. Leave it out.', {
			details: { fields: ['channels'] },
		});
	}
	const { channels, expiresAtMs, representativeAuthority, textHash } = signing;
	const chosen = {
		...words,
		channels: words.channels.filter((channel) => channels.includes(channel)),
		expiresAt: new Date(expiresAtMs).toISOString(),
		representativeAuthority,
	};
	if (textHashOf(chosen, deps.studio) === textHash) return;
	throw new AppError('conflict', 'The words have changed. Read them again, then sign.', {
		details: { reason: 'words_changed' },
	});
}

/** The link is the patient's from now on. A repeat does what a lost answer left out. */
async function keepLink(deps: SignDeps, found: FoundLink, signed: Consent): Promise<SignedByLink> {
	const { db } = deps;
	const nowMs = deps.now().getTime();
	const [kept, , stored] = await db.batch([
		db
			.update(consentLinks)
			.set({
				openedAtMs: sql`coalesce(${consentLinks.openedAtMs}, ${nowMs})`,
				expiresAtMs: sql`max(${consentLinks.expiresAtMs}, (select c.expires_at_ms from consents c where c.id = ${signed.id}) + ${LINK_LIMITS.daysAfter * DAY_MS})`,
			})
			.where(eq(consentLinks.id, found.link.id))
			.returning({ expiresAtMs: consentLinks.expiresAtMs }),
		patientStatement(deps, found, { action: 'consent.signed', at: signed.id }),
		db
			.select({ signedAtMs: consents.signedAtMs, expiresAtMs: consents.expiresAtMs })
			.from(consents)
			.where(eq(consents.id, signed.id)),
	]);
	const { signedAtMs = null, expiresAtMs = null } = stored[0] ?? {};
	if (signedAtMs === null || expiresAtMs === null) throw new Error(`consent ${signed.id} is signed without its dates`);
	return {
		signedAt: new Date(signedAtMs).toISOString(),
		channels: signed.channels,
		expiresAt: new Date(expiresAtMs).toISOString(),
		linkExpiresAt: new Date(kept[0]?.expiresAtMs ?? found.link.expiresAtMs).toISOString(),
	};
}
