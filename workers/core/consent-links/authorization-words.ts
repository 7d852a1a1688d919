import { createHash } from 'node:crypto';

import {
	authorizationText,
	plainText,
	type AuthorizationInput,
	type AuthorizationSection,
} from '../../../studios/authorization';
import { lastsToMs, lifeRuleOf } from '../../../studios/consent-rules';
import { policyOn } from '../../../studios/policy/policy';
import {
	CHANNELS,
	type Channel,
	type Jurisdiction,
	JURISDICTIONS,
	jurisdictionOf,
} from '../../../studios/publish-rules';
import { channelsOf } from '../consents/channels';
import { openElements } from '../consents/sealed-elements';
import type { Deps } from '../deps';
import type { FoundLink } from './find-link';

/** What the words are made from beside the studio, as it is answered. */
export interface AuthorizationWords {
	jurisdiction: Jurisdiction;
	description: string;
	discloser: string;
	recipient: string;
	purposes: string[];
	channels: Channel[];
	expiresAt: string;
	signerRole: 'patient' | 'representative';
	representativeAuthority: string | null;
}

export type Opened = Awaited<ReturnType<typeof openElements>>;

type WordsDeps = Pick<Deps, 'now' | 'studio' | 'vault'>;

/** What a draft offers to whoever opens its link, and the longest that the rules of the practice's place allow. */
export async function offeredWords(
	deps: WordsDeps,
	found: Pick<FoundLink, 'consent' | 'jurisdiction'>,
): Promise<{ words: AuthorizationWords; mostMs: number }> {
	const { consent } = found;
	const { jurisdiction } = jurisdictionOf(deps.studio.slug, found.jurisdiction);
	const mostMs = lastsToMs(lifeRuleOf(jurisdiction), deps.now().getTime());
	const opened = await openElements(deps, { subjectId: consent.subjectId, elements: consent });
	const expiresAtMs = Math.min(consent.expiresAtMs ?? mostMs, mostMs);
	return { words: { ...wordsOf(found, opened), jurisdiction, expiresAt: iso(expiresAtMs) }, mostMs };
}

function wordsOf(
	{ consent }: Pick<FoundLink, 'consent'>,
	opened: Opened,
): Omit<AuthorizationWords, 'jurisdiction' | 'expiresAt'> {
	return {
		description: opened.description ?? '',
		discloser: opened.discloser ?? '',
		recipient: opened.recipient ?? '',
		purposes: consent.purposes,
		channels: consent.channels,
		signerRole: consent.signerRole ?? 'patient',
		representativeAuthority: opened.representativeAuthority,
	};
}

/**
 * What was signed, made again from what is stored. Under a hash it is found by trying what is not stored: the channels before they were
 * narrowed, and the place before the practice changed it. `words` is null where nothing leads to the hash, since the name of a thing was
 * erased, or a later version says it in other words.
 */
export function signedWords(
	deps: Pick<Deps, 'now' | 'studio'>,
	found: Pick<FoundLink, 'consent' | 'jurisdiction'>,
	opened: Opened,
): { words: AuthorizationWords | null; channelsSigned: Channel[]; text: AuthorizationSection[] | null } {
	const { consent } = found;
	const meant = channelsOf(consent.purposes);
	const { jurisdiction } = jurisdictionOf(deps.studio.slug, found.jurisdiction);
	const expiresAt = iso(consent.expiresAtMs ?? deps.now().getTime());
	const base = { ...wordsOf(found, opened), jurisdiction, expiresAt };
	const studio = studioThen(deps, consent);
	if (consent.signedTextHash === null) {
		const words = { ...base, channels: consent.narrowedAtMs === null ? consent.channels : meant };
		return { words, channelsSigned: words.channels, text: textOf(words, studio) };
	}
	for (const place of [jurisdiction, ...JURISDICTIONS]) {
		for (const channels of supersets(consent.channels, meant)) {
			const words = { ...base, jurisdiction: place, channels };
			if (textHashOf(words, studio) !== consent.signedTextHash) continue;
			return { words, channelsSigned: channels, text: textOf(words, studio) };
		}
	}
	return { words: null, channelsSigned: consent.narrowedAtMs === null ? consent.channels : meant, text: null };
}

/** The studio as it was when it was signed: its policy names who works for it. */
function studioThen(
	{ now, studio }: Pick<Deps, 'now' | 'studio'>,
	{ signedAtMs, textVersion }: FoundLink['consent'],
): AuthorizationInput['studio'] {
	const policy = policyOn(studio.policy, signedAtMs ?? now().getTime());
	return { name: studio.name, policy, consentTextVersion: textVersion };
}

/** Every list of channels with all of `least` and none beyond `most`, the smallest first. */
function supersets(least: readonly Channel[], most: readonly Channel[]): Channel[][] {
	const free = most.filter((channel) => !least.includes(channel));
	return Array.from({ length: 2 ** free.length }, (_, bits) =>
		CHANNELS.filter(
			(channel) => least.includes(channel) || (free.includes(channel) && (bits >> free.indexOf(channel)) % 2 === 1),
		),
	);
}

/** The words themselves, section by section. */
function textOf(words: AuthorizationWords, studio: AuthorizationInput['studio']): AuthorizationSection[] {
	const { expiresAt, ...input } = words;
	return authorizationText({ ...input, studio, expiresAtMs: Date.parse(expiresAt) });
}

/** SHA-256 of the words as plain text in UTF-8, hex: what is kept with a signature. */
export function textHashOf(words: AuthorizationWords, studio: AuthorizationInput['studio']): string {
	return createHash('sha256')
		.update(plainText(textOf(words, studio)))
		.digest('hex');
}

function iso(ms: number): string {
	return new Date(ms).toISOString();
}
