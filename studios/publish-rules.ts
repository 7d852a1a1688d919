import type { AssetClass, StudioSlug } from './studio';

/**
 * Where what was made may be shown, as data (N3, requirements §5.5): class × place of the practice × use. The gate in
 * `workers/core/assets/publish-gate.ts` reads it and adds nothing. Sentences are for the practice; sources are named as lawyers
 * name them. Nobody who practises law has confirmed the table: `docs/decisions/040-one-gate-for-every-copy.md`.
 */

/** What may be done with an asset. A consent allows each of them by itself: they are its channels. */
export const CHANNELS = ['room', 'download', 'share', 'publish'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Where the practice advertises; the most particular one that fits. */
export const JURISDICTIONS = ['US-CA', 'US-TX', 'US', 'EU', 'UK', 'AU', 'CA'] as const;
export type Jurisdiction = (typeof JURISDICTIONS)[number];

export const JURISDICTION_NAMES: Readonly<Record<Jurisdiction, string>> = {
	'US-CA': 'California',
	'US-TX': 'Texas',
	US: 'Another state of the US',
	EU: 'European Union',
	UK: 'United Kingdom',
	AU: 'Australia',
	CA: 'Canada',
};

/** Until an account says where it is: the strictest place that its studio is sold in. */
const ASSUMED: Readonly<Record<StudioSlug, Jurisdiction>> = { dental: 'US-CA', media: 'US', image: 'US' };

/** The place that rules go by, and whether somebody chose it. */
export function jurisdictionOf(
	studio: StudioSlug,
	chosen: Jurisdiction | null,
): { jurisdiction: Jurisdiction; isChosen: boolean } {
	return { jurisdiction: chosen ?? ASSUMED[studio], isChosen: chosen !== null };
}

/** What the rules know: a composition is judged as the strictest of what it was made of (`judgedClass`). */
export type JudgedClass = Exclude<AssetClass, 'composition'>;

/**
 * The class by which something is judged. A composition counts as its inputs do when they are all alike; a photo among a pair's makes
 * it a photo; AI's work beside a patient's picture, or inputs that nobody noted, make it a simulation, the strictest.
 */
export function judgedClass(assetClass: AssetClass, madeOf: readonly AssetClass[] | null = null): JudgedClass {
	if (assetClass !== 'composition') return assetClass;
	const inputs = new Set((madeOf ?? []).map((input) => judgedClass(input)));
	const [only] = inputs;
	if (only !== undefined && inputs.size === 1) return only;
	const isReal = inputs.size > 0 && !inputs.has('simulation') && !inputs.has('generated');
	return isReal ? 'source' : 'simulation';
}

export interface PublishRule {
	/** Named in refusals and in the table test: `ca-651-b3a`. */
	readonly id: string;
	readonly classes: readonly JudgedClass[];
	readonly where: readonly Jurisdiction[];
	readonly uses: readonly Channel[];
	/** Only where somebody signed for the patient, who may be a child. */
	readonly signedBy?: 'representative';
	/** Null: refused. Else allowed with this label inside the picture; `{procedure}` is what was done. */
	readonly label: string | null;
	/** For the practice: what is so, why, what to do. */
	readonly sentence: string;
	/** The rule's own name: "Cal. B&P §651(b)(3)(A)". */
	readonly source: string;
}

const EVERYWHERE = JURISDICTIONS;
const IN_US = ['US-CA', 'US-TX', 'US'] as const;
/** Uses after which a copy lies where the practice cannot take it back. */
const COPIES = ['download', 'share', 'publish'] as const;
const OWN = 'A rule of this service';

const ONLY_HERE = 'You can show it in the room and give it to the patient.';

/** A refusal: AI's picture of teeth is a plan, and advertising asks for results. */
function simulationStaysHere(id: string, where: Jurisdiction, why: string, source: string): PublishRule {
	return {
		id,
		classes: ['simulation'],
		where: [where],
		uses: ['publish'],
		label: null,
		sentence: `${why} ${ONLY_HERE}`,
		source,
	};
}

function realPair(id: string, where: Jurisdiction, label: string, source: string): PublishRule {
	return {
		id,
		classes: ['genuine_pair'],
		where: [where],
		uses: COPIES,
		label,
		sentence: 'Covered by the consent. This label has to be readable inside the picture all the time.',
		source,
	};
}

/** In the order in which they are asked: the first that fits decides. */
export const PUBLISH_RULES: readonly PublishRule[] = [
	{
		id: 'photo-stays',
		classes: ['source'],
		where: EVERYWHERE,
		uses: ['publish'],
		label: null,
		sentence:
			'This is the photo itself, which is here for its window only. Publish a before and after of two real photos.',
		source: OWN,
	},
	simulationStaysHere(
		'ca-651-b3a',
		'US-CA',
		'AI changed the teeth, and California takes a picture that was altered in any manner, or shows no real result, for deceptive.',
		'Cal. B&P §651(b)(3)(A)',
	),
	simulationStaysHere(
		'tx-259-005',
		'US-TX',
		'AI changed the teeth, and Texas forbids advertising that raises unjustified expectations of a result.',
		'Tex. Occ. Code §259.005',
	),
	simulationStaysHere(
		'ftc-simulated',
		'US',
		'AI changed the teeth, and advertising that gives the impression of a result nobody had is deceptive, whatever its label says.',
		'FTC Act §5; ADA Code 5.F',
	),
	simulationStaysHere(
		'eu-ucpd-6',
		'EU',
		'AI changed the teeth, and advertising may not mislead about the results to be expected.',
		'Directive 2005/29/EC, Art. 6(1)(b)',
	),
	simulationStaysHere(
		'uk-cap-3-1',
		'UK',
		'AI changed the teeth, and advertising may not mislead about what a treatment does.',
		'CAP Code 3.1',
	),
	simulationStaysHere(
		'ahpra-simulated',
		'AU',
		'AI changed the teeth. Ahpra lets predictive tools into consultations and keeps them out of advertising.',
		'Ahpra, advertising of higher-risk cosmetic procedures, 2 September 2025',
	),
	simulationStaysHere(
		'ca-competition-74',
		'CA',
		'AI changed the teeth, and advertising may not be misleading about a result.',
		'Competition Act (Canada), s. 74.01(1)(a)',
	),
	{
		id: 'ahpra-minors',
		classes: ['genuine_pair'],
		where: ['AU'],
		uses: ['publish'],
		signedBy: 'representative',
		label: null,
		sentence:
			'Somebody signed for the patient, who may be under 18, and Australia keeps pictures of minors out of cosmetic advertising. You can show it in the room.',
		source: 'Ahpra, advertising of higher-risk cosmetic procedures, 2 September 2025',
	},
	{
		id: 'simulation-label-eu',
		classes: ['simulation'],
		where: ['EU'],
		uses: ['room', 'download', 'share'],
		label: 'Changed with AI. A visualisation, not a promise of a result',
		sentence: 'Covered by the consent. That AI made it has to be said where it is first seen, inside the picture.',
		source: 'EU AI Act, Art. 50(4)',
	},
	{
		id: 'simulation-label',
		classes: ['simulation'],
		where: ['US-CA', 'US-TX', 'US', 'UK', 'AU', 'CA'],
		uses: ['room', 'download', 'share'],
		label: 'AI visualisation, not a promise of a result',
		sentence: 'Covered by the consent, with its label inside the picture.',
		source: OWN,
	},
	realPair(
		'ca-651-b3c',
		'US-CA',
		'Actual patient. Procedure: {procedure}. Same results may not occur for all patients.',
		'Cal. B&P §651(b)(3)(C)',
	),
	realPair('tx-expectations', 'US-TX', 'Actual patient. Individual results vary.', 'Tex. Occ. Code §259.005'),
	realPair('ftc-net-impression', 'US', 'Actual patient. Individual results vary.', 'FTC, 16 CFR Part 255'),
	realPair(
		'eu-real-pair',
		'EU',
		'Real photos of one patient. Individual results vary.',
		'Directive 2005/29/EC, Art. 6(1)(b)',
	),
	realPair('uk-real-pair', 'UK', 'Real photos of one patient. Individual results vary.', 'CAP Code 3.1'),
	realPair(
		'ahpra-real-pair',
		'AU',
		'Real, unedited photos of one patient. Results differ from person to person.',
		'Ahpra, advertising of higher-risk cosmetic procedures, 2 September 2025',
	),
	realPair(
		'ca-real-pair',
		'CA',
		'Actual patient. Individual results vary.',
		'Competition Act (Canada), s. 74.01(1)(a)',
	),
	{
		id: 'ny-396-b',
		classes: ['generated'],
		where: IN_US,
		uses: COPIES,
		label: 'Made with AI. It shows no real person.',
		sentence: 'It shows no real person, and advertising with it has to say so.',
		source: 'N.Y. Gen. Bus. Law §396-b',
	},
	{
		id: 'eu-ai-50-generated',
		classes: ['generated'],
		where: ['EU'],
		uses: COPIES,
		label: 'Made with AI. It shows no real person.',
		sentence: 'It shows no real person. That AI made it has to be said where it is first seen.',
		source: 'EU AI Act, Art. 50(2) and (4)',
	},
	{
		id: 'generated-label',
		classes: ['generated'],
		where: ['UK', 'AU', 'CA'],
		uses: COPIES,
		label: 'Made with AI. It shows no real person.',
		sentence: 'It shows no real person, and leaves with a label that says so.',
		source: OWN,
	},
];

/** What is answered where no rule of the table decides. */
export const OTHER_RULES = {
	restricted: {
		sentence: 'Processing is restricted: it is stored, and not shown.',
		source: 'GDPR Art. 18',
	},
	'consent-none': {
		sentence: 'There is no consent for it. Record one that the patient has signed.',
		source: '45 CFR 164.508(a)',
	},
	'consent-draft': { sentence: 'The consent is not complete.', source: '45 CFR 164.508(c)' },
	'consent-expired': { sentence: 'The consent has ended.', source: '45 CFR 164.508(b)(2)' },
	'consent-revoked': { sentence: 'The patient has revoked the consent.', source: '45 CFR 164.508(b)(5)' },
	'consent-channel': {
		sentence: 'The consent does not cover this. Ask the patient, and record a new one.',
		source: '45 CFR 164.508(c)(1)(iv)',
	},
	'procedure-unnamed': {
		sentence: 'The label has to name what was done, and that is not known here. Add the treatment.',
		source: 'Cal. B&P §651(b)(3)(C)',
	},
	'no-person': { sentence: 'It shows no real person.', source: OWN },
	'consent-covers': { sentence: 'Covered by the consent.', source: '45 CFR 164.508' },
} as const satisfies Record<string, { readonly sentence: string; readonly source: string }>;

/** How long links last, how many there are, and how soon a copy elsewhere has to be gone. */
export const SHARE_LIMITS = {
	/** A week: a patient asks at home, and decides. */
	hoursDefault: 168,
	/** 30 days: whoever needs it longer is given the file. */
	hoursMax: 720,
	/** Open links to one asset at the same time. */
	openMax: 20,
	passcodeMin: 6,
	passcodeMax: 64,
	/** The row of a link that is over, so that whoever opens it is told so; afterwards it was never there. */
	keptDays: 30,
} as const;

export const POSTING_LIMITS = {
	/** No law names a figure; three days are long enough for a printer's website and short enough to be "without undue delay". */
	removalHours: 72,
	addressMax: 500,
	proofMax: 500,
	perAssetMax: 50,
} as const;

/** Where a copy can have been posted. */
export const POSTING_PLACES = {
	website: 'Website',
	instagram: 'Instagram',
	facebook: 'Facebook',
	tiktok: 'TikTok',
	youtube: 'YouTube',
	google: 'Google profile',
	print: 'Print',
	other: 'Somewhere else',
} as const;
export type PostingPlace = keyof typeof POSTING_PLACES;
