import { SMILE_ZONE } from '../../smile/teeth-numbers';
import { isShade, VALUE_ORDER, type Shade } from '../../smile/shades';
import { isTreatmentId, namesTeeth, treatmentOf, type Treatment, type TreatmentId } from '../../studios/treatments';
import { USUAL_FROM, USUAL_TO } from './shade-choice';

/** What the shade step's form says, and what its address can bring: the same names in both. */
export interface ShadeWish {
	readonly treatment: TreatmentId;
	readonly from: Shade;
	readonly to: Shade;
	/** Per cent of the way, 10 to 100. */
	readonly strength: number;
	/** Per cent, 0 to 100. */
	readonly evenness: number;
	/** By the id of the treatment's choice the id of its option; only those that were chosen. */
	readonly choices: Readonly<Record<string, string>>;
	/** FDI numbers; empty: those that are usual. */
	readonly teeth: readonly number[];
}

export const STRENGTH = { min: 10, max: 100, step: 5, usual: 85 } as const;
export const EVENNESS = { min: 0, max: 100, step: 5, usual: 0 } as const;

type Brought = Pick<FormData | URLSearchParams, 'get' | 'getAll'>;

/** The name of a field that belongs to one treatment: without script the fields of another may come along. */
export function fieldOf(treatment: Treatment, field: string): string {
	return `${treatment.id}.${field}`;
}

/** What can be read of a form or an address; the rest as it usually is. */
export function wishOf(brought: Brought): ShadeWish {
	const id = brought.get('treatment');
	const treatment = treatmentOf(isTreatmentId(id) ? id : 'whitening');
	const choices = treatment.choices.flatMap(({ id: choice, options }) => {
		const chosen = brought.get(fieldOf(treatment, choice));
		const option = options.find((one) => one.id === chosen);
		return option === undefined ? [] : [[choice, option.id] as const];
	});
	const named = brought.getAll(fieldOf(treatment, 'tooth')).map(Number);
	return {
		treatment: treatment.id,
		from: shadeIn(brought, 'from') ?? USUAL_FROM,
		to: shadeIn(brought, 'to') ?? USUAL_TO,
		strength: within(STRENGTH, brought.get('strength')),
		evenness: within(EVENNESS, brought.get('evenness')),
		choices: Object.fromEntries(choices),
		teeth: SMILE_ZONE.filter((fdi) => named.includes(fdi)),
	};
}

export function shadeIn(brought: Brought, name: 'from' | 'to'): Shade | null {
	const value = brought.get(name);
	return typeof value === 'string' && isShade(value) ? value : null;
}

function within(
	{ min, max, usual }: { min: number; max: number; usual: number },
	value: FormDataEntryValue | null,
): number {
	if (typeof value !== 'string' || !/^\d{1,3}$/.test(value)) return usual;
	const number = Number(value);
	return number >= min && number <= max ? number : usual;
}

/** Why this cannot be ordered, or nothing. Only whitening has to go lighter. */
export function refusalOfWish({ treatment, from, to }: ShadeWish): string | null {
	if (treatmentOf(treatment).shades !== 'lighter' || VALUE_ORDER.indexOf(to) < VALUE_ORDER.indexOf(from)) return null;
	return `Whitening goes lighter, and ${to} is not lighter than ${from}. Choose a lighter shade to show.`;
}

/** The order's input: nothing that is as usual, so that an order says only what was wished. */
export function inputOf(uploadId: string, wish: ShadeWish): Record<string, unknown> {
	const treatment = treatmentOf(wish.treatment);
	const hasShades = treatment.shades !== 'kept';
	return {
		uploadId,
		treatment: wish.treatment,
		...(hasShades ? { fromShade: wish.from, toShade: wish.to } : {}),
		...(hasShades && wish.strength !== STRENGTH.usual ? { strength: wish.strength } : {}),
		...(hasShades && wish.evenness !== EVENNESS.usual ? { evenness: wish.evenness } : {}),
		...(Object.keys(wish.choices).length > 0 ? { choices: wish.choices } : {}),
		...(namesTeeth(treatment) && wish.teeth.length > 0 ? { teeth: wish.teeth } : {}),
	};
}

/** An order's input as the words of an address, to begin again with it. */
export function parametersOf(input: Readonly<Record<string, unknown>>): string {
	const { treatment: id, fromShade, toShade, strength, evenness, choices, teeth } = input;
	const treatment = treatmentOf(isTreatmentId(id) ? id : 'whitening');
	const words = new URLSearchParams();
	if (treatment.id !== 'whitening') words.set('treatment', treatment.id);
	if (typeof fromShade === 'string') words.set('from', fromShade);
	if (typeof toShade === 'string') words.set('to', toShade);
	if (typeof strength === 'number') words.set('strength', String(strength));
	if (typeof evenness === 'number') words.set('evenness', String(evenness));
	if (typeof choices === 'object' && choices !== null) {
		for (const [choice, option] of Object.entries(choices)) words.set(fieldOf(treatment, choice), String(option));
	}
	if (Array.isArray(teeth)) for (const fdi of teeth) words.append(fieldOf(treatment, 'tooth'), String(fdi));
	const text = words.toString();
	return text === '' ? '' : `&${text}`;
}
