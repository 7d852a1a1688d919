import { VALUE_ORDER, type Shade } from '../../smile/shades';
import { isTreatmentId, treatmentOf, type Change } from '../../studios/treatments';

/** Where most patients start and what most ask for; only a first guess on the page, never taken for a reading. */
export const USUAL_FROM: Shade = 'A3';
export const USUAL_TO: Shade = 'A1';
/** A wish further than this in the value order gets a word of caution before it is shown. */
const STEPS_WITHOUT_CAUTION_MAX = 6;

/** The tabs a natural tooth can have today: bleach tabs are no tooth's own colour. */
export const SHADES_TODAY: readonly Shade[] = VALUE_ORDER.filter((shade) => !shade.startsWith('BL'));

export function lighterThan(from: Shade): readonly Shade[] {
	return VALUE_ORDER.slice(0, VALUE_ORDER.indexOf(from));
}

/** The wish when it is lighter, else the next lighter tab, so that the choice is never empty. */
export function lighterOr(from: Shade, wish: Shade): Shade {
	const lighter = lighterThan(from);
	return lighter.includes(wish) ? wish : (lighter.at(-1) ?? wish);
}

/** How many tabs lighter; `null` while that needs no caution. */
export function stepsWorthCaution(from: Shade, to: Shade): number | null {
	const steps = VALUE_ORDER.indexOf(from) - VALUE_ORDER.indexOf(to);
	return steps > STEPS_WITHOUT_CAUTION_MAX ? steps : null;
}

/** "Whitening A3 to A1" or "Aligners", from an order's input; "Erased" of one that was erased. */
export function treatmentWords(input: Readonly<Record<string, unknown>>): string {
	const { treatment, fromShade, toShade } = input;
	if (input['erased'] === true) return 'Erased';
	const { name } = treatmentOf(isTreatmentId(treatment) ? treatment : 'whitening');
	if (typeof fromShade !== 'string' || typeof toShade !== 'string') return name;
	return `${name} ${fromShade} to ${toShade}`;
}

const CHANGE_WORDS = {
	shade: 'the shade of the teeth',
	shape: 'their shape',
	alignment: 'their place',
	gum: 'the line of the gum',
	length: 'their length',
} as const satisfies Record<Change, string>;

/** What the picture of an order changed, and that nothing of it was measured. */
export function changedWords({ treatment }: Readonly<Record<string, unknown>>): string {
	const { mayChange, caveat } = treatmentOf(isTreatmentId(treatment) ? treatment : 'whitening');
	const words = mayChange.map((change) => CHANGE_WORDS[change]);
	const [first = '', ...rest] = words;
	const last = rest.pop();
	const list = last === undefined ? first : `${[first, ...rest].join(', ')} and ${last}`;
	const sentence = `${list.charAt(0).toUpperCase()}${list.slice(1)}.`;
	const measured = mayChange.includes('shade') ? ' It is approximate: no shade was measured, and screens differ.' : '';
	return `${sentence}${measured} ${caveat}`;
}
