import { lightOfLab } from '../../smile/colour';
import { labOf, type Shade } from '../../smile/shades';
import type { Patient, Rgb } from './patient';
import { patients } from './variants';

/** A patient's mouth in other skin and with other teeth. Pose and form are the patient's, and so are its landmarks. */
export interface Mouth {
	readonly name: string;
	/** In words, from very light to very dark: what figures are compared by. */
	readonly skin: string;
	readonly shade: Shade;
	readonly kind: MouthKind;
	readonly patient: Patient;
}

/** What else there is to be told from teeth. */
export type MouthKind = 'plain' | 'gums' | 'braces';

// A drawn tooth is lit from one side and shaded by lips, hence brighter in itself than its tab measures.
const TOOTH_OVER_TAB = 1.35;

/** Albedo of skin and of lips: lips part from dark skin by much less red than from light skin. */
const SKINS: readonly { readonly skin: string; readonly tone: Rgb; readonly blush: Rgb; readonly lip: Rgb }[] = [
	{ skin: 'very light', tone: [0.8, 0.6, 0.49], blush: [0.8, 0.42, 0.35], lip: [0.6, 0.27, 0.25] },
	{ skin: 'light', tone: [0.66, 0.42, 0.3], blush: [0.68, 0.29, 0.21], lip: [0.52, 0.19, 0.17] },
	{ skin: 'medium', tone: [0.4, 0.215, 0.125], blush: [0.45, 0.15, 0.085], lip: [0.4, 0.112, 0.108] },
	{ skin: 'brown', tone: [0.26, 0.13, 0.072], blush: [0.29, 0.095, 0.055], lip: [0.27, 0.085, 0.078] },
	{ skin: 'dark', tone: [0.12, 0.056, 0.032], blush: [0.14, 0.045, 0.026], lip: [0.16, 0.058, 0.05] },
	{ skin: 'very dark', tone: [0.062, 0.03, 0.019], blush: [0.07, 0.026, 0.016], lip: [0.11, 0.046, 0.04] },
];

/** Each skin with another patient's form and another shade, and the first again with a gap between the front teeth. */
const TEETH: readonly { readonly like: string; readonly shade: Shade; readonly gap: number }[] = [
	{ like: 'mara', shade: 'A1', gap: 0 },
	{ like: 'jonas', shade: 'C4', gap: 0 },
	{ like: 'ines', shade: 'B3', gap: 0.02 },
	{ like: 'mara', shade: 'A4', gap: 0 },
	{ like: 'jonas', shade: 'B1', gap: 0.02 },
	{ like: 'ines', shade: 'C2', gap: 0 },
];

function toothOf(shade: Shade): Rgb {
	const [red, green, blue] = lightOfLab(labOf(shade));
	return [red * TOOTH_OVER_TAB, green * TOOTH_OVER_TAB, blue * TOOTH_OVER_TAB];
}

const KINDS: Readonly<Record<MouthKind, { gums: number; hasBraces: boolean }>> = {
	plain: { gums: 0, hasBraces: false },
	gums: { gums: 0.05, hasBraces: false },
	braces: { gums: 0, hasBraces: true },
};

function mouthsOf(kind: MouthKind): Mouth[] {
	return SKINS.map(({ skin, tone, blush, lip }, index) => {
		const { like, shade, gap } = TEETH[index] ?? { like: 'mara', shade: 'A3', gap: 0 };
		const patient = patients.find(({ name }) => name === like);
		if (!patient) throw new Error(`No patient is called ${like}.`);
		const plain = `${like}-${skin.replace(' ', '-')}-${shade.toLowerCase()}`;
		return {
			name: kind === 'plain' ? plain : `${plain}-${kind}`,
			skin,
			shade,
			kind,
			patient: {
				...patient,
				mouth: { ...patient.mouth, lip, tooth: toothOf(shade), gap, ...KINDS[kind] },
				skin: { ...patient.skin, tone, blush },
			},
		};
	});
}

export const mouths: readonly Mouth[] = (['plain', 'gums', 'braces'] as const).flatMap(mouthsOf);
