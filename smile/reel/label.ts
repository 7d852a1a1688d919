/**
 * What has to stand in the frame, by what the pictures are and where the practice is (N3, N12; requirements §5.5).
 * Each text keeps to what its source asks; the sources were read in summaries, not in court, and none of this is advice.
 */
export type LabelledClass = 'simulation' | 'genuine_pair' | 'generated';
export type Jurisdiction = 'US-CA' | 'US-TX' | 'US' | 'EU' | 'UK' | 'AU' | 'CA';

export const JURISDICTIONS: readonly Jurisdiction[] = ['US-CA', 'US-TX', 'US', 'EU', 'UK', 'AU', 'CA'];

export interface LabelChoice {
	readonly assetClass: LabelledClass;
	readonly jurisdiction: Jurisdiction;
	/** The treatment in words, named on a genuine pair: "Whitening". */
	readonly procedure: string;
	/** Only asked where a label may be left out. */
	readonly isWanted: boolean;
}

export interface Label {
	/** Without a full stop to add: it stands in the frame as it is. */
	readonly text: string;
	/** The rule that asks for it, to be shown beside the choice. */
	readonly source: string;
	/** Whether the label stays whatever the practice wants. Always so for what AI made or changed. */
	readonly isRequired: boolean;
}

/** Null only for a genuine pair where no rule asks for words in the frame and the practice wants none. */
export function labelOf({ assetClass, jurisdiction, procedure, isWanted }: LabelChoice): Label | null {
	switch (assetClass) {
		case 'simulation':
			return { ...SIMULATION[jurisdiction], isRequired: true };
		case 'generated':
			return { text: GENERATED_TEXT, source: GENERATED_SOURCE[jurisdiction], isRequired: true };
		case 'genuine_pair': {
			const { text, source, isRequired } = GENUINE[jurisdiction];
			if (!isRequired && !isWanted) return null;
			return { text: text.replace(PROCEDURE, procedure.trim() || 'not named'), source, isRequired };
		}
	}
}

type Rule = Omit<Label, 'isRequired'>;

const FTC = 'FTC Act section 5: what changes the impression is said clearly and conspicuously, in the picture itself';
const AI_ACT = 'EU AI Act Art. 50(4): disclosed at the latest at the first exposure';

const SIMULATION: Readonly<Record<Jurisdiction, Rule>> = {
	'US-CA': {
		text: 'AI visualisation. Not an actual patient result.',
		source:
			'California Business and Professions Code section 651(b)(3)(A): an altered image passes for no actual result',
	},
	'US-TX': {
		text: 'AI visualisation, not a promise of a result.',
		source: 'Texas Occupations Code section 259.005: nothing that raises unjustified expectations',
	},
	US: { text: 'AI visualisation, not a promise of a result.', source: FTC },
	EU: { text: 'AI-generated visualisation. Individual results vary.', source: AI_ACT },
	UK: {
		text: 'AI visualisation. Individual results vary.',
		source: 'UK CAP Code rule 3.1: an advertisement does not materially mislead',
	},
	AU: {
		text: 'AI visualisation for a consultation. Not an actual result.',
		source: 'Ahpra guidelines of 2 September 2025: predictive tools belong in consultations',
	},
	CA: {
		text: 'AI visualisation, not a promise of a result.',
		source: 'Competition Act (Canada) section 74.01: no representation that misleads in a material respect',
	},
};

const PROCEDURE = '{procedure}';
const REAL = `Actual patient. Procedure: ${PROCEDURE}.`;

const GENUINE: Readonly<Record<Jurisdiction, Label>> = {
	'US-CA': {
		text: `${REAL} Same results may not occur for all patients.`,
		source: 'California Business and Professions Code section 651(b)(3)(C)',
		isRequired: true,
	},
	'US-TX': {
		text: `${REAL} Results vary.`,
		source: 'Texas Occupations Code section 259.005: nothing that raises unjustified expectations',
		isRequired: true,
	},
	US: { text: `${REAL} Results vary.`, source: FTC, isRequired: true },
	EU: {
		text: `${REAL} Individual results vary.`,
		source: 'No rule of the Union asks for words in the picture; a national one may',
		isRequired: false,
	},
	UK: {
		text: `${REAL} Individual results vary.`,
		source: 'No rule asks for words in the picture; the CAP Code forbids misleading by leaving out',
		isRequired: false,
	},
	AU: {
		text: `${REAL} Outcomes differ from person to person.`,
		source: 'Ahpra guidelines of 2 September 2025: before and after pictures say that outcomes differ',
		isRequired: true,
	},
	CA: {
		text: `${REAL} Individual results vary.`,
		source: 'No federal rule asks for words in the picture; a province’s college may',
		isRequired: false,
	},
};

const GENERATED_TEXT = 'Made by AI. No real person is shown.';
const PERFORMER = 'New York General Business Law section 396-b: a synthetic performer in advertising is disclosed';

const GENERATED_SOURCE: Readonly<Record<Jurisdiction, string>> = {
	'US-CA': PERFORMER,
	'US-TX': PERFORMER,
	US: PERFORMER,
	EU: AI_ACT,
	UK: SIMULATION.UK.source,
	AU: 'Australian Consumer Law section 18: nothing that misleads or is likely to',
	CA: SIMULATION.CA.source,
};
