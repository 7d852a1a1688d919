/**
 * What each treatment may change in a smile and what it leaves alone, as data: the order's input, its prompt, the region
 * that is put back and the guard against promising too much are built from it (requirements 5.1, N15).
 */

/** What of a smile a picture may change. `alignment` is place and turn of teeth, `gum` the line of the gum. */
export const CHANGES = ['shade', 'shape', 'alignment', 'gum', 'length'] as const;
export type Change = (typeof CHANGES)[number];

export const TREATMENT_IDS = [
	'whitening',
	'bonding',
	'veneers',
	'crowns',
	'aligners',
	'gum-contouring',
	'makeover',
] as const;
export type TreatmentId = (typeof TREATMENT_IDS)[number];

export interface ChoiceOption {
	readonly id: string;
	/** Shown: "6 teeth". */
	readonly label: string;
	/** The sentence that goes into the prompt. */
	readonly prompt: string;
	/** How many front teeth it means, where it says so and none are named. */
	readonly units?: number;
}

export interface TreatmentChoice {
	readonly id: string;
	readonly label: string;
	readonly options: readonly ChoiceOption[];
	/** The id of the option that holds when none was chosen. */
	readonly usual: string;
}

export interface Treatment {
	readonly id: TreatmentId;
	/** "Gum contouring". */
	readonly name: string;
	readonly mayChange: readonly Change[];
	/** Shown: "Shape and gums stay." */
	readonly stays: string;
	/** Shown: what no picture can show of it. */
	readonly caveat: string;
	/** `lighter`: two tabs, the second lighter. `chosen`: two tabs, any. `kept`: the colour is no part of it. */
	readonly shades: 'lighter' | 'chosen' | 'kept';
	/** Whether single teeth may be named; empty: the treatment is of all that show. FDI numbers, those that are usual. */
	readonly usualTeeth: readonly number[];
	readonly choices: readonly TreatmentChoice[];
	/** Put back into the patient's own photo: the teeth alone, or all that shows between the lips (N7). */
	readonly region: 'teeth' | 'opening';
	readonly prompt: { readonly task: string; readonly keep: string };
	readonly assetClass: 'simulation';
}

const KEEP_AROUND = 'Keep lips, gums, skin, light, background and framing exactly as they are.';
const KEEP_FACE = 'Keep lips, skin, light, background and framing exactly as they are.';
const KEEP_COLOUR = 'Keep the colour of the teeth exactly as it is.';

const UNITS: TreatmentChoice = {
	id: 'units',
	label: 'How many teeth',
	options: [4, 6, 8, 10].map((units) => ({
		id: String(units),
		label: `${units} teeth`,
		prompt: `Only the ${units} upper front teeth change.`,
		units,
	})),
	usual: '6',
};

const STYLE: TreatmentChoice = {
	id: 'style',
	label: 'Style',
	options: [
		{ id: 'natural', label: 'Natural', prompt: 'Natural teeth: small irregularities and soft edges stay.' },
		{ id: 'even', label: 'Even', prompt: 'Even teeth with regular edges that still look grown.' },
		{ id: 'hollywood', label: 'Hollywood', prompt: 'Very regular, opaque and bright teeth of one length.' },
	],
	usual: 'natural',
};

const whitening: Treatment = {
	id: 'whitening',
	name: 'Whitening',
	mayChange: ['shade'],
	stays: 'Changes colour only. Shape and gums stay. Crowns and fillings do not bleach.',
	caveat:
		'How light teeth become differs from patient to patient, they may be sensitive for a while, and the shade comes back in part.',
	shades: 'lighter',
	usualTeeth: [],
	choices: [],
	region: 'teeth',
	prompt: {
		task: 'Change only the colour of the teeth',
		keep: `Keep their shape, size, position and texture. ${KEEP_AROUND}`,
	},
	assetClass: 'simulation',
};

const bonding: Treatment = {
	id: 'bonding',
	name: 'Bonding',
	mayChange: ['shade', 'shape', 'length'],
	stays: 'Repairs single teeth. The arch, the other teeth and the gums stay.',
	caveat: 'Composite takes on stains and chips sooner than ceramic, and is renewed after some years.',
	shades: 'chosen',
	usualTeeth: [12, 11, 21, 22],
	choices: [
		{
			id: 'repair',
			label: 'What is repaired',
			options: [
				{ id: 'gaps', label: 'Gaps', prompt: 'Close small gaps between them.' },
				{ id: 'edges', label: 'Edges', prompt: 'Repair chipped and worn edges.' },
				{ id: 'both', label: 'Both', prompt: 'Close small gaps between them and repair chipped and worn edges.' },
			],
			usual: 'both',
		},
	],
	region: 'opening',
	prompt: {
		task: 'Show these teeth repaired with tooth-coloured composite, with their colour',
		keep: `Keep the arch, the position of every tooth and all other teeth. ${KEEP_AROUND}`,
	},
	assetClass: 'simulation',
};

const veneers: Treatment = {
	id: 'veneers',
	name: 'Veneers',
	mayChange: ['shade', 'shape', 'length', 'alignment'],
	stays: 'Changes the front of the named teeth. The lips, the face and the bite of back teeth stay.',
	caveat: 'Enamel is usually ground away for them, which cannot be undone, and they are replaced one day.',
	shades: 'chosen',
	usualTeeth: [],
	choices: [
		UNITS,
		STYLE,
		{
			id: 'translucency',
			label: 'Translucency',
			options: [
				{ id: 'low', label: 'Low', prompt: 'Hardly translucent edges.' },
				{ id: 'medium', label: 'Medium', prompt: 'Slightly translucent edges, as grown teeth have.' },
				{ id: 'high', label: 'High', prompt: 'Clearly translucent edges.' },
			],
			usual: 'medium',
		},
	],
	region: 'opening',
	prompt: {
		task: 'Show ceramic veneers on the upper front teeth, with their colour',
		keep: `Keep the width of the arch, the back teeth and the lip line. ${KEEP_AROUND}`,
	},
	assetClass: 'simulation',
};

const crowns: Treatment = {
	id: 'crowns',
	name: 'Crowns',
	mayChange: ['shade', 'shape'],
	stays: 'Replaces the outside of the named teeth. Their neighbours and the gums stay.',
	caveat: 'A tooth is ground down all round for a crown. That is for good.',
	shades: 'chosen',
	usualTeeth: [11, 21],
	choices: [
		{
			id: 'material',
			label: 'Material',
			options: [
				{ id: 'zirconia', label: 'Zirconia', prompt: 'Zirconia: rather opaque, even in colour.' },
				{ id: 'emax', label: 'e.max', prompt: 'Lithium disilicate: glass-like depth, slightly translucent.' },
			],
			usual: 'emax',
		},
	],
	region: 'opening',
	prompt: {
		task: 'Show these teeth with full ceramic crowns, with their colour',
		keep: `Keep the neighbouring teeth, the length of all teeth and their position. ${KEEP_AROUND}`,
	},
	assetClass: 'simulation',
};

const aligners: Treatment = {
	id: 'aligners',
	name: 'Aligners',
	mayChange: ['alignment'],
	stays: 'Moves teeth. Their colour, shape, size and number stay.',
	caveat:
		'Pictures like this tend to widen the arch more than treatment does. How far each tooth moves is for a treatment plan to say.',
	shades: 'kept',
	usualTeeth: [],
	choices: [
		{
			id: 'stage',
			label: 'When',
			options: [
				{ id: 'half', label: 'Half way', prompt: 'Show them half way: clearly better aligned, not yet straight.' },
				{
					id: 'end',
					label: 'At the end',
					prompt: 'Show them aligned: no crowding, no turned teeth, small gaps closed.',
				},
			],
			usual: 'end',
		},
		{
			id: 'attachments',
			label: 'Attachments',
			options: [
				{ id: 'hidden', label: 'Not shown', prompt: 'Nothing is worn on the teeth.' },
				{ id: 'shown', label: 'Shown', prompt: 'Small tooth-coloured attachments sit on some teeth.' },
			],
			usual: 'hidden',
		},
	],
	region: 'opening',
	prompt: {
		task: 'Straighten the teeth by moving and turning them a few millimetres at most',
		keep: `${KEEP_COLOUR} Keep the size, shape and number of the teeth and the width of the arch. ${KEEP_AROUND}`,
	},
	assetClass: 'simulation',
};

const gumContouring: Treatment = {
	id: 'gum-contouring',
	name: 'Gum contouring',
	mayChange: ['gum', 'length'],
	stays: 'Moves the line of the gum. The colour and the edges of the teeth stay.',
	caveat: 'Gums need weeks to heal and settle, and how much can go depends on the bone below.',
	shades: 'kept',
	usualTeeth: [],
	choices: [
		{
			id: 'millimetres',
			label: 'How much',
			options: [1, 2, 3].map((millimetres) => ({
				id: String(millimetres),
				label: `${millimetres} mm`,
				prompt: `Move the gum line up by about ${millimetres} mm at most, even from tooth to tooth.`,
			})),
			usual: '2',
		},
	],
	region: 'opening',
	prompt: {
		task: 'Show less gum above the upper front teeth, so that more of each tooth shows',
		keep: `${KEEP_COLOUR} Keep the edges, the width and the position of the teeth. ${KEEP_FACE}`,
	},
	assetClass: 'simulation',
};

const makeover: Treatment = {
	id: 'makeover',
	name: 'Full makeover',
	mayChange: CHANGES,
	stays: 'Teeth and gums may change together. The face stays who it is.',
	caveat:
		'This is several treatments in stages over months. Each has limits of its own, and the plan decides which are possible.',
	shades: 'chosen',
	usualTeeth: [],
	choices: [{ ...UNITS, usual: '8' }, STYLE],
	region: 'opening',
	prompt: {
		task: 'Show the teeth after a planned course of treatment: aligned, repaired and even, with their colour',
		keep: `Keep the person, the width of the arch and the number of teeth. ${KEEP_FACE}`,
	},
	assetClass: 'simulation',
};

/** In the order in which they are offered: from what takes nothing away to what is for good. */
export const TREATMENTS: readonly Treatment[] = [
	whitening,
	bonding,
	veneers,
	crowns,
	aligners,
	gumContouring,
	makeover,
];

export function isTreatmentId(value: unknown): value is TreatmentId {
	return TREATMENTS.some(({ id }) => id === value);
}

export function treatmentOf(id: TreatmentId): Treatment {
	return TREATMENTS.find((treatment) => treatment.id === id) ?? whitening;
}

/** Whether single teeth may be named: where some are usual, or so and so many. */
export function namesTeeth({ usualTeeth, choices }: Treatment): boolean {
	return usualTeeth.length > 0 || choices.some(({ options }) => options.some(({ units }) => units !== undefined));
}
