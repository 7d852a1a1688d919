import type { z } from 'zod';

import { authorizationText, type AuthorizationSection } from '../../studios/authorization';
import { policyOn } from '../../studios/policy/policy';
import type { Studio } from '../../studios/studio';
import type * as contract from '../../workers/api/contract/consent-links';

/** The api's answers as the pages of a patient's own link read them. */
export type OpenedLink = z.infer<typeof contract.OpenedConsentLink>;
export type Offer = Extract<OpenedLink, { state: 'to_sign' }>;
export type Signed = Extract<OpenedLink, { state: 'signed' }>;
export type Words = z.infer<typeof contract.AuthorizationWords>;

/** What the page of a link has to show. */
export type PatientPage =
	| OpenedLink
	/** Over or ended, for a reason that the sentence says; unknown; or not to be had at this moment. */
	| { readonly state: 'over' | 'unknown' | 'silent'; readonly sentence: string };

/** The words of an offer, as they are read, hashed and kept: with the policy that holds now, which names who works for the studio. */
export function sectionsOf(words: Words, studio: Studio, nowMs: number): AuthorizationSection[] {
	const { expiresAt, ...rest } = words;
	const policy = policyOn(studio.policy, nowMs);
	return authorizationText({ ...rest, studio: { ...studio, policy }, expiresAtMs: Date.parse(expiresAt) });
}
