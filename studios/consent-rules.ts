import type { Jurisdiction } from './publish-rules';

/**
 * How long a patient's authorization may last, as data (N2, requirements §5.4). Sentences are for people; sources are named as
 * lawyers name them. Nobody who practises law has confirmed the table:
 * `docs/decisions/045-a-revocation-takes-all-that-rests-on-it.md`.
 */

export interface LifeRule {
	/** Named in refusals: `ca-cmia-56-11`. */
	readonly id: string;
	readonly where: readonly Jurisdiction[];
	/** From the day of the signature to the same day so many years later, at most. */
	readonly years: number;
	/** For the practice: what is so, and why. */
	readonly sentence: string;
	/** The rule's own name. */
	readonly source: string;
}

const TEN_YEARS = 10;
const TEN_YEARS_IN_WORDS = 'here a consent ends after ten years, because nobody remembers longer what they allowed.';

/** Every place is in one of them. */
export const LIFE_RULES: readonly LifeRule[] = [
	{
		id: 'ca-cmia-56-11',
		where: ['US-CA'],
		years: 1,
		// The law lets the signer ask for a later day. There is no place where that wish is kept, so it cannot be granted.
		sentence: 'California ends an authorization after a year. Ask the patient to sign again then.',
		source: 'Cal. Civil Code §56.11',
	},
	{
		id: 'hipaa-end-date',
		where: ['US-TX', 'US'],
		years: TEN_YEARS,
		sentence: `An authorization needs an end date. The law names no length; ${TEN_YEARS_IN_WORDS}`,
		source: '45 CFR 164.508(c)(1)(v)',
	},
	{
		id: 'ten-years',
		where: ['EU', 'UK', 'AU', 'CA'],
		years: TEN_YEARS,
		sentence: `The law names no length; ${TEN_YEARS_IN_WORDS}`,
		source: 'A rule of this service',
	},
];

/** Whose consent somebody else signs, and until when that holds. */
export const MINOR_RULE = {
	id: 'minor-representative',
	/** In years. Some places say 19 or 21; a practice there writes the day on which it is so. */
	comesOfAge: 18,
	sentence:
		'A parent or guardian signs for a patient who is a minor, and the consent ends when the patient comes of age: then they are asked themselves.',
	source: '45 CFR 164.502(g)(3)',
} as const;

/** The rule of a place; `jurisdictionOf` says which place one goes by that nobody has chosen. */
export function lifeRuleOf(jurisdiction: Jurisdiction): LifeRule {
	const rule = LIFE_RULES.find(({ where }) => where.includes(jurisdiction));
	if (rule === undefined) throw new RangeError(`${jurisdiction} is in no rule`);
	return rule;
}

/** The farthest from UTC that a calendar on a wall is ahead. */
const AHEAD_MS = 14 * 3_600_000;

/**
 * The last moment that a consent signed at `signedAtMs` may last to: the end of that calendar day (UTC) so many years later, and the
 * day as it is where it comes first, so that no practice's own calendar is refused.
 */
export function lastsToMs(rule: Pick<LifeRule, 'years'>, signedAtMs: number): number {
	const day = new Date(signedAtMs + AHEAD_MS);
	return Date.UTC(day.getUTCFullYear() + rule.years, day.getUTCMonth(), day.getUTCDate() + 1) - 1;
}
