import { PUBLISH_RULES, type Jurisdiction, type JudgedClass } from '../../studios/publish-rules';

/** What a reel can be made of: a photo by itself is none. */
export type LabelledClass = Exclude<JudgedClass, 'source'>;

export interface LabelChoice {
	readonly assetClass: LabelledClass;
	readonly jurisdiction: Jurisdiction;
	/** The treatment in words, named where a rule asks for it: "Whitening". */
	readonly procedure: string;
}

export interface Label {
	readonly text: string;
	/** The rule's own name, to be shown beside the preview. */
	readonly source: string;
}

/** Where no rule names a label for what AI made or changed, this one stands all the same. */
const UNNAMED: Label = { text: 'AI visualisation, not a promise of a result', source: 'A rule of this service' };

/**
 * What has to stand in every frame, by what the pictures are and where the practice is (N3, N12; requirements §5.5): the
 * label of the rule by which a copy may leave, out of the table that the publish gate reads. There is no way to ask for none.
 */
export function labelOf({ assetClass, jurisdiction, procedure }: LabelChoice): Label {
	const rule = PUBLISH_RULES.find(
		({ classes, where, uses, label }) =>
			label !== null && classes.includes(assetClass) && where.includes(jurisdiction) && uses.includes('download'),
	);
	if (rule === undefined || rule.label === null) return UNNAMED;
	return { text: rule.label.replace('{procedure}', procedure.trim() || 'not named'), source: rule.source };
}
