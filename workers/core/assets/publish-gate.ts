import {
	judgedClass,
	OTHER_RULES,
	PUBLISH_RULES,
	type Channel,
	type Jurisdiction,
	type PublishRule,
} from '../../../studios/publish-rules';
import type { AssetClass } from '../../../studios/studio';
import { consentStateAt, type ConsentState } from '../consents/consent-elements';

export const PLACES = ['show_in_room', 'patient_copy', 'share_link', 'website', 'social_media'] as const;
export type Place = (typeof PLACES)[number];

/** Which use a place is, and the purpose that has to be signed for it. */
const USES: Readonly<Record<Place, { use: Channel; purpose: string }>> = {
	show_in_room: { use: 'room', purpose: 'show_in_room' },
	patient_copy: { use: 'download', purpose: 'patient_copy' },
	share_link: { use: 'share', purpose: 'patient_copy' },
	website: { use: 'publish', purpose: 'website' },
	social_media: { use: 'publish', purpose: 'social_media' },
};

export interface Verdict {
	place: Place;
	use: Channel;
	isAllowed: boolean;
	/** The rule in a sentence, for the practice. */
	rule: string;
	/** Its name in `studios/publish-rules.ts`. */
	ruleId: string;
	/** "Cal. B&P §651(b)(3)(A)" */
	source: string;
	/** What has to be readable inside the picture; null: nothing. */
	label: string | null;
}

/** The consent that an asset rests on, as its row says it. */
export interface ConsentBasis {
	state: ConsentState;
	expiresAtMs: number | null;
	revokedAtMs: number | null;
	narrowedAtMs: number | null;
	purposes: readonly string[];
	channels: readonly Channel[];
	signerRole: 'patient' | 'representative' | null;
}

/** All that a verdict depends on. */
export interface GateFacts {
	assetClass: AssetClass;
	/** Of a composition: the classes of its inputs; null: not noted. */
	madeOf: readonly AssetClass[] | null;
	jurisdiction: Jurisdiction;
	/** Null: there is none. What shows no real person needs none. */
	consent: ConsentBasis | null;
	/** Art. 18: nothing is shown anywhere. */
	isRestricted: boolean;
	/** What was done, for labels that name it; null: not known. */
	procedure: string | null;
	nowMs: number;
}

/**
 * Where something may be shown at this moment, place by place (N3, requirements §5.5): the one gate that links, downloads and lists of
 * posted copies ask. Restriction first, then the law of the practice's place, then the consent; what is allowed says with which
 * label. `rules` is the table; others only in its own test.
 */
export function judgePublishing(facts: GateFacts, rules: readonly PublishRule[] = PUBLISH_RULES): Verdict[] {
	return PLACES.map((place) => judgePlace(place, facts, rules));
}

export function judgePlace(place: Place, facts: GateFacts, rules: readonly PublishRule[] = PUBLISH_RULES): Verdict {
	const { use, purpose } = USES[place];
	const refused = (id: keyof typeof OTHER_RULES): Verdict => ({ place, use, isAllowed: false, ...other(id) });
	if (facts.isRestricted) return refused('restricted');
	const kind = judgedClass(facts.assetClass, facts.madeOf);
	const rule = rules.find((each) => applies(each, kind, use, facts));
	if (rule !== undefined && rule.label === null) return { place, use, isAllowed: false, ...named(rule), label: null };
	const objection = kind === 'generated' ? null : objectionOf({ use, purpose }, facts);
	if (objection !== null) return refused(objection);
	if (rule === undefined) {
		return { place, use, isAllowed: true, ...other(kind === 'generated' ? 'no-person' : 'consent-covers') };
	}
	const label = filled(rule.label ?? '', facts.procedure);
	if (label === null) return refused('procedure-unnamed');
	return { place, use, isAllowed: true, ...named(rule), label };
}

function applies(rule: PublishRule, kind: string, use: Channel, { jurisdiction, consent }: GateFacts): boolean {
	return (
		rule.classes.some((each) => each === kind) &&
		rule.where.includes(jurisdiction) &&
		rule.uses.includes(use) &&
		(rule.signedBy === undefined || rule.signedBy === consent?.signerRole)
	);
}

function objectionOf(
	{ use, purpose }: { use: Channel; purpose: string },
	{ consent, nowMs }: GateFacts,
): keyof typeof OTHER_RULES | null {
	if (consent === null) return 'consent-none';
	const state = consentStateAt(consent.state, consent.expiresAtMs, nowMs);
	if (state !== 'active') return `consent-${state}`;
	return consent.channels.includes(use) && consent.purposes.includes(purpose) ? null : 'consent-channel';
}

function named({ sentence, id, source }: PublishRule) {
	return { rule: sentence, ruleId: id, source };
}

function other(id: keyof typeof OTHER_RULES) {
	return { rule: OTHER_RULES[id].sentence, ruleId: id, source: OTHER_RULES[id].source, label: null };
}

/** The label with the procedure in its place; null where it asks for one that nobody named. */
function filled(label: string, procedure: string | null): string | null {
	if (!label.includes('{procedure}')) return label;
	return procedure === null ? null : label.replace('{procedure}', procedure);
}
