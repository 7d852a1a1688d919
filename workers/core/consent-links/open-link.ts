import { and, eq, isNull } from 'drizzle-orm';

import { consentLinks } from '../../../schema/consents';
import type { Channel } from '../../../studios/publish-rules';
import type { AuthorizationSection } from '../../../studios/authorization';
import { channelsOf } from '../consents/channels';
import { consentStateAt } from '../consents/consent-elements';
import { openElements, openSignature } from '../consents/sealed-elements';
import { offeredWords, signedWords, type AuthorizationWords } from './authorization-words';
import { deletionSteps, type Deletion } from './deletion-steps';
import { findLink, type FindDeps, type FoundLink, type LinkHolder } from './find-link';
import { postedCopies, whatExists, type Existing, type ExistsDeps, type PostedCopy } from './what-exists';

export interface ToSign {
	state: 'to_sign';
	practice: string;
	/** As it is offered. */
	words: AuthorizationWords;
	/** What each purpose needs. */
	purposes: { purpose: string; channels: Channel[] }[];
	expiresAtMost: string;
	linkExpiresAt: string;
}

export interface Signed extends Existing {
	state: 'signed';
	practice: string;
	linkExpiresAt: string;
	consent: {
		state: 'active' | 'expired' | 'revoked';
		signerName: string | null;
		signerRole: 'patient' | 'representative' | null;
		signedAt: string | null;
		signedVia: 'staff' | 'link' | 'paper' | null;
		expiresAt: string | null;
		revokedAt: string | null;
		narrowedAt: string | null;
		channels: Channel[];
		channelsSigned: Channel[];
	};
	words: AuthorizationWords | null;
	text: AuthorizationSection[] | null;
	textHash: string | null;
	/** JSON strokes; null: the name was typed. */
	signature: string | null;
	isPaused: boolean;
	posted: PostedCopy[];
	deletion: Deletion | null;
}

const NOTHING: Existing = { photos: [], media: [], shares: { open: 0, until: null } };

/**
 * What a patient's link shows at this moment, to whoever holds it (N11): before signing all that the words need, afterwards what was
 * signed, what exists, and after a revocation how far the deletion is. It names no patient and nobody of the practice. Restricted media
 * are listed and not shown. Six D1 statements at most.
 */
export async function openLink(deps: FindDeps & ExistsDeps, holder: LinkHolder): Promise<ToSign | Signed> {
	const found = await findLink(deps, holder);
	const { consent, link } = found;
	// Of what is over nobody asks any more whether it was opened.
	if (link.openedAtMs === null && consent.state !== 'revoked') await markOpened(deps, found);
	if (consent.state === 'draft') return toSign(deps, found);
	return signed(deps, found, consentStateAt(consent.state, consent.expiresAtMs, deps.now().getTime()));
}

async function markOpened({ db, now }: FindDeps, { link }: FoundLink): Promise<void> {
	await db
		.update(consentLinks)
		.set({ openedAtMs: now().getTime() })
		.where(and(eq(consentLinks.id, link.id), isNull(consentLinks.openedAtMs)));
}

async function toSign(deps: ExistsDeps, found: FoundLink): Promise<ToSign> {
	const { words, mostMs } = await offeredWords(deps, found);
	return {
		state: 'to_sign',
		practice: found.practice,
		words,
		purposes: words.purposes.map((purpose) => ({ purpose, channels: channelsOf([purpose]) })),
		expiresAtMost: iso(mostMs),
		linkExpiresAt: iso(found.link.expiresAtMs),
	};
}

async function signed(deps: ExistsDeps, found: FoundLink, state: string): Promise<Signed> {
	const { consent, link } = found;
	const isRevoked = state === 'revoked';
	const { subjectId } = consent;
	const [opened, signature] = await Promise.all([
		openElements(deps, { subjectId, elements: consent }),
		openSignature(deps, { subjectId, signature: consent.signature }),
	]);
	const { words, text, channelsSigned } = signedWords(deps, found, opened);
	const [existing, posted] = await Promise.all([
		isRevoked ? NOTHING : whatExists(deps, found),
		postedCopies(deps, found),
	]);
	const postedLeft = posted.filter((copy) => copy.removedAt === null).length;
	return {
		state: 'signed',
		practice: found.practice,
		linkExpiresAt: iso(link.expiresAtMs),
		consent: {
			state: isRevoked ? 'revoked' : state === 'expired' ? 'expired' : 'active',
			signerName: opened.signerName,
			signerRole: consent.signerRole,
			signedAt: isoOrNull(consent.signedAtMs),
			signedVia: consent.signedVia,
			expiresAt: isoOrNull(consent.expiresAtMs),
			revokedAt: isoOrNull(consent.revokedAtMs),
			narrowedAt: isoOrNull(consent.narrowedAtMs),
			channels: state === 'active' ? consent.channels : [],
			channelsSigned,
		},
		words,
		text,
		textHash: consent.signedTextHash,
		signature,
		isPaused: found.restrictedAtMs !== null,
		...existing,
		posted,
		deletion: isRevoked ? await deletionSteps(deps, found, { postedLeft }) : null,
	};
}

function isoOrNull(ms: number | null): string | null {
	return ms === null ? null : iso(ms);
}

function iso(ms: number): string {
	return new Date(ms).toISOString();
}
