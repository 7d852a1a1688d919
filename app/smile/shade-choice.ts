import { isShade, VALUE_ORDER, type Shade } from '../../smile/shades';

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

export function shadeOr(value: FormDataEntryValue | string | null, fallback: Shade): Shade {
	return typeof value === 'string' && isShade(value) ? value : fallback;
}

/** "Whitening A3 to A1", from an order's input; "Erased" of one that was erased, the treatment alone when the shades cannot be read. */
export function treatmentWords(input: Readonly<Record<string, unknown>>): string {
	const { fromShade, toShade } = input;
	if (input['erased'] === true) return 'Erased';
	if (typeof fromShade !== 'string' || typeof toShade !== 'string') return 'Whitening';
	return `Whitening ${fromShade} to ${toShade}`;
}
